package lot4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A comparison on the page: the question, the answer, and all that it rests on. */
final class ComparisonSection {
  /** Pairs that a page has room for: those of 20 methods. */
  private static final int MOST_PAIRS = 190;

  private final Comparison comparison;
  private final Palette palette;
  private final List<Block> blocks = new ArrayList<>();

  private ComparisonSection(Comparison comparison) {
    this.comparison = comparison;
    this.palette = new Palette(comparison);
  }

  static Section of(Comparison comparison) {
    return new ComparisonSection(comparison).section();
  }

  private Section section() {
    verdict();
    differences();
    results();
    runs();
    price();
    learners();
    CurveFigures.of(comparison).forEach(blocks::add);
    calibration();
    otherData();
    compute();
    pairs();
    provenance();
    return new Section(comparison.name(), about(), palette.entries(), blocks);
  }

  private String about() {
    String data = comparison.data();
    String counts = Provenance.counts(comparison);
    return (data.isEmpty() ? "" : data + (counts.isEmpty() ? "" : " (" + counts + ")") + " · ")
        + TextTable.seeds(comparison.seeds())
        + " · "
        + Format.plural(comparison.methods().size(), "method")
        + " · "
        + Format.plural(Provenance.runs(comparison).size(), "run");
  }

  private void verdict() {
    if (comparison.findings().isEmpty()) {
      text("soft", comparison.verdict());
      return;
    }
    if (comparison.findings().stream().anyMatch(finding -> finding.test().isPresent())) {
      text(
          "question",
          comparison.againstPlain()
              ? "Is the teacher better for having been trained with students (LoT)?"
              : "Is the teacher better for having been trained with students (LoT), or would the"
                  + " same compute have done it alone?");
    }
    for (Finding finding : comparison.findings()) {
      blocks.add(
          new Block.Answer(
              DifferenceFigure.tone(finding.outcome()),
              finding.label() + ": " + finding.outcome().words(),
              finding.sentence()));
    }
    for (Rivals rivals : comparison.rivals()) {
      blocks.add(
          new Block.Answer(
              rivals.beaten() ? "bad" : "open",
              rivals.lot() + (rivals.beaten() ? ": something else is better" : ": beside others"),
              rivals.sentence()));
    }
    text(
        "soft",
        "“Better” or “worse” is said only if the bootstrap interval and Student’s t both exclude 0"
            + " over at least 5 seeds."
            + comparison.claims().line().map(line -> " " + line).orElse(""));
  }

  private void differences() {
    DifferenceFigure.of(comparison)
        .ifPresent(
            figure -> {
              heading(2, "Differences");
              blocks.add(new Block.Chart(figure));
            });
  }

  private void results() {
    heading(2, "Results");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Row.heads(comparison).subList(0, Row.results(comparison)).stream()
            .map(head -> head.replace(" [", "\n["))
            .toList());
    Row.all(comparison).forEach(row -> rows.add(row.subList(0, Row.results(comparison))));
    table("", rows, lotRows());
    if (comparison.isReinforcement()) {
      text("soft", ReturnRow.EXPLANATION);
    }
    List<List<String>> gaps = GeneralizationGap.table(comparison);
    if (!gaps.isEmpty()) {
      heading(3, GeneralizationGap.TITLE);
      table("", gaps, List.of());
      text("soft", GeneralizationGap.EXPLANATION);
    }
  }

  private void learners() {
    Optional<Figure> figure = LearnerFigures.of(comparison);
    List<List<String>> table = LearnerFigures.table(comparison);
    if (table.size() > 1 && table.get(0).size() > 3) {
      heading(2, "Teacher, students and their average");
      figure.ifPresent(found -> blocks.add(new Block.Chart(found)));
      table("", table, List.of());
      text("soft", LearnerFigures.TABLE_EXPLANATION);
    }
  }

  private void calibration() {
    List<Figure> diagrams = CalibrationFigures.reliability(comparison);
    if (!diagrams.isEmpty()) {
      heading(2, "Calibration and confusion");
      text("soft", CalibrationFigures.EXPLANATION);
      diagrams.forEach(figure -> blocks.add(new Block.Chart(figure)));
      CalibrationFigures.confusion(comparison)
          .ifPresent(figure -> blocks.add(new Block.Chart(figure)));
    }
  }

  private void otherData() {
    List<Figure> figures = ShiftFigures.of(comparison);
    if (!figures.isEmpty()) {
      heading(2, "On other data");
      text("soft", ShiftFigures.EXPLANATION);
      figures.forEach(figure -> blocks.add(new Block.Chart(figure)));
    }
  }

  private void price() {
    List<Figure> figures = CostFigures.of(comparison);
    if (!figures.isEmpty()) {
      heading(2, "What a gain costs");
      text("soft", CostFigures.EXPLANATION);
      figures.forEach(figure -> blocks.add(new Block.Chart(figure)));
    }
  }

  private void runs() {
    RunsFigure.of(comparison)
        .ifPresent(
            figure -> {
              heading(2, "Every run");
              blocks.add(new Block.Chart(figure));
            });
  }

  private void compute() {
    heading(2, "Compute");
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
    table("", rows, lotRows());
    text(
        "soft",
        "FLOPs: twice the multiply-accumulates of training, evaluation not counted; in brackets"
            + " relative to teacher-only. Time: training process, without downtime.");
  }

  private void pairs() {
    if (comparison.pairs().isEmpty() || comparison.primary().isEmpty()) {
      return;
    }
    Metric metric = comparison.primary().get();
    List<Pair> shown = comparison.pairs().stream().limit(MOST_PAIRS).toList();
    int all = comparison.pairs().size();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "a",
            "b",
            "n",
            "a − b [bootstrap]",
            "t interval",
            "P(a better than b) [bootstrap]",
            "sign-flip p [Holm]",
            "d paired / pooled"));
    for (Pair pair : shown) {
      rows.add(
          List.of(
              pair.a(),
              pair.b(),
              Integer.toString(pair.test().n()),
              Row.difference(metric, pair),
              pair.test().studentT().map(i -> Finding.range(metric, i)).orElse(Format.NONE),
              Row.probability(pair),
              Row.p(comparison, pair),
              Row.effect(pair)));
    }
    String unit = metric.isFraction() ? "Differences are percentage points. " : "";
    String rest = shown.size() < all ? " The others stand in compare.json." : "";
    blocks.add(
        new Block.Fold(
            "All pairs: " + (shown.size() < all ? shown.size() + " of " : "") + all,
            List.of(
                new Block.Grid("pairs", rows, List.of()),
                new Block.Paragraph("soft", unit + MarkdownTable.explanation(comparison) + rest))));
  }

  private void provenance() {
    heading(2, "Configuration and provenance");
    Map<String, String> facts = Provenance.facts(comparison);
    if (!facts.isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("recorded", "value"));
      facts.forEach((key, value) -> rows.add(List.of(key, value)));
      table("text", rows, List.of());
    }
    List<List<String>> files = new ArrayList<>();
    files.add(List.of("data file", "size", "SHA-256"));
    files.addAll(Provenance.files(comparison));
    if (files.size() > 1) {
      table("text", files, List.of());
    }
    runList();
    configurations();
  }

  private void runList() {
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
    blocks.add(
        new Block.Fold(
            Format.plural(rows.size() - 1, "run"),
            List.of(new Block.Grid("text", rows, List.of()))));
  }

  /** One configuration per method, the first seed's; equal texts are shown once. */
  private void configurations() {
    Map<String, String> labels = new LinkedHashMap<>();
    for (MethodResult method : comparison.methods()) {
      RunDirectory run = method.runs().get(0);
      labels.merge(
          run.config(), method.label() + ", seed " + run.seed(), (one, two) -> one + "; " + two);
    }
    labels.forEach(
        (config, names) -> {
          if (!config.isBlank()) {
            blocks.add(new Block.Fold("config.yaml of " + names, List.of(new Block.Code(config))));
          }
        });
  }

  private List<Integer> lotRows() {
    return IntStream.range(0, comparison.methods().size())
        .filter(i -> comparison.methods().get(i).isLot())
        .boxed()
        .toList();
  }

  private void heading(int level, String text) {
    blocks.add(new Block.Heading(level, text));
  }

  private void text(String style, String text) {
    blocks.add(new Block.Paragraph(style, text));
  }

  private void table(String style, List<List<String>> rows, List<Integer> marked) {
    blocks.add(new Block.Grid(style, rows, marked));
  }
}
