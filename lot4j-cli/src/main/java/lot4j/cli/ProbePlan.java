package lot4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.checkpoint.AtomicFile;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.train.DataException;

/**
 * Everything that a probe will do, written down before it begins: {@code probe-plan.json}.
 *
 * @param name of the probe
 * @param learner who is imitated, {@code teacher} for instance
 * @param teachers the imitated runs
 * @param students the runs that imitate them
 */
record ProbePlan(String name, String learner, List<Teacher> teachers, List<Student> students) {
  /** Its presence makes a directory a probe. */
  static final String FILE = "probe-plan.json";

  private static final String SCHEMA = "lot4j-probe-plan-1";

  ProbePlan {
    teachers = List.copyOf(teachers);
    students = List.copyOf(students);
  }

  /**
   * An imitated run.
   *
   * @param id unique among them
   * @param label its group
   * @param directory where it lies or will lie
   * @param config how to train it first; empty if it is there already
   */
  record Teacher(String id, String label, Path directory, Optional<RunConfig> config) {}

  /**
   * A run that imitates.
   *
   * @param teacher id of whom
   * @param label its kind
   * @param directory where it will lie
   * @param config what it does, but for whom it imitates
   */
  record Student(String teacher, String label, Path directory, RunConfig config) {}

  void write(Path directory, Catalog catalog) {
    ConfigWriter writer = new ConfigWriter(catalog);
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("schema", SCHEMA).put("name", name).put("learner", learner);
    ArrayNode taught = root.putArray("teachers");
    for (Teacher teacher : teachers) {
      ObjectNode node = taught.addObject().put("id", teacher.id()).put("label", teacher.label());
      node.put("directory", shown(directory, teacher.directory()));
      teacher.config().ifPresent(config -> node.put("config", writer.yaml(config)));
    }
    ArrayNode imitating = root.putArray("students");
    for (Student student : students) {
      imitating
          .addObject()
          .put("teacher", student.teacher())
          .put("label", student.label())
          .put("directory", shown(directory, student.directory()))
          .put("config", writer.yaml(student.config()));
    }
    AtomicFile.write(directory.resolve(FILE), root.toPrettyString() + "\n");
  }

  /** What lies inside the probe is named from there, so that the whole can be moved. */
  private static String shown(Path probe, Path directory) {
    Path whole = probe.toAbsolutePath().normalize();
    Path other = directory.toAbsolutePath().normalize();
    return other.startsWith(whole) ? whole.relativize(other).toString() : other.toString();
  }

  /**
   * Reads it back.
   *
   * @throws DataException if the file is damaged
   */
  static ProbePlan read(Path directory, Catalog catalog) {
    Path file = directory.resolve(FILE);
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      if (!SCHEMA.equals(root.path("schema").asText())) {
        throw new DataException(file + ": schema is not " + SCHEMA);
      }
      ConfigReader reader = new ConfigReader(catalog);
      List<Teacher> teachers = new ArrayList<>();
      for (JsonNode node : root.path("teachers")) {
        teachers.add(
            new Teacher(
                node.path("id").asText(),
                node.path("label").asText(),
                directory.resolve(node.path("directory").asText()),
                node.has("config")
                    ? Optional.of(config(reader, file, node.path("config").asText()))
                    : Optional.empty()));
      }
      List<Student> students = new ArrayList<>();
      for (JsonNode node : root.path("students")) {
        students.add(
            new Student(
                node.path("teacher").asText(),
                node.path("label").asText(),
                directory.resolve(node.path("directory").asText()),
                config(reader, file, node.path("config").asText())));
      }
      return new ProbePlan(
          root.path("name").asText(), root.path("learner").asText(), teachers, students);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static RunConfig config(ConfigReader reader, Path file, String yaml) {
    return reader.readRun(ConfigSource.of(file.toString(), yaml), List.of());
  }
}
