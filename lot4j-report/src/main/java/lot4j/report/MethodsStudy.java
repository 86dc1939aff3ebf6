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
import java.util.TreeMap;
import lot4j.stats.PairedTest;
import lot4j.stats.Sample;

/**
 * A study of many methods on the page of results: each against teacher-only on the same budget and
 * against teacher-only with as much compute as LoT, with what it costs. Several documents are
 * several splits of the data: their means are shown, and the splits are the sample.
 */
final class MethodsStudy {
  private static final String PLAIN = "teacher-only";
  private static final String EQUAL = "teacher-only-equal-compute";

  private final Map<String, StudyDocument> documents;
  private final StringBuilder out = new StringBuilder();

  private MethodsStudy(Map<String, StudyDocument> documents) {
    this.documents = documents;
  }

  /** Whether a document has methods that are neither LoT nor a baseline of it. */
  static boolean fits(StudyDocument document) {
    return document.variants().stream().anyMatch(label -> !label.startsWith("lot"));
  }

  static String of(Map<String, StudyDocument> documents) {
    MethodsStudy study = new MethodsStudy(documents);
    if (documents.size() == 1) {
      study.seeds(documents.values().iterator().next());
    } else {
      study.splits();
    }
    return study.out.toString();
  }

  private void seeds(StudyDocument document) {
    head("method", "n", "mean", "minus teacher-only", "t", "minus equal compute", "t", "compute");
    for (String label : document.labels()) {
      JsonNode method = document.method(label);
      Optional<PairedTest> plain = against(document, label, PLAIN);
      Optional<PairedTest> equal = against(document, label, EQUAL);
      row(
          label,
          StudyDocument.count(method),
          document.mean(label),
          plain.map(test -> difference(document, test)).orElse(Format.NONE),
          plain.map(test -> document.range(test.studentT())).orElse(Format.NONE),
          equal.map(test -> difference(document, test)).orElse(Format.NONE),
          equal.map(test -> document.range(test.studentT())).orElse(Format.NONE),
          cost(document, label));
    }
    out.append('\n').append(document.verdict()).append('\n');
  }

  private static Optional<PairedTest> against(
      StudyDocument document, String label, String baseline) {
    return label.equals(baseline) || !document.labels().contains(baseline)
        ? Optional.empty()
        : Optional.of(PairedTest.of(document.values(label), document.values(baseline)));
  }

  private static String difference(StudyDocument document, PairedTest test) {
    return Format.orDash(test.difference(), document::signed)
        + " "
        + document.range(test.bootstrap());
  }

  private static String cost(StudyDocument document, String label) {
    double plain = document.method(PLAIN).path("flops").asDouble();
    double flops = document.method(label).path("flops").asDouble();
    return plain > 0 ? String.format(Locale.ROOT, "%.2fx", flops / plain) : Format.NONE;
  }

  private void splits() {
    StudyDocument any = documents.values().iterator().next();
    int n = documents.size();
    out.append(
        String.format(
            Locale.ROOT,
            "Means over %d splits; intervals are Student's over the splits; in brackets the"
                + " smallest and the largest split.%n%n",
            n));
    head(
        "method",
        "seeds a split",
        "mean",
        "minus teacher-only",
        "t over splits",
        "splits above",
        "minus equal compute",
        "t over splits",
        "splits above",
        "compute");
    for (String label : labels()) {
      Map<Long, Double> means = new TreeMap<>();
      long number = 0;
      for (StudyDocument document : documents.values()) {
        OptionalDouble mean = Sample.of(document.values(label).values()).mean();
        if (mean.isPresent()) {
          means.put(number, mean.getAsDouble());
        }
        number++;
      }
      List<String> row = new ArrayList<>();
      row.add(label);
      row.add(seedsOf(label));
      row.add(Format.orDash(Sample.of(means.values()).mean(), any::number));
      row.addAll(overSplits(any, label, PLAIN));
      row.addAll(overSplits(any, label, EQUAL));
      row.add(cost(any, label));
      row(row.toArray(String[]::new));
    }
  }

  private String seedsOf(String label) {
    Set<String> counts = new LinkedHashSet<>();
    documents
        .values()
        .forEach(
            document ->
                counts.add(
                    document.labels().contains(label)
                        ? StudyDocument.count(document.method(label))
                        : "0"));
    return String.join(", ", counts);
  }

  /** Difference, its interval, and how many splits are above 0. */
  private List<String> overSplits(StudyDocument any, String label, String baseline) {
    Map<Long, Double> differences = new TreeMap<>();
    Map<Long, Double> zero = new TreeMap<>();
    long number = 0;
    for (StudyDocument document : documents.values()) {
      OptionalDouble difference =
          against(document, label, baseline)
              .map(PairedTest::difference)
              .orElse(OptionalDouble.empty());
      if (difference.isPresent()) {
        differences.put(number, difference.getAsDouble());
        zero.put(number, 0.0);
      }
      number++;
    }
    if (differences.isEmpty()) {
      return List.of(Format.NONE, Format.NONE, Format.NONE);
    }
    PairedTest test = PairedTest.of(differences, zero);
    Sample sample = Sample.of(differences.values());
    long above = differences.values().stream().filter(value -> value > 0).count();
    return List.of(
        any.signed(test.difference().orElseThrow())
            + " ("
            + any.signed(sample.minimum().orElseThrow())
            + " to "
            + any.signed(sample.maximum().orElseThrow())
            + ")",
        any.range(test.studentT()),
        above + " of " + differences.size());
  }

  private Set<String> labels() {
    Set<String> labels = new LinkedHashSet<>();
    documents.values().forEach(document -> labels.addAll(document.labels()));
    return labels;
  }

  private void head(String... cells) {
    row(cells);
    out.append("|---|").append("---:|".repeat(cells.length - 1)).append('\n');
  }

  private void row(String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
