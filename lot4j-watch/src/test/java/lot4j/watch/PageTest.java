package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
  /** Ways in which texts have become markup or script elsewhere. */
  private static final List<String> PAYLOADS =
      List.of(
          "<img src=x onerror=window.hostile=1>",
          "<script>window.hostile=1</script>",
          "</script><script>window.hostile=1</script>",
          "\"><svg onload=window.hostile=1>",
          "'-window.hostile=1-'",
          "javascript:window.hostile=1",
          "{{constructor.constructor('window.hostile=1')()}}",
          "${window.hostile=1}",
          "{a|x}{b}{c0}%s</title><base href=//evil.example>",
          "__proto__",
          "\u202Egnp.exe\u0000\u2028");

  private Chromium browser;
  private Path folder;
  private Watch watch;
  private MadeUpRuns runs;

  @BeforeAll
  void start() {
    browser = Chromium.start();
  }

  @AfterAll
  void quit() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void begin(@TempDir Path directory) {
    folder = directory;
    runs = new MadeUpRuns(folder);
    watch = Watch.of(folder, OptionalInt.of(0), 50, 15_000);
    browser.complaints();
  }

  @AfterEach
  void end() {
    watch.close();
  }

  private void open(int count) {
    browser.open(watch);
    browser.until("document.querySelector('#shown').textContent.startsWith('" + count + " run')");
  }

  private void points(int count) {
    browser.until("document.querySelector('#chart').dataset.points === '" + count + "'");
  }

  @Test
  void opensWithRunsAndACurveAndWithoutComplaint() {
    runs.finished("a", "lot-paper", 3, 20);
    open(1);
    points(20);

    assertThat(browser.driver().getCurrentUrl())
        .isEqualTo("http://127.0.0.1:" + watch.port() + "/");
    assertThat(browser.text("#rows .top"))
        .contains("done")
        .contains("lot-paper")
        .contains("seed 3");
    assertThat(browser.text("#rows .value")).isEqualTo("90.30 %");
    assertThat(browser.all("#chart canvas")).hasSize(1);
    assertThat(browser.find("#chart").getDomAttribute("aria-label"))
        .isEqualTo(
            "teacher accuracy (valid) against teacher steps of lot-paper · seed 3, last 95.83 %");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aReloadNeedsNoToken() {
    runs.finished("a", "lot", 0, 5);
    open(1);
    browser.driver().navigate().refresh();
    points(5);
  }

  @Test
  void isLive() {
    Path run = runs.begin("a", "lot", 0, 100);
    MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5));
    open(1);
    browser.until("document.querySelector('#rows .more').textContent.includes('100 samples/s · ')");
    points(1);
    browser.ask("window.still = 1");

    MadeUpRuns.append(run, MadeUpRuns.train(20, 0.4) + MadeUpRuns.train(30, 0.3));
    points(3);
    browser.until("document.querySelector('#totals').textContent.includes('1 running')");
    runs.finished("b", "teacher-only", 0, 4);
    browser.until("document.querySelector('#shown').textContent === '2 runs.'");

    // The run's end.
    runs.done(run, "lot", 0, 0.75);
    browser.until("document.querySelector('#totals').textContent.includes('2 done')");
    browser.until(
        "[...document.querySelectorAll('#rows .value')].some(v => v.textContent === '75.00 %')");
    points(3);

    // A resumed run: its file was cut back.
    MadeUpRuns.write(run.resolve("metrics.jsonl"), MadeUpRuns.train(10, 0.5));
    runs.status(run, "lot", 0, "running");
    points(1);

    // The server's end.
    watch.close();
    browser.until("document.querySelector('#connection').textContent.startsWith('No answer')");
    assertThat(browser.text("#shown")).isEqualTo("2 runs.");
    assertThat(browser.ask("return window.still")).isEqualTo(1L);
  }

  @Test
  void twoRunsAreComparedByKeyboardAlone() {
    runs.finished("a", "lot", 0, 3);
    runs.finished("b", "teacher-only", 0, 5);
    open(2);
    browser.find("#clear").sendKeys(Keys.ENTER);
    points(0);
    browser.find("#list").sendKeys(Keys.HOME, Keys.SPACE, Keys.ARROW_DOWN, Keys.SPACE);
    points(8);
    assertThat(browser.all("#rows [aria-selected=true]")).hasSize(2);
    assertThat(browser.find("#list").getDomAttribute("aria-activedescendant"))
        .isEqualTo(browser.all("#rows .run.active").get(0).getDomAttribute("id"));

    browser.find("#tab-curves").sendKeys(Keys.ARROW_RIGHT);
    browser.until("document.querySelector('#value-table tbody').rows.length === 4");
    assertThat(browser.text("#value-table thead"))
        .isEqualTo("numberlot · seed 0teacher-only · seed 0first − second");
    // 1 − 1/4 and 1 − 1/6 of validation.
    assertThat(browser.text("#value-table tbody tr:nth-child(3)"))
        .isEqualTo("teacher accuracy (valid)75.00 %83.33 %-8.33 %");
  }

  @Test
  void curvesChangeTheirAxisAndNumber() {
    runs.finished("a", "lot", 0, 3);
    open(1);
    points(3);
    choose("#axis", "flops");
    browser.until(
        "document.querySelector('#chart').getAttribute('aria-label').includes('against FLOPs')");
    choose("#series", "train lr");
    browser.until(
        "document.querySelector('#chart').getAttribute('aria-label').startsWith('lr (train)')");
    points(3);
  }

  private void choose(String select, String value) {
    browser.ask(
        "const s = document.querySelector(arguments[0]); s.value = arguments[1];"
            + "s.dispatchEvent(new Event('input', {bubbles: true}))",
        select,
        value);
  }

  @Test
  void filtersAndSorts() {
    runs.finished("a", "lot-paper", 0, 3);
    runs.finished("b", "teacher-only", 7, 3);
    Path failed = runs.begin("c", "lot-paper", 1, 3);
    runs.status(failed, "lot-paper", 1, "failed");
    open(3);
    browser.find("#filter").sendKeys("lot failed");
    browser.until("document.querySelector('#shown').textContent === '1 of 3 runs.'");
    assertThat(browser.text("#rows .path")).isEqualTo("c");
    browser.find("#filter").clear();
    choose("#sort", "value");
    browser.until("document.querySelectorAll('#rows .run').length === 3");
    assertThat(
            browser.ask(
                "return [...document.querySelectorAll('#rows .run')].sort((a, b) =>"
                    + " a.getAttribute('aria-posinset') - b.getAttribute('aria-posinset')).map(r =>"
                    + " r.querySelector('.path').textContent).join()"))
        .isEqualTo("b,a,c");
  }

  @Test
  void aComparisonShowsItsReportAndMakesItAnew() throws Exception {
    MadeUpRuns inside = new MadeUpRuns(folder.resolve("study/runs"));
    inside.finished("teacher-only-seed0", "teacher-only", 0, 3);
    inside.finished("lot-paper-seed0", "lot-paper", 0, 3);
    Path going = inside.begin("lot-paper-seed1", "lot-paper", 1, 3);
    MadeUpRuns.write(folder.resolve("study/experiment.yaml"), "name: made-up\n");
    open(3);
    String id =
        String.valueOf(browser.ask("return document.querySelector('#group').options[1].value"));
    choose("#group", id);
    browser.find("#tab-report").click();
    browser.wait(() -> inFrame().contains("lot-paper"), "the report is shown");
    assertThat(inFrame()).contains("1 running");

    inside.done(going, "lot-paper", 1, 0.95);
    browser.wait(() -> inFrame().contains("95.00"), "the report is made anew");
    assertThat(browser.complaints()).isEmpty();

    browser.driver().get(watch.address().resolve("/report?id=" + id).toString());
    browser.until("document.querySelector('main').textContent.includes('lot-paper')");
    browser.until("document.querySelectorAll('main figure').length > 0");
    assertThat(browser.complaints()).isEmpty();
  }

  private String inFrame() {
    browser.driver().switchTo().frame(browser.find("#report-frame"));
    try {
      return String.valueOf(browser.ask("return document.querySelector('main').textContent"));
    } finally {
      browser.driver().switchTo().defaultContent();
    }
  }

  @Test
  void hostileTextsAreShownAndDoNothing() throws Exception {
    int n = 0;
    for (String payload : PAYLOADS) {
      Path run = runs.finished("run" + n, "label", n++, 4);
      String text = new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(payload);
      MadeUpRuns.write(
          run.resolve("run.json"),
          ("{\"name\":T,\"label\":T,\"method\":T,\"message\":T,\"seed\":0,\"status\":\"running\","
                  + "\"data\":{\"name\":T},T:T}")
              .replace("T", text));
      MadeUpRuns.write(run.resolve("config.yaml"), payload);
      MadeUpRuns.append(
          run,
          "{\"step\":5,\"split\":%s,%s:0.5,\"wall_s\":1}\n"
              .formatted(text.replace(' ', '/'), text.substring(0, text.length() - 1) + "/loss\""));
    }
    Files.move(
        runs.finished("moved", "label", 0, 3), folder.resolve("<img src=x onerror=hostile=1>"));
    MadeUpRuns.write(folder.resolve("<b onclick=hostile=1>&lt;/experiment.yaml"), "");
    open(PAYLOADS.size() + 1);
    browser.find("#choose-first").click();
    browser.until("document.querySelector('#chart').dataset.points > 0");
    browser.until("document.querySelector('#series').options.length > 8");
    for (int i = 0; i < 4; i++) {
      browser.ask(
          "const s = document.querySelector('#series'); s.selectedIndex = arguments[0];"
              + " s.dispatchEvent(new Event('input'))",
          i);
      browser.until("document.querySelector('#chart').dataset.points > 0");
    }
    // The tooltip, over the middle of the chart.
    new org.openqa.selenium.interactions.Actions(browser.driver())
        .moveToElement(browser.find("#chart canvas"))
        .perform();
    for (String tab : new String[] {"#tab-values", "#tab-details", "#tab-report", "#tab-curves"}) {
      browser.find(tab).click();
      browser.settle();
    }
    browser.find("#list").sendKeys(Keys.END);
    browser.find("#tab-details").click();
    browser.until("document.querySelector('#facts').rows.length > 5");

    assertThat(browser.ask("return String(window.hostile)")).isEqualTo("undefined");
    assertThat(
            browser.ask(
                "return document.querySelectorAll('img, svg, b, base, body script').length"))
        .isEqualTo(0L);
    assertThat(
            browser
                .ask(
                    "return [...document.querySelectorAll('#rows .label')].map(l =>"
                        + " l.textContent).join('\\n"
                        + "')")
                .toString())
        .contains("<script>window.hostile=1</script>");
    assertThat(
            browser
                .ask(
                    "return [...document.querySelectorAll('#rows .path')].map(l =>"
                        + " l.textContent).join('\\n"
                        + "')")
                .toString())
        .contains("<img src=x onerror=hostile=1>");
    assertThat(browser.complaints())
        .noneMatch(
            line ->
                line.contains("Refused") || line.contains("violates") || line.contains("Error"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextStandsOutInBothColourSchemes(String scheme) {
    browser.colours(scheme);
    runs.finished("a", "lot-paper", 0, 3);
    Path failed = runs.begin("b", "lot", 1, 3);
    runs.status(failed, "lot", 1, "failed");
    Path going = runs.begin("c", "lot", 2, 3);
    MadeUpRuns.append(going, MadeUpRuns.train(1, 0.5));
    open(3);
    points(1);
    // WCAG 2.2: 4.5 to 1 for text; measured on every text there is, over its own background.
    Object poor =
        browser.ask(
            """
            const light = c => { const p = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]; };
            const behind = e => { for (; e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor;
                if (!/, 0\\)$/.test(c) && c !== 'transparent') return c; }
              return 'rgb(255, 255, 255)'; };
            const found = [];
            for (const e of document.querySelectorAll('body *')) {
              const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
              if (!own || !e.checkVisibility() || e.tagName === 'OPTION') continue;
              const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              if (ratio < 4.5) found.push(e.tagName + '.' + e.className + ' ' + e.textContent + ' ' + ratio);
            }
            return found.join('\\n');
            """);
    assertThat(poor).isEqualTo("");
    assertThat(browser.ask("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo(scheme.equals("dark") ? "rgb(18, 22, 28)" : "rgb(255, 255, 255)");
    browser.colours("light");
  }

  @Test
  void aThousandRunsAreAWindowOfAFewRows() {
    for (int i = 0; i < 1_000; i++) {
      runs.finished("run" + i, i % 2 == 0 ? "lot" : "teacher-only", i, 2);
    }
    browser.open(watch);
    browser.until("document.querySelector('#shown').textContent === '1,000 runs.'");
    assertThat(browser.all("#rows .run")).hasSizeLessThan(30);
    browser.find("#list").sendKeys(Keys.END);
    browser.until(
        "document.querySelector('#rows .run.active').getAttribute('aria-posinset') === '1000'");
    assertThat(browser.find("#rows .run.active").isDisplayed()).isTrue();
    assertThat(browser.all("#rows .run")).hasSizeLessThan(40);
    browser.find("#filter").sendKeys("run777");
    browser.until("document.querySelector('#shown').textContent === '1 of 1,000 runs.'");
  }
}
