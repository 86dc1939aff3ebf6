package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
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
  void loadsNothingAndRunsNoScript() throws Exception {
    Document page = parse(digits().html());
    for (String name : List.of("link", "img", "iframe", "object", "form", "base", "a")) {
      assertThat(page.getElementsByTagName(name).getLength()).as(name).isZero();
    }
    NodeList scripts = page.getElementsByTagName("script");
    assertThat(scripts.getLength()).isEqualTo(1);
    assertThat(((Element) scripts.item(0)).getAttribute("type")).isEqualTo("application/json");
    assertThat(digits().html()).doesNotContain("http://", "https://", "url(", "@import");
  }

  @Test
  void policyAllowsExactlyItsOwnStyleSheet() throws Exception {
    String html = digits().html();
    Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(html);
    assertThat(style.find()).isTrue();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(style.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(html)
        .contains(
            "default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(digest)
                + "'");
    assertThat(html).doesNotContain("style=\"");
  }

  @Test
  void embedsTheUnroundedDocument() throws Exception {
    Comparison comparison = digits();
    String json = element(parse(comparison.html()), "script").getTextContent();
    assertThat(JsonMapper.builder().build().readTree(json).path(0))
        .isEqualTo(SyntheticRuns.parse(comparison.json().toString()));
  }

  @Test
  void everyChartSaysInWordsWhatItShows() throws Exception {
    NodeList charts = parse(digits().html()).getElementsByTagName("svg");
    assertThat(charts.getLength()).isGreaterThan(6);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < charts.getLength(); i++) {
      words.add(((Element) charts.item(i)).getAttribute("aria-label"));
    }
    assertThat(words).allMatch(word -> word.length() > 20);
    assertThat(words.get(0))
        .contains("lot-paper minus teacher-only-equal-compute: +1.97 [")
        .endsWith("percentage points");
  }

  @Test
  void aChartWithoutScriptShowsItsFirstView() throws Exception {
    NodeList inputs = parse(digits().html()).getElementsByTagName("input");
    assertThat(((Element) inputs.item(0)).hasAttribute("checked")).isTrue();
    assertThat(((Element) inputs.item(1)).hasAttribute("checked")).isFalse();
    assertThat(inputs.getLength() % 4).isZero();
  }

  @Test
  void hostileNamesAreInert() throws Exception {
    Comparison comparison = hostile();
    Document page = parse(comparison.html());
    assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(1);
    assertThat(page.getElementsByTagName("img").getLength()).isZero();
    assertThat(element(page, "h1").getTextContent()).isEqualTo(HOSTILE.replace('\u202e', '\ufffd'));
    String json = element(page, "script").getTextContent();
    assertThat(JsonMapper.builder().build().readTree(json).path(0).path("name").textValue())
        .isEqualTo(HOSTILE);
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
    List<String> ids = new ArrayList<>();
    NodeList inputs = page.getElementsByTagName("input");
    for (int i = 0; i < inputs.getLength(); i++) {
      ids.add(((Element) inputs.item(i)).getAttribute("id"));
    }
    assertThat(ids).doesNotHaveDuplicates();
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

  private static Document parse(String markup) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(markup)));
  }
}
