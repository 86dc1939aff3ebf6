package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import lot4j.stats.Interval;
import lot4j.stats.RankCorrelation;

/** The document {@code probe.json}; its form is in docs/probe.md. Numbers are unrounded. */
final class ProbeJson {
  private static final String SCHEMA = "lot4j-probe-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ProbeJson() {}

  static ObjectNode of(Probe probe) {
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("name", probe.name());
    root.put("data", probe.data());
    ArrayNode thresholds = root.putArray("thresholds");
    Probe.THRESHOLDS.forEach(thresholds::add);
    ArrayNode teachers = root.putArray("teachers");
    probe.teachers().forEach(teacher -> teacher(teachers.addObject(), teacher));
    ArrayNode students = root.putArray("students");
    probe.results().forEach(result -> student(students.addObject(), result));
    groups(root.putArray("groups"), probe);
    ArrayNode differences = root.putArray("differences");
    for (Probe.Difference each : probe.differences()) {
      ObjectNode node =
          differences
              .addObject()
              .put("student", each.student())
              .put("measure", each.measure().key())
              .put("a", each.a())
              .put("b", each.b())
              .put("n", each.n())
              .put("difference", each.difference());
      interval(node, each.ci95());
    }
    ArrayNode rankings = root.putArray("rankings");
    for (Probe.Ranking each : probe.rankings()) {
      ObjectNode node =
          rankings
              .addObject()
              .put("student", each.student())
              .put("measure", each.measure().key())
              .put("n", each.raw().n());
      correlation(node.putObject("spearman"), each.raw());
      correlation(node.putObject("partial"), each.partial());
    }
    return root;
  }

  static Probe read(Path file) {
    JsonFile root = JsonFile.read(file);
    if (!SCHEMA.equals(root.requiredText("schema"))) {
      throw new ReportException(file, "schema is not " + SCHEMA);
    }
    List<ProbedTeacher> teachers = new ArrayList<>();
    for (JsonFile each : objects(root, "teachers")) {
      teachers.add(
          new ProbedTeacher(
              each.requiredText("id"),
              each.requiredText("label"),
              each.requiredInteger("seed"),
              each.requiredText("directory"),
              each.requiredText("error_name"),
              each.number("error"),
              each.number("train_loss")));
    }
    List<ImitationResult> results = new ArrayList<>();
    for (JsonFile each : objects(root, "students")) {
      results.add(
          new ImitationResult(
              each.requiredText("teacher"),
              each.requiredText("student"),
              each.requiredInteger("seed"),
              each.requiredText("directory"),
              each.requiredText("held_out_split"),
              curve(each.child("train")),
              curve(each.child("held_out")),
              each.number("teacher_entropy"),
              score(each, "teacher"),
              score(each, "student")));
    }
    return new Probe(root.requiredText("name"), root.text("data").orElse(""), teachers, results);
  }

  private static List<JsonFile> objects(JsonFile root, String key) {
    List<JsonFile> objects = new ArrayList<>();
    for (JsonNode node : root.object().path(key)) {
      if (!(node instanceof ObjectNode object)) {
        throw new ReportException(root.path(), key + ": not a list of objects");
      }
      objects.add(new JsonFile(root.path(), object));
    }
    return objects;
  }

  private static ImitationResult.Score score(JsonFile student, String of) {
    return new ImitationResult.Score(
        student.number(of + "_accuracy"), student.number(of + "_rmse"));
  }

  private static ImitationCurve curve(JsonFile curve) {
    List<ImitationCurve.Point> points = new ArrayList<>();
    ObjectNode node = curve.object();
    for (int i = 0; i < node.path("step").size(); i++) {
      points.add(
          new ImitationCurve.Point(
              node.at("/step/" + i).asLong(),
              node.at("/kl_free_reference/" + i).asDouble(),
              node.at("/kl_reference_free/" + i).asDouble(),
              number(node.at("/agreement/" + i)),
              number(node.at("/distance/" + i))));
    }
    return new ImitationCurve(points);
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  private static void teacher(ObjectNode node, ProbedTeacher teacher) {
    node.put("id", teacher.id())
        .put("label", teacher.label())
        .put("seed", teacher.seed())
        .put("directory", teacher.directory())
        .put("error_name", teacher.errorName());
    number(node, "error", teacher.error());
    number(node, "train_loss", teacher.trainLoss());
  }

  private static void student(ObjectNode node, ImitationResult result) {
    node.put("teacher", result.teacher())
        .put("student", result.student())
        .put("seed", result.seed())
        .put("directory", result.directory())
        .put("held_out_split", result.heldOutSplit());
    number(node, "teacher_entropy", result.teacherEntropy());
    if (result.numbers()) {
      number(node, "teacher_rmse", result.teacherScore().rmse());
      number(node, "student_rmse", result.studentScore().rmse());
    } else {
      number(node, "teacher_accuracy", result.teacherScore().accuracy());
      number(node, "student_accuracy", result.studentScore().accuracy());
    }
    ObjectNode measures = node.putObject("measures");
    for (ProbeMeasure measure : ProbeMeasure.of(result.numbers())) {
      number(measures, measure.key(), measure.of(result));
    }
    number(measures, "gap", result.gap());
    ObjectNode steps = node.putObject("steps_to");
    for (double threshold : Probe.THRESHOLDS) {
      OptionalLong step = result.heldOut().stepsTo(threshold);
      String key = Double.toString(threshold);
      if (step.isPresent()) {
        steps.put(key, step.getAsLong());
      } else {
        steps.putNull(key);
        steps.put(key + "_reason", "not reached");
      }
    }
    curve(node.putObject("train"), result.train());
    curve(node.putObject("held_out"), result.heldOut());
  }

  private static void curve(ObjectNode node, ImitationCurve curve) {
    ArrayNode steps = node.putArray("step");
    ArrayNode free = node.putArray("kl_free_reference");
    ArrayNode reference = node.putArray("kl_reference_free");
    boolean numbers = curve.points().stream().anyMatch(point -> point.distance().isPresent());
    ArrayNode likeness = node.putArray(numbers ? "distance" : "agreement");
    for (ImitationCurve.Point point : curve.points()) {
      steps.add(point.step());
      free.add(point.klFreeReference());
      reference.add(point.klReferenceFree());
      OptionalDouble like = numbers ? point.distance() : point.agreement();
      if (like.isPresent()) {
        likeness.add(like.getAsDouble());
      } else {
        likeness.addNull();
      }
    }
  }

  private static void groups(ArrayNode groups, Probe probe) {
    for (String student : probe.students()) {
      for (String label : probe.labels()) {
        ObjectNode node = groups.addObject().put("student", student).put("label", label);
        mean(node, "error", probe.group(label, ProbedTeacher::error));
        mean(node, "train_loss", probe.group(label, ProbedTeacher::trainLoss));
        mean(node, "entropy", probe.group(label, teacher -> probe.entropy(teacher, student)));
        for (ProbeMeasure measure : probe.measures()) {
          mean(
              node,
              measure.key(),
              probe.group(label, teacher -> probe.of(teacher, student, measure)));
        }
      }
    }
  }

  private static void mean(ObjectNode node, String key, Optional<Probe.Mean> mean) {
    if (mean.isEmpty()) {
      node.putNull(key).put(key + "_reason", "no run has it");
      return;
    }
    ObjectNode of = node.putObject(key).put("n", mean.get().n()).put("mean", mean.get().mean());
    interval(of, mean.get().ci95());
  }

  private static void correlation(ObjectNode node, RankCorrelation correlation) {
    number(node, "value", correlation.value());
    interval(node, correlation.interval());
    node.put("verdict", Probe.verdict(correlation));
  }

  private static void interval(ObjectNode node, Optional<Interval> interval) {
    if (interval.isEmpty()) {
      node.putNull("ci95").put("ci95_reason", "too few runs");
    } else {
      node.putArray("ci95").add(interval.get().low()).add(interval.get().high());
    }
  }

  private static void number(ObjectNode node, String key, OptionalDouble value) {
    if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
      node.put(key, value.getAsDouble());
    } else {
      node.putNull(key).put(key + "_reason", value.isPresent() ? "not finite" : "not known");
    }
  }
}
