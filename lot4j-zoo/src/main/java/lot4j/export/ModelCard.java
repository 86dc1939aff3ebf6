package lot4j.export;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lot4j.checkpoint.AtomicFile;
import lot4j.checkpoint.DigestChannel;
import lot4j.config.ConfigWriter;
import lot4j.data.Vocabularies;
import lot4j.task.ImagePrediction;
import lot4j.task.InstructionFormat;
import lot4j.task.InstructionTuning;
import lot4j.task.RunCalibration;
import lot4j.task.TablePrediction;
import lot4j.train.DataException;
import lot4j.train.Provenance;
import lot4j.train.SavedRun;

/**
 * What has to be known of an exported network, as JSON: what it takes and tells, how good it is,
 * what it learned from and how. The idea is that of M. Mitchell et al., "Model Cards for Model
 * Reporting", FAT* 2019, arXiv 1810.03993; the fields are our own.
 */
final class ModelCard {
  private static final String SCHEMA = "lot4j-card-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelCard() {}

  /**
   * The card of a network, without the file it is written to.
   *
   * @throws DataException if a file of the run is damaged
   */
  static ObjectNode of(Subject subject) {
    SavedRun run = subject.run();
    JsonNode record = read(run.directory().resolve("run.json")).orElseThrow();
    Map<String, Object> keys = new ConfigWriter(subject.catalog()).keys(run.config());
    ObjectNode card = JSON.createObjectNode();
    card.put("schema", SCHEMA);
    card.put("name", run.config().name());
    card.put("learner", subject.learner());
    card.putNull("file");
    subject
        .license()
        .ifPresentOrElse(text -> card.put("license", text), () -> card.putNull("license"));
    card.put("summary", summary(subject, record));
    card.set("model", model(subject, keys));
    card.set("input", input(run));
    card.set("output", output(run));
    prediction(run, card);
    card.set("metrics", metrics(subject));
    calibration(subject, card);
    card.set("data", data(record));
    card.set("training", training(run, record));
    card.set("configuration", JSON.valueToTree(keys));
    card.set("versions", record.path("versions").deepCopy());
    card.put("exported_by", "lot4j " + Provenance.versions().get("lot4j"));
    return card;
  }

  /** Writes a network's file and, with its digest, the card. */
  static Exported write(Path file, String format, ObjectNode card, AtomicFile.Body body) {
    ObjectNode written = JSON.createObjectNode();
    written.put("name", file.getFileName().toString());
    written.put("format", format);
    AtomicFile.write(
        file,
        out -> {
          DigestChannel digest = new DigestChannel(out);
          body.writeTo(digest);
          written.put("bytes", digest.bytes());
          written.put("sha256", digest.sha256());
        });
    card.set("file", written);
    Path beside = Exported.cardOf(file);
    AtomicFile.write(beside, card.toPrettyString() + "\n");
    return new Exported(file, beside, card);
  }

  private static String summary(Subject subject, JsonNode record) {
    SavedRun run = subject.run();
    return String.format(
        Locale.ROOT,
        "%s of a run of method %s (seed %d) on %s: teacher %s, students %s; weights of teacher step"
            + " %d%s.",
        subject.learner(),
        run.config().method(),
        run.config().seed(),
        record.path("data").path("name").asText(),
        run.config().teacher().model(),
        run.config().students().stream().map(student -> student.model()).toList(),
        run.step(),
        subject.state().averaged() ? ", averaged over steps" : "");
  }

  private static ObjectNode model(Subject subject, Map<String, Object> keys) {
    ObjectNode model = JSON.createObjectNode();
    model.set("configuration", JSON.valueToTree(configuration(subject.learner(), keys)));
    model.put("parameters", subject.state().parameters());
    model.put("tensors", subject.state().tensors().size());
    model.put("averaged", subject.state().averaged());
    return model;
  }

  /** What the configuration says of a learner; how a student weighs is no part of the network. */
  private static ObjectNode configuration(String learner, Map<String, Object> keys) {
    boolean teacher = learner.equals("teacher");
    JsonNode all = JSON.valueToTree(keys.get(teacher ? "teacher" : "students"));
    ObjectNode own =
        teacher
            ? (ObjectNode) all
            : (ObjectNode) all.get(Integer.parseInt(learner.substring("student".length())));
    return own.remove(List.of("lambda", "init-from"));
  }

  private static ObjectNode input(SavedRun run) {
    ObjectNode input = JSON.createObjectNode();
    boolean tokens = run.input().tokens();
    boolean images = run.input().rank() == 3;
    input.put("name", "input");
    input.put("type", tokens ? "int64" : "float32");
    ArrayNode shape = input.putArray("shape");
    if (tokens) {
      shape.add("time").add("batch");
    } else {
      shape.add("batch");
      run.input().sizes().forEach(size -> shape.add((long) size));
    }
    input.put(
        "layout",
        tokens
            ? "token numbers, time before batch"
            : images ? "batch, channels, height, width" : "batch, then a sample's own axes");
    return input;
  }

  private static ObjectNode output(SavedRun run) {
    ObjectNode output = JSON.createObjectNode();
    output.put("name", "logits");
    output.put("type", "float32");
    ArrayNode shape = output.putArray("shape");
    if (run.input().tokens()) {
      shape.add("time");
    }
    shape.add("batch").add(run.outputs());
    return output;
  }

  /** What stands beside the weights for {@code lot predict}: labels and preprocessing. */
  private static void prediction(SavedRun run, ObjectNode card) {
    Optional<JsonNode> images = read(run.directory().resolve(ImagePrediction.FILE));
    Optional<JsonNode> rows = read(run.directory().resolve(TablePrediction.FILE));
    Optional<JsonNode> found = images.or(() -> rows);
    if (found.isEmpty()) {
      card.putNull("labels");
      card.put("labels_reason", "the outputs are no named classes");
      vocabulary(run)
          .ifPresentOrElse(
              vocabulary -> card.set("preprocessing", vocabulary),
              () -> {
                card.putNull("preprocessing");
                card.put("preprocessing_reason", "the run's directory says nothing of it");
              });
      return;
    }
    ObjectNode content = (ObjectNode) found.get();
    JsonNode labels =
        images.isPresent()
            ? content.remove("classes")
            : JSON.valueToTree(
                TablePrediction.read(run.directory().resolve(TablePrediction.FILE)).classes());
    card.set("labels", labels == null ? JSON.createArrayNode() : labels);
    ObjectNode preprocessing = card.putObject("preprocessing");
    if (images.isPresent()) {
      preprocessing.put("pixels", "RGB or grey, divided by 255");
      preprocessing.put("then", "(x - mean) / std, per channel");
    }
    preprocessing.setAll(content);
  }

  /** Which file of the run's directory turns text into token numbers. */
  private static Optional<ObjectNode> vocabulary(SavedRun run) {
    for (String name : List.of("vocabulary.json", "tokenizer.json")) {
      Path file = run.directory().resolve(name);
      if (Files.isRegularFile(file)) {
        ObjectNode vocabulary = JSON.createObjectNode();
        vocabulary.put("vocabulary", name);
        vocabulary.put("vocabulary_sha256", sha256(file));
        if (run.config().task().spec() instanceof InstructionTuning tuning) {
          request(InstructionFormat.of(tuning, Vocabularies.read(file)), vocabulary);
        }
        return Optional.of(vocabulary);
      }
    }
    return Optional.empty();
  }

  /** What stands around a request, and the token that closes an answer, by their numbers too. */
  private static void request(InstructionFormat format, ObjectNode card) {
    card.put("template", format.spec().template());
    format.begin().ifPresent(begin -> token(format, begin, card.putObject("begin")));
    token(format, format.end(), card.putObject("end"));
    card.put("length", format.spec().length());
  }

  private static void token(InstructionFormat format, int id, ObjectNode token) {
    token.put("text", format.vocabulary().decode(new int[] {id})).put("id", id);
  }

  private static String sha256(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The learner's part of {@code result.json}, if its numbers are those of these weights. */
  private static JsonNode metrics(Subject subject) {
    SavedRun run = subject.run();
    ObjectNode metrics = JSON.createObjectNode();
    Optional<JsonNode> result = read(run.directory().resolve("result.json"));
    if (result.isEmpty()) {
      metrics.putNull("splits");
      metrics.put("splits_reason", "the run has not ended");
      return metrics;
    }
    long selected = result.get().path("selected_step").asLong();
    if (selected != run.step()) {
      metrics.putNull("splits");
      metrics.put(
          "splits_reason",
          "result.json judges the weights of step " + selected + ", these are of " + run.step());
      return metrics;
    }
    ObjectNode splits = metrics.putObject("splits");
    Iterator<Map.Entry<String, JsonNode>> all = result.get().path("splits").fields();
    while (all.hasNext()) {
      Map.Entry<String, JsonNode> split = all.next();
      if (split.getValue().has(subject.learner())) {
        splits.set(split.getKey(), split.getValue().get(subject.learner()));
      }
    }
    if (subject.learner().equals("teacher")) {
      metrics.set("primary", result.get().path("primary"));
    }
    metrics.set("selected_on", result.get().path("selected_on"));
    metrics.set("selected_step", result.get().path("selected_step"));
    return metrics;
  }

  /** The temperature that makes its probabilities honest, if one was fitted to these weights. */
  private static void calibration(Subject subject, ObjectNode card) {
    SavedRun run = subject.run();
    Optional<RunCalibration> file = RunCalibration.read(run.directory());
    Optional<ObjectNode> fitted =
        file.flatMap(found -> found.learner(subject.learner(), run.step()));
    if (fitted.isPresent()) {
      card.set("calibration", fitted.get().deepCopy().put("method", "temperature scaling"));
    } else {
      card.putNull("calibration");
      card.put(
          "calibration_reason",
          file.isPresent() ? "it was fitted to other weights" : "none was fitted");
    }
  }

  private static JsonNode data(JsonNode record) {
    ObjectNode data = JSON.createObjectNode();
    for (String key : List.of("name", "counts", "files")) {
      data.set(key, record.path("data").path(key).deepCopy());
    }
    return data;
  }

  private static JsonNode training(SavedRun run, JsonNode record) {
    ObjectNode training = JSON.createObjectNode();
    for (String key :
        List.of(
            "label",
            "method",
            "seed",
            "status",
            "device",
            "cpu_capability",
            "precision",
            "threads",
            "started",
            "ended",
            "config_digest")) {
      training.set(key, record.path(key).deepCopy());
    }
    training.put("step", run.step());
    read(run.directory().resolve("result.json"))
        .ifPresent(
            result -> {
              for (String key : List.of("teacher_updates", "student_updates", "flops", "wall_s")) {
                training.set(key, result.path(key));
              }
            });
    return training;
  }

  /** A JSON object of the run's directory; empty if there is no such file. */
  private static Optional<JsonNode> read(Path file) {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (!node.isObject()) {
        throw new DataException(file + ": damaged: not a JSON object");
      }
      return Optional.of(node);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new DataException(file + ": damaged: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
