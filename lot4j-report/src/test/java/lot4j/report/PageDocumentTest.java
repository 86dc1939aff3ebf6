package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PageDocumentTest {
  private static final String HOSTILE =
      "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)> & ü \u202e日本 ]]>";

  @TempDir Path folder;

  @Test
  void questionAndVerdictComeFirst() throws Exception {
    String text = element(parse(digits().html()), "main").getTextContent();
    int verdict = text.indexOf("lot-paper: better");
    assertThat(verdict).isPositive();
    assertThat(text.indexOf("Is the teacher better")).isBetween(0, verdict);
    assertThat(text.indexOf("Differences")).isGreaterThan(verdict);
    assertThat(text.indexOf("Results")).isGreaterThan(text.indexOf("Differences"));
    assertThat(text).contains("digits[200]").contains("seeds 0 to 5").contains("name: synthetic");
    assertThat(text).contains("ab".repeat(32)).contains("versions.libtorch");
  }

  @Test
  void loadsNothing() throws Exception {
    Document page = parse(digits().html());
    for (String name : List.of("link", "img", "iframe", "object", "form", "base", "a")) {
      assertThat(page.getElementsByTagName(name).getLength()).as(name).isZero();
    }
    assertThat(withoutScripts(digits().html()))
        .doesNotContain("http://", "https://", "url(", "@import", "style=\"");
  }

  @Test
  void policyAllowsExactlyItsOwnScriptsAndStyleSheet() throws Exception {
    String html = digits().html();
    List<String> scripts = contents(html, "<script>(.*?)</script>");
    List<String> styles = contents(html, "<style>(.*?)</style>");
    assertThat(scripts).hasSize(2);
    assertThat(styles).hasSize(1);
    assertThat(contents(html, "http-equiv=\"Content-Security-Policy\" content=\"(.*?)\""))
        .containsExactly(
            "default-src 'none'; script-src "
                + source(scripts.get(0))
                + " "
                + source(scripts.get(1))
                + "; style-src "
                + source(styles.get(0))
                + "; base-uri 'none'; form-action 'none'");
  }

  @Test
  void scriptsCannotEndTheirElements() {
    for (String script : List.of(PageAssets.library(), PageAssets.script())) {
      assertThat(script).doesNotContain("</script", "<!--");
    }
    assertThat(PageAssets.library()).contains("Licensed to the Apache Software Foundation");
  }

  @Test
  void embedsTheUnroundedDocument() throws Exception {
    Comparison comparison = digits();
    assertThat(json(comparison.html(), "lot-comparisons").path(0))
        .isEqualTo(SyntheticRuns.parse(comparison.json().toString()));
  }

  @Test
  void embedsTheDocumentThatALivePageGets() throws Exception {
    Comparison comparison = digits();
    JsonNode own = PageDocument.of(List.of(comparison)).json();
    assertThat(json(comparison.html(), "lot-document"))
        .isEqualTo(SyntheticRuns.parse(own.toString()));
    assertThat(own.path("schema").asText()).isEqualTo("lot4j-report-1");
  }

  @Test
  void withoutScriptsEveryChartIsWordsAndATable() throws Exception {
    NodeList figures = parse(digits().html()).getElementsByTagName("figure");
    assertThat(figures.getLength()).isGreaterThan(4);
    for (int i = 0; i < figures.getLength(); i++) {
      Element figure = (Element) figures.item(i);
      assertThat(figure.getElementsByTagName("p").item(0).getTextContent()).hasSizeGreaterThan(20);
      assertThat(figure.getElementsByTagName("td").getLength()).isPositive();
    }
    assertThat(((Element) figures.item(0)).getElementsByTagName("p").item(0).getTextContent())
        .contains("lot-paper minus teacher-only-equal-compute: +1.97 [")
        .endsWith("percentage points");
  }

  @Test
  void hostileNamesAreInert() throws Exception {
    Comparison comparison = hostile();
    Document page = parse(comparison.html());
    assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(4);
    assertThat(page.getElementsByTagName("img").getLength()).isZero();
    assertThat(element(page, "h1").getTextContent()).isEqualTo(HOSTILE.replace('\u202e', '\ufffd'));
    assertThat(json(comparison.html(), "lot-comparisons").path(0).path("name").textValue())
        .isEqualTo(HOSTILE);
    assertThat(json(comparison.html(), "lot-document").path("title").textValue())
        .isEqualTo(HOSTILE.replace('\u202e', '\ufffd'));
  }

  @Test
  void hostileNamesAreInertInThePicture() throws Exception {
    Document picture = parse(hostile().picture());
    assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(picture.getElementsByTagName("script").getLength()).isZero();
    assertThat(picture.getElementsByTagName("img").getLength()).isZero();
  }

  @Test
  void hostileNamesAreInertInMarkdownAndOnTheTerminal() {
    assertThat(hostile().markdown().replace("\\|", ""))
        .doesNotContain("<script", "<img", "](")
        .contains("&lt;script&gt;");
    assertThat(hostile().text()).doesNotContain("\u202e").contains("\\u202e");
  }

  @Test
  void pictureStandsAlone() throws Exception {
    Document picture = parse(digits().picture());
    assertThat(picture.getDocumentElement().getNamespaceURI())
        .isEqualTo("http://www.w3.org/2000/svg");
    assertThat(picture.getElementsByTagName("style").getLength()).isEqualTo(1);
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("lot-paper is better than teacher-only-equal-compute")
        .contains("teacher accuracy (valid, %)");
  }

  @Test
  void aRunThatGoesOnHasAReport() throws Exception {
    Comparison comparison =
        new SyntheticRuns(folder).run("lot-paper", "lot", 0, "running", 4e9, 0.9).compare();
    String text = element(parse(comparison.html()), "main").getTextContent();
    assertThat(text).contains("no run has finished").contains("Learning curves");
    parse(comparison.picture());
  }

  @Test
  void severalComparisonsAreSectionsOfOnePage() throws Exception {
    Comparison one = new SyntheticRuns(folder.resolve("a")).method("lot", "lot", 4e9, 1).compare();
    Comparison two = new SyntheticRuns(folder.resolve("b")).method("lot", "lot", 4e9, 1).compare();
    Document page = parse(new Report(List.of(one, two)).html());
    assertThat(page.getElementsByTagName("section").getLength()).isEqualTo(2);
  }

  private Comparison digits() {
    return new SyntheticRuns(folder)
        .named("synthetic", "digits[200]")
        .method("teacher-only", "teacher-only", 2e9, 0.90, 0.91, 0.91, 0.92, 0.90, 0.91)
        .method(
            "teacher-only-equal-compute",
            "teacher-only-equal-compute",
            4e9,
            0.905,
            0.912,
            0.911,
            0.921,
            0.903,
            0.913)
        .method("lot-paper", "lot", 4e9, 0.925, 0.930, 0.934, 0.940, 0.924, 0.930)
        .compare();
  }

  private Comparison hostile() {
    return new SyntheticRuns(folder)
        .named(HOSTILE, HOSTILE)
        .method("teacher-only", "teacher-only", 2e9, 0.90, 0.91)
        .method(HOSTILE, "lot", 4e9, 0.905, 0.912)
        .compare();
  }

  private static Element element(Document document, String name) {
    return (Element) document.getElementsByTagName(name).item(0);
  }

  /** The page as XML; what scripts contain is not. */
  private static Document parse(String markup) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(withoutScripts(markup))));
  }

  private static String withoutScripts(String html) {
    return html.replaceAll("(?s)<script>.*?</script>", "<script></script>");
  }

  private static JsonNode json(String html, String id) throws Exception {
    String start = "<script type=\"application/json\" id=\"" + id + "\">";
    return JsonMapper.builder().build().readTree(contents(html, start + "(.*?)</script>").get(0));
  }

  private static List<String> contents(String html, String pattern) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static String source(String content) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }
}
