package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import lot4j.stats.Interval;
import lot4j.stats.Iqm;
import lot4j.stats.PairedTest;
import lot4j.stats.ProbabilityOfImprovement;
import lot4j.stats.Sample;
import lot4j.stats.Scores;
import lot4j.stats.StratifiedBootstrap;

/**
 * A study of reinforcement learning on the page of results: for each document a table of final
 * returns, the generalization gap where levels were held out, and the learning curve as numbers.
 * Several documents are several tasks; a last table puts them together.
 */
final class ReturnStudy {
  private static final StratifiedBootstrap BOOTSTRAP = StratifiedBootstrap.standard();

  /** Parts of the budget at which learning curves are shown. */
  private static final double[] PARTS = {0.1, 0.25, 0.5, 0.75, 1};

  private final Map<String, StudyDocument> documents;
  private final StringBuilder out = new StringBuilder();

  private ReturnStudy(Map<String, StudyDocument> documents) {
    this.documents = documents;
  }

  static String of(Map<String, StudyDocument> documents) {
    ReturnStudy study = new ReturnStudy(documents);
    documents.forEach(study::document);
    if (documents.size() > 1) {
      study.together();
    }
    return study.out.toString();
  }

  private void document(String name, StudyDocument document) {
    if (documents.size() > 1) {
      out.append("### ").append(name).append("\n\n");
    }
    finals(document);
    gaps(document);
    curves(document);
    out.append(document.verdict()).append("\n\n");
  }

  private void finals(StudyDocument document) {
    head(
        "method",
        "n",
        "IQM",
        "mean",
        "minus teacher-only",
        "t",
        "P(better)",
        "env steps",
        "updates",
        "FLOPs",
        "seconds");
    double plain = document.method("teacher-only").path("flops").asDouble();
    for (String label : document.labels()) {
      JsonNode method = document.method(label);
      Sample sample = Sample.of(document.values(label).values());
      Optional<PairedTest> test =
          document.variants().contains(label) && document.labels().contains("teacher-only")
              ? Optional.of(PairedTest.of(document.values(label), document.values("teacher-only")))
              : Optional.empty();
      double flops = method.path("flops").asDouble();
      row(
          label,
          StudyDocument.count(method),
          number(document, Iqm.of(sample), BOOTSTRAP.iqm(Scores.of(sample))),
          number(document, sample.mean(), interval(method.path("ci95"))),
          test.map(
                  t ->
                      Format.orDash(t.difference(), document::signed)
                          + " "
                          + document.range(t.bootstrap()))
              .orElse(Format.NONE),
          test.map(t -> document.range(t.studentT())).orElse(Format.NONE),
          test.map(t -> improvement(List.of(document), label)).orElse(Format.NONE),
          method.path("environment_steps").isNumber()
              ? Format.count(method.path("environment_steps").asDouble())
              : Format.NONE,
          StudyDocument.updates(method),
          Format.prefixed(flops)
              + (plain > 0 ? String.format(Locale.ROOT, " (%.2fx)", flops / plain) : ""),
          Format.seconds(method.path("wall_s").asDouble()));
    }
    out.append('\n');
  }

  private void gaps(StudyDocument document) {
    List<String> labels =
        document.labels().stream()
            .filter(label -> document.method(label).path("generalization_gap").isObject())
            .toList();
    if (labels.isEmpty()) {
      return;
    }
    out.append("Training levels against test levels:\n\n");
    head("method", "n", "train", "test", "train - test", "t");
    for (String label : labels) {
      JsonNode gap = document.method(label).path("generalization_gap");
      row(
          label,
          Integer.toString(gap.path("n").asInt()),
          document.number(gap.path("train_mean").asDouble()),
          document.number(gap.path("test_mean").asDouble()),
          document.signed(gap.path("train_minus_test").asDouble())
              + " "
              + document.range(interval(gap.path("ci95"))),
          document.range(interval(gap.path("ci95_t"))));
    }
    out.append('\n');
  }

  private void curves(StudyDocument document) {
    List<String> labels =
        document.labels().stream()
            .filter(label -> document.method(label).path("learning_curve").isObject())
            .toList();
    if (labels.isEmpty()) {
      return;
    }
    out.append("Sample efficiency: IQM of the training return at parts of the environment steps:");
    out.append("\n\n");
    List<String> heads = new ArrayList<>(List.of("method"));
    for (double part : PARTS) {
      heads.add(Math.round(100 * part) + " %");
    }
    head(heads.toArray(String[]::new));
    for (String label : labels) {
      JsonNode curve = document.method(label).path("learning_curve");
      List<String> cells = new ArrayList<>(List.of(label));
      for (double part : PARTS) {
        cells.add(at(document, curve, part));
      }
      row(cells.toArray(String[]::new));
    }
    out.append('\n');
  }

  /** The last point at or before a part of the steps; a dash before the first. */
  private static String at(StudyDocument document, JsonNode curve, double part) {
    JsonNode steps = curve.path("environment_steps");
    double end = steps.path(steps.size() - 1).asDouble();
    int place = -1;
    while (place + 1 < steps.size() && steps.path(place + 1).asDouble() <= part * end + 1e-6) {
      place++;
    }
    return place < 0
        ? Format.NONE
        : document.number(curve.path("iqm").path(place).asDouble())
            + " "
            + plain(
                document,
                new Interval(
                    curve.path("low").path(place).asDouble(),
                    curve.path("high").path(place).asDouble()));
  }

  /** All tasks together, of the methods that every document has. */
  private void together() {
    List<StudyDocument> all = List.copyOf(documents.values());
    Set<String> labels = new LinkedHashSet<>(all.get(0).labels());
    all.forEach(document -> labels.retainAll(document.labels()));
    labels.removeIf(label -> all.stream().anyMatch(d -> d.values(label).isEmpty()));
    out.append("### ").append(all.size()).append(" tasks together\n\n");
    out.append(
        "Returns are put on one scale per task: 0 is the worst run of any method, 1 the best.");
    out.append(" P(better) is averaged over tasks and needs no scale.\n\n");
    head("method", "tasks", "runs", "IQM", "P(better than teacher-only)");
    for (String label : labels) {
      Scores scores = new Scores(all.stream().map(document -> scaled(document, label)).toList());
      boolean baseline = label.startsWith("teacher-only") || !labels.contains("teacher-only");
      row(
          label,
          Integer.toString(all.size()),
          Integer.toString(scores.pooled().size()),
          Format.orDash(scores.iqm(), ReturnStudy::score)
              + BOOTSTRAP
                  .iqm(scores)
                  .map(i -> " [" + score(i.low()) + ", " + score(i.high()) + "]")
                  .orElse(""),
          baseline ? Format.NONE : improvement(all, label));
    }
  }

  private static Sample scaled(StudyDocument document, String label) {
    double[] every =
        document.labels().stream()
            .flatMap(any -> document.values(any).values().stream())
            .mapToDouble(value -> value)
            .sorted()
            .toArray();
    double range = every[every.length - 1] - every[0];
    return Sample.of(
        document.values(label).values().stream()
            .mapToDouble(value -> range > 0 ? (value - every[0]) / range : 0)
            .toArray());
  }

  /** P(a run of the method is better than one of teacher-only) over the seeds that both have. */
  private static String improvement(List<StudyDocument> tasks, String label) {
    List<Sample> own = new ArrayList<>();
    List<Sample> plain = new ArrayList<>();
    for (StudyDocument task : tasks) {
      Map<Long, Double> a = task.values(label);
      Map<Long, Double> b = task.values("teacher-only");
      a.keySet().retainAll(b.keySet());
      b.keySet().retainAll(a.keySet());
      own.add(Sample.of(a.values()));
      plain.add(Sample.of(b.values()));
    }
    Scores a = new Scores(own);
    Scores b = new Scores(plain);
    return Format.orDash(ProbabilityOfImprovement.of(a, b, true), ReturnStudy::score)
        + BOOTSTRAP
            .probabilityOfImprovement(a, b, true)
            .map(i -> " [" + score(i.low()) + ", " + score(i.high()) + "]")
            .orElse("");
  }

  private static Optional<Interval> interval(JsonNode ends) {
    return ends.path(0).isNumber() && ends.path(1).isNumber()
        ? Optional.of(new Interval(ends.path(0).asDouble(), ends.path(1).asDouble()))
        : Optional.empty();
  }

  private static String number(
      StudyDocument document, OptionalDouble value, Optional<Interval> interval) {
    return Format.orDash(value, document::number)
        + interval.map(i -> " " + plain(document, i)).orElse("");
  }

  private static String plain(StudyDocument document, Interval interval) {
    return "[" + document.number(interval.low()) + ", " + document.number(interval.high()) + "]";
  }

  private static String score(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private void head(String... cells) {
    row(cells);
    out.append("|---|").append("---:|".repeat(cells.length - 1)).append('\n');
  }

  private void row(String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
