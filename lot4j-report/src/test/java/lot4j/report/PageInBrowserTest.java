package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a real browser, from a file, under its own policy. */
class PageInBrowserTest {
  /** Texts that would run if they became markup, attributes, addresses or formulas anywhere. */
  private static final List<String> PAYLOADS =
      List.of(
          "<script>window.hacked=1</script>",
          "</script><script>window.hacked=1</script>",
          "<img src=x onerror=window.hacked=1>",
          "\"><svg onload=window.hacked=1>",
          "' onmouseover='window.hacked=1",
          "javascript:window.hacked=1",
          "{a|x}{b}{@value}${window.hacked=1}",
          "__proto__",
          "constructor",
          "=HYPERLINK(\"http://localhost/\")",
          "<!--<script>",
          "\u202eevil\u0000 ]]>",
          "<style>*{background:red}</style>",
          "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>");

  @TempDir private static Path folder;
  private static Browser browser;
  private static Path page;

  @BeforeAll
  static void start() {
    browser = Browser.start(folder.resolve("browser"));
    page = folder.resolve("a report.html");
    SyntheticRuns.write(page, digits(folder.resolve("digits")).html());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    browser.dark(false);
    browser.width(1200);
    browser.complaints();
    browser.requests();
    browser.open(page);
  }

  @Test
  void drawsEveryFigureAndAsksForNothing() {
    assertThat(browser.count("figure")).isEqualTo(13);
    assertThat(browser.count("figure .plot svg")).isEqualTo(13);
    assertThat(browser.count("figure .plot[role=img][aria-label]")).isEqualTo(13);
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).isNotEmpty().allMatch(address -> address.startsWith("file:"));
  }

  @Test
  void chartsSayInWordsWhatTheyShow() {
    assertThat(browser.find("figure.forest .plot").getAttribute("aria-label"))
        .startsWith("Differences in test accuracy; lot-paper minus teacher-only-equal-compute: +");
  }

  @Test
  void theAxisOfAllCurvesIsChosenByKeyboard() {
    browser.run("document.querySelector('.axes input').focus()");
    for (int i = 0; i < 2; i++) {
      browser.focused().sendKeys(Keys.ARROW_RIGHT);
    }
    browser.settled();
    assertThat(browser.count("figure.curves")).isGreaterThan(2);
    assertThat(texts("figure.curves"))
        .allMatch(text -> text.contains("FLOPs") && !text.contains("teacher steps"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aMethodIsHiddenByKeyboard() {
    long before = browser.count("figure.curves:nth-of-type(n) svg path");
    browser.run("document.querySelector('.methods button').focus()");
    WebElement button = browser.focused();
    assertThat(button.getAttribute("aria-pressed")).isEqualTo("true");
    button.sendKeys(Keys.SPACE);
    browser.settled();
    assertThat(browser.focused().getAttribute("aria-pressed")).isEqualTo("false");
    assertThat(browser.count("figure.curves:nth-of-type(n) svg path")).isLessThan(before);
  }

  @Test
  void aNewerDocumentIsShownInPlace() {
    ObjectNode newer =
        SyntheticRuns.parse(
            (String) browser.run("return document.getElementById('lot-document').textContent"));
    ObjectNode section = (ObjectNode) newer.path("sections").path(0);
    section.put("title", "newer title");
    ((ObjectNode) section.path("blocks").path(1)).put("head", "newer head");
    browser.run("window.kept = document.querySelector('figure.forest svg')");
    browser.run("lotReport.show(JSON.parse(arguments[0]))", newer.toString());
    browser.settled();
    assertThat(browser.find("h1").getText()).isEqualTo("newer title");
    assertThat(browser.find(".answer b").getText()).isEqualTo("newer head");
    assertThat(browser.run("return window.kept === document.querySelector('figure.forest svg')"))
        .isEqualTo(true);
  }

  @Test
  void theScriptMakesTheElementsOfTheFile() {
    String structure =
        "const strip = main => { const copy = main.cloneNode(true);"
            + "copy.querySelectorAll('.plot, .toolbar, .tools, .choose, details.data > :not(summary)')"
            + ".forEach(e => e.remove());"
            + "copy.querySelectorAll('[open]').forEach(e => e.removeAttribute('open'));"
            + "copy.removeAttribute('aria-busy'); return copy.innerHTML.replace(/\\s+/g, ' ')"
            + ".replace(/ </g, '<').replace(/> /g, '>'); };"
            + "const main = document.querySelector('main');";
    String written = (String) browser.run(structure + "return strip(main)");
    browser.run(
        "const d = JSON.parse(document.getElementById('lot-document').textContent);"
            + "lotReport.show({title: '', sections: []}); lotReport.show(d);");
    browser.settled();
    assertThat((String) browser.run(structure + "return strip(main)")).isEqualTo(written);
    assertThat(browser.count("figure .plot svg")).isEqualTo(13);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void followsTheReadersColours() {
    Object light = browser.run("return document.querySelector('.forest svg').outerHTML");
    browser.dark(true);
    browser.await("document.querySelector('.forest svg').outerHTML.includes('#4cc38a')");
    assertThat((String) light).contains("#0b7a4b");
  }

  @Test
  void everyTextHasContrast() {
    for (boolean dark : List.of(false, true)) {
      browser.dark(dark);
      browser.await(
          "document.querySelector('.forest svg').outerHTML.includes('"
              + (dark ? "#4cc38a" : "#0b7a4b")
              + "')");
      browser.settled();
      assertThat((List<?>) browser.run(CONTRAST)).as(dark ? "dark" : "light").isEmpty();
    }
  }

  @Test
  void fitsANarrowScreen() {
    browser.width(380);
    browser.await(
        "[...document.querySelectorAll('.plot')].every(p => p.querySelector('svg')"
            + " && p.querySelector('svg').clientWidth <= 380)");
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(380);
  }

  @Test
  void printsItsChartsInLightColours() {
    browser.dark(true);
    byte[] pdf = browser.pdf();
    assertThat(pdf.length).isGreaterThan(60_000);
    assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void savesTheDataOfAFigure() {
    browser.run("document.querySelector('figure.forest button').click()");
    assertThat(browser.downloaded("differences.csv"))
        .startsWith(
            "pair,a,b,n,difference,bootstrap_low,bootstrap_high,t_low,t_high,"
                + "bca_low,bca_high,sign_flip_p,p_holm\r\n")
        .contains("lot-paper minus teacher-only,lot-paper,teacher-only,5,");
  }

  @Test
  void showsTheWholeDataOnceItIsUnfolded() {
    browser.run("document.querySelector('figure.runs details.data').open = true");
    browser.await("document.querySelectorAll('figure.runs details.data tbody tr').length === 18");
  }

  @Test
  void hostileTextsDoNothing() {
    Path hostile = folder.resolve("hostile.html");
    Path sweep = folder.resolve("sweep");
    SyntheticSweep.write(sweep, PAYLOADS.get(5), PAYLOADS, List.of(PAYLOADS.get(7), "1"));
    Comparison comparison = hostile(folder.resolve("hostile"));
    SyntheticRuns.write(
        hostile,
        new Report(List.of(comparison), List.of(SweepResult.read(sweep)), List.of()).html());
    browser.open(hostile);
    browser.run("document.querySelectorAll('details').forEach(fold => fold.open = true)");
    browser.run(
        "document.querySelectorAll('.plot').forEach(plot => { const at = plot.querySelector('svg')"
            + ".getBoundingClientRect(); for (const type of ['mousemove', 'mouseover', 'click'])"
            + " for (let x = 0.1; x < 1; x += 0.1) plot.querySelector('svg').dispatchEvent(new"
            + " MouseEvent(type, {bubbles: true, clientX: at.left + x * at.width, clientY: at.top +"
            + " at.height / 2})); })");
    browser.run("document.querySelectorAll('.tools button').forEach(button => button.click())");
    browser.settled();
    assertThat(browser.run("return window.hacked || 0")).isEqualTo(0L);
    assertThat(browser.run("return Object.keys(Object.prototype).join()")).isEqualTo("");
    assertThat(browser.run("return Object.keys(Object).join()")).isEqualTo("");
    assertThat(browser.count("main img, main iframe, main script, main style, main a")).isZero();
    assertThat(browser.count("figure")).isEqualTo(browser.count("figure .plot svg"));
    assertThat(browser.find("h1").getText()).isEqualTo(PAYLOADS.get(0));
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests())
        .allMatch(address -> address.startsWith("file:") || address.startsWith("blob:"));
    assertThat(
            browser.run(
                "return JSON.stringify(lotReport.csv("
                    + "{columns: ['a', 'b'], groups: [{key: '=1+1', rows: [['x,\"'], [-1]]}]}))"))
        .isEqualTo("\"a,b\\r\\n'=1+1,\\\"x,\\\"\\\"\\\"\\r\\n'=1+1,-1\\r\\n\"");
  }

  private static List<String> texts(String selector) {
    return ((List<?>)
            browser.run(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)",
                selector))
        .stream().map(Object::toString).toList();
  }

  private static Comparison digits(Path where) {
    SyntheticRuns runs =
        new SyntheticRuns(where)
            .named("synthetic", "digits[200]")
            .method("teacher-only", "teacher-only", 2e9, 0.90, 0.91, 0.91, 0.92, 0.90)
            .method(
                "teacher-only-equal-compute",
                "teacher-only-equal-compute",
                4e9,
                0.905,
                0.912,
                0.911,
                0.921,
                0.903)
            .method("lot-paper", "lot", 4e9, 0.925, 0.930, 0.934, 0.940, 0.924);
    for (String label : List.of("teacher-only", "teacher-only-equal-compute", "lot-paper")) {
      for (int seed = 0; seed < 5; seed++) {
        Path run = runs.directory(label, seed);
        SyntheticDetails.write(run, List.of("zero", "one", "two"), "teacher", "student0");
        SyntheticDetails.evaluation(run, "noisy.json", "noisy digits", 0.7 + 0.01 * seed);
      }
    }
    return runs.compare();
  }

  /** A comparison whose every text is a payload. */
  private static Comparison hostile(Path where) {
    SyntheticRuns runs = new SyntheticRuns(where).named(PAYLOADS.get(0), PAYLOADS.get(1));
    runs.method("teacher-only", "teacher-only", 2e9, 0.90, 0.91);
    for (int i = 0; i < PAYLOADS.size(); i++) {
      String label = i + " " + PAYLOADS.get(i);
      runs.method(i == 7 || i == 8 ? PAYLOADS.get(i) : label, "lot", 4e9, 0.905, 0.912);
    }
    for (RunDirectory run : runs.read()) {
      SyntheticRuns.write(
          run.path().resolve("config.yaml"), String.join("\n", PAYLOADS) + "\nname: x\n");
      String learner = "student" + PAYLOADS.get(2);
      ObjectNode line = SyntheticRuns.parse("{\"step\": 1, \"split\": \"train\"}");
      String lines = "";
      for (int step = 1; step < 4; step++) {
        lines += line.put("step", step).put(learner + "/imitability", 0.1 * step) + "\n";
      }
      SyntheticRuns.write(run.path().resolve("metrics.jsonl"), lines);
      SyntheticDetails.write(run.path(), PAYLOADS, "teacher", PAYLOADS.get(3));
      SyntheticDetails.evaluation(run.path(), "one.json", PAYLOADS.get(4), 0.5);
    }
    return runs.compare();
  }

  /** Texts whose contrast with the background behind them is below WCAG's AA. */
  private static final String CONTRAST =
      """
      const parts = colour => colour.match(/[\\d.]+/g).map(Number);
      const light = colour => parts(colour).slice(0, 3).map(v => v / 255)
          .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = element => {
        for (let e = element; e; e = e.parentElement) {
          const colour = getComputedStyle(e).backgroundColor;
          if ((parts(colour)[3] ?? 1) > 0.99 && colour !== 'transparent') { return colour; }
        }
        return 'rgb(255, 255, 255)';
      };
      const low = [];
      for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (!own || element.closest('script, style') || !element.checkVisibility()) { continue; }
        const style = getComputedStyle(element);
        const ink = element instanceof SVGElement ? style.fill : style.color;
        if (!ink.startsWith('rgb')) { continue; }
        const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x);
        const cell = element.closest('.confusion svg');
        if (!cell && (a + 0.05) / (b + 0.05) < 4.5) {
          low.push(element.tagName + ' ' + element.textContent.slice(0, 30) + ' ' + ink);
        }
      }
      return [...new Set(low)];
      """;
}
