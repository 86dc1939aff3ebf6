package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;
import lot4j.stats.Sample;

/**
 * The page of studies, generated from committed {@code compare.json} files: every folder of the
 * results directory is a section, its {@code about.md} in front of a table for each document in it.
 * A folder with several documents (several splits of the data) ends with a table over them.
 */
public final class ResultsPage {
  private static final String HEAD =
      """
      # Results

      This page is generated from the `compare.json` files under `docs/results/` by
      `./lot report --results docs/results --to docs/results.md`; a test holds it to them. Whatever came
      out stands here. Intervals are 95 %: brackets a percentile bootstrap over seeds, "t" Student's.
      Differences are paired by seed and, for accuracies, in percentage points. "Better" or "worse" is
      said only if both intervals exclude 0 and there are 5 seeds or more.
      """;

  private final StringBuilder out = new StringBuilder(HEAD);

  private ResultsPage() {}

  /**
   * The page of a results directory.
   *
   * @throws ReportException naming the file, if one is missing or damaged
   */
  public static String of(Path directory) {
    ResultsPage page = new ResultsPage();
    for (Path folder : sorted(directory, Files::isDirectory)) {
      page.section(folder);
    }
    return page.out.toString();
  }

  private static List<Path> sorted(Path directory, java.util.function.Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new ReportException(directory, "cannot be read: " + e.getMessage(), e);
    }
  }

  private void section(Path folder) {
    out.append('\n').append(JsonFile.text(folder.resolve("about.md")).strip()).append("\n\n");
    List<Path> documents = sorted(folder, file -> file.toString().endsWith(".json"));
    if (documents.isEmpty()) {
      throw new ReportException(folder, "no comparison document (*.json) in it");
    }
    Map<String, Document> read = new LinkedHashMap<>();
    for (Path file : documents) {
      String name = file.getFileName().toString().replace(".json", "");
      read.put(name, Document.read(file));
    }
    if (read.size() == 1) {
      read.values().forEach(document -> out.append(document.table()).append('\n'));
    } else {
      out.append(overview(read));
    }
  }

  /** One row a document: each LoT variant against its baseline; then the mean over documents. */
  private static String overview(Map<String, Document> documents) {
    StringBuilder table =
        new StringBuilder("| | method | minus | n | teacher-only | difference | t |\n");
    table.append("|---|---|---|---:|---:|---:|---:|\n");
    Map<String, List<Double>> differences = new TreeMap<>();
    documents.forEach(
        (name, document) ->
            document
                .variants()
                .forEach(
                    label -> {
                      String baseline = document.baseline(label);
                      PairedTest test =
                          PairedTest.of(document.values(label), document.values(baseline));
                      differences
                          .computeIfAbsent(label, key -> new ArrayList<>())
                          .add(test.difference().orElseThrow());
                      table.append(
                          String.format(
                              Locale.ROOT,
                              "| %s | %s | %s | %d | %s | %s %s | %s |\n",
                              name,
                              label,
                              baseline,
                              test.n(),
                              document.mean("teacher-only"),
                              document.signed(test.difference().orElseThrow()),
                              document.range(test.bootstrap()),
                              document.range(test.studentT())));
                    }));
    Document any = documents.values().iterator().next();
    differences.forEach(
        (label, each) -> {
          Map<Long, Double> bySplit = new LinkedHashMap<>();
          Map<Long, Double> zero = new LinkedHashMap<>();
          for (int i = 0; i < each.size(); i++) {
            bySplit.put((long) i, each.get(i));
            zero.put((long) i, 0.0);
          }
          PairedTest over = PairedTest.of(bySplit, zero);
          table.append(
              String.format(
                  Locale.ROOT,
                  "| **mean over %d** | %s | equal compute | %d | | **%s** %s | %s |\n",
                  each.size(),
                  label,
                  each.size(),
                  any.signed(over.difference().orElseThrow()),
                  any.range(over.bootstrap()),
                  any.range(over.studentT())));
        });
    return table.toString();
  }

  /** One comparison as its file has it. */
  private record Document(JsonNode root, boolean fraction) {
    static Document read(Path file) {
      JsonFile json = JsonFile.read(file);
      JsonNode root = json.object();
      return new Document(root, root.path("primary").path("name").asText().equals("accuracy"));
    }

    List<String> labels() {
      List<String> labels = new ArrayList<>();
      root.path("methods").fieldNames().forEachRemaining(labels::add);
      return labels;
    }

    List<String> variants() {
      return labels().stream().filter(label -> !label.startsWith("teacher-only")).toList();
    }

    /** The equal-compute baseline of a variant, else teacher-only. */
    String baseline(String label) {
      String equal = "teacher-only-equal-compute";
      return Stream.of(equal + "@" + label, equal)
          .filter(labels()::contains)
          .findFirst()
          .orElse("teacher-only");
    }

    Map<Long, Double> values(String label) {
      Map<Long, Double> values = new TreeMap<>();
      Iterator<Map.Entry<String, JsonNode>> seeds =
          root.path("methods").path(label).path("values").fields();
      while (seeds.hasNext()) {
        Map.Entry<String, JsonNode> seed = seeds.next();
        if (seed.getValue().isNumber()) {
          values.put(Long.valueOf(seed.getKey()), seed.getValue().asDouble());
        }
      }
      return values;
    }

    String mean(String label) {
      return number(Sample.of(values(label).values()).mean().orElse(Double.NaN));
    }

    String table() {
      StringBuilder table =
          new StringBuilder("| method | n | mean | IQM | minus equal compute | t |");
      table.append(" updates | FLOPs | seconds |\n");
      table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
      double first = root.path("methods").path(labels().get(0)).path("flops").asDouble();
      for (String label : labels()) {
        JsonNode method = root.path("methods").path(label);
        Optional<PairedTest> test =
            variants().contains(label)
                ? Optional.of(PairedTest.of(values(label), values(baseline(label))))
                : Optional.empty();
        table.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %s [%s, %s] | %s | %s | %s | %s | %s (%.2fx) | %s |\n",
                label,
                count(method),
                number(method.path("mean").asDouble()),
                number(method.path("ci95").path(0).asDouble()),
                number(method.path("ci95").path(1).asDouble()),
                number(method.path("iqm").asDouble()),
                test.map(t -> signed(t.difference().orElseThrow()) + " " + range(t.bootstrap()))
                    .orElse(Format.NONE),
                test.map(t -> range(t.studentT())).orElse(Format.NONE),
                updates(method),
                Format.prefixed(method.path("flops").asDouble()),
                method.path("flops").asDouble() / first,
                Format.seconds(method.path("wall_s").asDouble())));
      }
      return table + "\n" + root.path("verdict").asText() + "\n";
    }

    private static String count(JsonNode method) {
      int lost = method.path("failed").asInt() + method.path("diverged").asInt();
      return method.path("n").asInt() + (lost > 0 ? " (" + lost + " lost)" : "");
    }

    private static String updates(JsonNode method) {
      String teacher = Format.count(method.path("teacher_updates").asDouble());
      double students = method.path("student_updates").asDouble();
      return students > 0 ? teacher + " + " + Format.count(students) : teacher;
    }

    String number(double value) {
      return fraction
          ? String.format(Locale.ROOT, "%.2f %%", value * 100)
          : Format.significant(value, 4);
    }

    String signed(double value) {
      return fraction
          ? String.format(Locale.ROOT, "%+.2f", value * 100)
          : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%+.4f" : "%+.2f", value);
    }

    String range(Optional<Interval> interval) {
      return interval
          .map(i -> "[" + signed(i.low()) + ", " + signed(i.high()) + "]")
          .orElse(Format.NONE);
    }
  }
}
