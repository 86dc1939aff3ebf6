package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The document {@code report.html}: the question, the answer, and all that it rests on. */
final class HtmlReport {
  private static final double WIDTH = 910;

  private final HtmlPage page = new HtmlPage();

  private HtmlReport() {}

  /** One page, one section per comparison. */
  static String of(List<Comparison> comparisons) {
    HtmlReport report = new HtmlReport();
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    for (Comparison comparison : comparisons) {
      report.section(comparison);
      documents.add(comparison.json());
    }
    report.page.text(
        "footer",
        "Made by lot4j. The page loads nothing from anywhere and runs no script; the unrounded"
            + " numbers are embedded in it as JSON.");
    report.page.data("lot-comparisons", documents.toString());
    return report.page.document(
        String.join(", ", comparisons.stream().map(Comparison::name).toList()));
  }

  private void section(Comparison comparison) {
    page.open("section");
    page.text("h1", comparison.name());
    String data = comparison.data();
    String counts = Provenance.counts(comparison);
    page.text(
        "p class=\"meta\"",
        (data.isEmpty() ? "" : data + (counts.isEmpty() ? "" : " (" + counts + ")") + " · ")
            + TextTable.seeds(comparison.seeds())
            + " · "
            + Format.plural(comparison.methods().size(), "method")
            + " · "
            + Format.plural(Provenance.runs(comparison).size(), "run"));
    verdict(comparison);
    differences(comparison);
    results(comparison);
    seeds(comparison);
    curves(comparison);
    compute(comparison);
    pairs(comparison);
    provenance(comparison);
    page.close("section");
  }

  private void verdict(Comparison comparison) {
    if (comparison.findings().isEmpty()) {
      page.text("p class=\"soft\"", comparison.verdict());
      return;
    }
    if (comparison.findings().stream().anyMatch(finding -> finding.test().isPresent())) {
      page.text(
          "p class=\"question\"",
          comparison.againstPlain()
              ? "Is the teacher better for having been trained with students (LoT)?"
              : "Is the teacher better for having been trained with students (LoT), or would the"
                  + " same compute have done it alone?");
    }
    for (Finding finding : comparison.findings()) {
      page.open("div class=\"finding " + tone(finding.outcome()) + "\"");
      page.text("b", finding.label() + ": " + finding.outcome().words());
      page.text("span", finding.sentence());
      page.close("div");
    }
    page.text(
        "p class=\"soft\"",
        "“Better” or “worse” is said only if the bootstrap interval and Student’s t both exclude 0"
            + " over at least 5 seeds."
            + (comparison.findings().size() > 1
                ? " Each variant is judged alone: no correction for several tries."
                : ""));
  }

  private void differences(Comparison comparison) {
    Optional<Svg> plot = ForestPlot.of(comparison, WIDTH);
    if (plot.isPresent()) {
      page.text("h2", "Differences");
      page.figure(
          plot,
          "Mean over seeds of the paired difference. Thick: 95 % percentile bootstrap; thin with"
              + " ends: 95 % Student’s t; dots: single seeds. Coloured only where"
              + " resolved. Differences to plain teacher-only are not at equal compute.");
    }
  }

  private void results(Comparison comparison) {
    page.text("h2", "Results");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Row.heads(comparison).subList(0, Row.results(comparison)).stream()
            .map(head -> head.replace(" [", "\n["))
            .toList());
    Row.all(comparison).forEach(row -> rows.add(row.subList(0, Row.results(comparison))));
    page.table("", rows, lotRows(comparison));
    if (comparison.isReinforcement()) {
      page.text("p class=\"soft\"", ReturnRow.EXPLANATION);
    }
    List<List<String>> gaps = GeneralizationGap.table(comparison);
    if (!gaps.isEmpty()) {
      page.text("h3", GeneralizationGap.TITLE);
      page.table("", gaps, List.of());
      page.text("p class=\"soft\"", GeneralizationGap.EXPLANATION);
    }
    students(comparison);
  }

  private void students(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("student of", "student", "n", "mean", "teacher"));
    for (MethodResult method : comparison.methods()) {
      for (Map.Entry<String, Map<Long, Double>> student : method.students().entrySet()) {
        Metric metric = comparison.primary().orElseThrow();
        double mean =
            student.getValue().values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        rows.add(
            List.of(
                method.label(),
                student.getKey(),
                Integer.toString(student.getValue().size()),
                metric.value(mean),
                Format.orDash(method.sample().mean(), metric::value)));
      }
    }
    if (rows.size() > 1) {
      page.text("h3", "Students");
      page.table("", rows, List.of());
    }
  }

  private void seeds(Comparison comparison) {
    Optional<Svg> plot = SeedPlot.of(comparison, WIDTH);
    if (plot.isPresent()) {
      page.text("h2", "Every run");
      page.figure(
          plot,
          "A dot is a run; below it the "
              + (comparison.isReinforcement() ? "interquartile mean" : "mean")
              + " with its 95 % bootstrap interval. Lines join runs of"
              + " one seed, which share data order and initial weights.");
    }
  }

  private void curves(Comparison comparison) {
    boolean headed = false;
    for (CurveCatalog.Choice choice : CurveCatalog.of(comparison)) {
      List<String> names = new ArrayList<>();
      List<Svg> charts = new ArrayList<>();
      for (Curve.Against against : Curve.Against.of(comparison, choice)) {
        CurveChart.of(comparison, choice, against, WIDTH)
            .ifPresent(
                chart -> {
                  names.add(against.isPart() ? "last half" : against.words);
                  charts.add(chart);
                });
      }
      if (charts.isEmpty()) {
        continue;
      }
      if (!headed) {
        page.text("h2", "Learning curves");
        headed = true;
      }
      page.text("h3", choice.words());
      page.tabs(
          names,
          charts,
          comparison.isReinforcement()
              ? "Line: interquartile mean over finished runs; band: its 95 % bootstrap interval,"
                  + " point by point. Between two reports of a run its last one holds."
              : "Line: mean over finished runs; band: smallest to largest run. A training line is"
                  + " the mean since the line before.");
    }
  }

  private void compute(Comparison comparison) {
    page.text("h2", "Compute");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "per run",
            comparison.isReinforcement() ? "environment steps" : "samples",
            "teacher updates",
            "student updates",
            "FLOPs",
            "time",
            "peak memory"));
    for (MethodResult method : comparison.methods()) {
      rows.add(
          List.of(
              method.label(),
              Format.orDash(method.samples(), Format::count),
              Format.orDash(method.teacherUpdates(), Format::count),
              Format.orDash(method.studentUpdates(), Format::count),
              Row.flops(comparison, method),
              Format.orDash(method.wallSeconds(), Format::duration),
              Format.orDash(method.peakBytes(), Format::bytes)));
    }
    page.table("", rows, lotRows(comparison));
    page.text(
        "p class=\"soft\"",
        "FLOPs: twice the multiply-accumulates of training, evaluation not counted; in brackets"
            + " relative to teacher-only. Time: training process, without downtime.");
  }

  private void pairs(Comparison comparison) {
    if (comparison.pairs().isEmpty() || comparison.primary().isEmpty()) {
      return;
    }
    Metric metric = comparison.primary().get();
    page.text("h2", "All pairs");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "a", "b", "n", "a − b [bootstrap]", "t interval", "P(a better than b) [bootstrap]"));
    for (Pair pair : comparison.pairs()) {
      rows.add(
          List.of(
              pair.a(),
              pair.b(),
              Integer.toString(pair.test().n()),
              Row.difference(metric, pair),
              pair.test().studentT().map(i -> Finding.range(metric, i)).orElse(Format.NONE),
              Row.probability(pair)));
    }
    page.table("pairs", rows, List.of());
    if (metric.isFraction()) {
      page.text("p class=\"soft\"", "Differences are percentage points.");
    }
  }

  private void provenance(Comparison comparison) {
    page.text("h2", "Configuration and provenance");
    Map<String, String> facts = Provenance.facts(comparison);
    if (!facts.isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("recorded", "value"));
      facts.forEach((key, value) -> rows.add(List.of(key, value)));
      page.table("text", rows, List.of());
    }
    List<List<String>> files = new ArrayList<>();
    files.add(List.of("data file", "size", "SHA-256"));
    files.addAll(Provenance.files(comparison));
    if (files.size() > 1) {
      page.table("text", files, List.of());
    }
    runs(comparison);
    configurations(comparison);
  }

  private void runs(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", "method", "seed", "status", "value", "selected on", "at step"));
    for (RunDirectory run : Provenance.runs(comparison)) {
      rows.add(
          List.of(
              run.directoryName(),
              run.method(),
              Long.toString(run.seed()),
              run.status().word(),
              comparison
                  .primary()
                  .map(metric -> Format.orDash(run.value(), metric::value))
                  .orElse(Format.NONE),
              run.result().map(FinalResult::selectedOn).orElse(Format.NONE),
              run.result()
                  .map(result -> Format.orDash(result.selectedStep(), Format::count))
                  .orElse(Format.NONE)));
    }
    page.open("details");
    page.text("summary", Format.plural(rows.size() - 1, "run"));
    page.table("text", rows, List.of());
    page.close("details");
  }

  /** One configuration per method, the first seed's; equal texts are shown once. */
  private void configurations(Comparison comparison) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (MethodResult method : comparison.methods()) {
      RunDirectory run = method.runs().get(0);
      labels.merge(
          run.config(), method.label() + ", seed " + run.seed(), (one, two) -> one + "; " + two);
    }
    labels.forEach(
        (config, names) -> {
          if (!config.isBlank()) {
            page.details("config.yaml of " + names, config);
          }
        });
  }

  private static List<Integer> lotRows(Comparison comparison) {
    return IntStream.range(0, comparison.methods().size())
        .filter(i -> comparison.methods().get(i).isLot())
        .boxed()
        .toList();
  }

  private static String tone(Finding.Outcome outcome) {
    return switch (outcome) {
      case BETTER -> "good";
      case WORSE -> "bad";
      case NOT_RESOLVED -> "open";
    };
  }
}
