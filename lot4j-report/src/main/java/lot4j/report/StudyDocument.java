package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;
import lot4j.stats.Sample;

/** One comparison as its file has it. */
record StudyDocument(JsonNode root, boolean fraction) {
  static StudyDocument read(Path file) {
    JsonFile json = JsonFile.read(file);
    JsonNode root = json.object();
    return new StudyDocument(root, root.path("primary").path("name").asText().equals("accuracy"));
  }

  /** Whether methods are compared by the return of an environment. */
  boolean isReturn() {
    return root.path("primary").path("name").asText().endsWith("return");
  }

  /** What the file says of a method. */
  JsonNode method(String label) {
    return root.path("methods").path(label);
  }

  /** The file's verdict. */
  String verdict() {
    return root.path("verdict").asText();
  }

  List<String> labels() {
    List<String> labels = new ArrayList<>();
    root.path("methods").fieldNames().forEachRemaining(labels::add);
    return labels;
  }

  List<String> variants() {
    return labels().stream().filter(label -> !label.startsWith("teacher-only")).toList();
  }

  /** The equal-compute baseline of a variant, else teacher-only; of returns always teacher-only. */
  String baseline(String label) {
    if (isReturn()) {
      return "teacher-only";
    }
    String equal = "teacher-only-equal-compute";
    return Stream.of(equal + "@" + label, equal)
        .filter(labels()::contains)
        .findFirst()
        .orElse("teacher-only");
  }

  Map<Long, Double> values(String label) {
    Map<Long, Double> values = new TreeMap<>();
    Iterator<Map.Entry<String, JsonNode>> seeds = method(label).path("values").fields();
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
      JsonNode method = method(label);
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

  static String count(JsonNode method) {
    int lost = method.path("failed").asInt() + method.path("diverged").asInt();
    return method.path("n").asInt() + (lost > 0 ? " (" + lost + " lost)" : "");
  }

  static String updates(JsonNode method) {
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
