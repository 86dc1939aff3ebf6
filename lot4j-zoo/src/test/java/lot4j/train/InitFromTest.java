package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.Safetensors;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learners that begin with the weights of a run or with published ones. */
class InitFromTest {
  @TempDir Path temporary;

  /** Weights of an MLP of 64-16-10 in a file, changed at will. */
  private Path file(Consumer<Map<String, Tensor>> change) {
    Path path = temporary.resolve("model.safetensors");
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(77);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("fc1.weight", torch.randn(16, 64).mul(new Scalar(0.1)));
      tensors.put("fc1.bias", torch.randn(16));
      tensors.put("fc2.weight", torch.randn(10, 16).mul(new Scalar(0.1)));
      tensors.put("fc2.bias", torch.randn(10));
      change.accept(tensors);
      Safetensors.write(path, tensors, Map.of());
    }
    return path;
  }

  private static String teacher(Path from) {
    return "teacher={model: mlp, hidden: [16], init-from: " + from + "}";
  }

  /** A learner's weights before the first step, and the notes. */
  private static Map<String, Tensor> begun(RunConfig config, List<String> notes, String learner) {
    Prepared<?> prepared = Runs.session().prepare(config);
    Course<?> course = new Assembly<>(config, prepared, Runs.CATALOG).begin(notes::add);
    Map<String, Tensor> tensors = new TreeMap<>();
    course.seats().stream()
        .filter(seat -> seat.name().equals(learner))
        .forEach(seat -> tensors.putAll(seat.tensors()));
    return tensors;
  }

  private static boolean same(Safetensors file, Map<String, Tensor> tensors, String name) {
    return torch.equal(file.read(name).to(ScalarType.Float), tensors.get(name));
  }

  @Test
  void aTeacherBeginsWithPublishedWeights() {
    Path path = file(tensors -> tensors.put("fc1.num_batches_tracked", torch.ones(1)));
    List<String> notes = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      var tensors = begun(Runs.config(Runs.SMALL, teacher(path)), notes, "teacher");
      Safetensors published = Safetensors.open(path);
      tensors.keySet().forEach(name -> assertThat(same(published, tensors, name)).isTrue());
      assertThat(tensors).hasSize(4);
    }
    assertThat(notes).containsExactly("teacher: weights from " + path + ", 4 tensors");
  }

  @Test
  void aStudentBeginsWithADirectoryOfHalfPrecision() {
    file(tensors -> tensors.replaceAll((name, tensor) -> tensor.to(ScalarType.BFloat16)));
    String student = "students=[{model: mlp, hidden: [16], init-from: " + temporary + "}]";
    try (PointerScope scope = new PointerScope()) {
      var tensors = begun(Runs.config(Runs.SMALL, student), new ArrayList<>(), "student0");
      Safetensors published = Safetensors.open(temporary.resolve("model.safetensors"));
      tensors.keySet().forEach(name -> assertThat(same(published, tensors, name)).isTrue());
      assertThat(tensors).hasSize(4);
    }
  }

  @Test
  void aHeadForOtherOutputsStaysAsInitialised() {
    Path path =
        file(
            tensors -> {
              tensors.put("fc2.weight", torch.randn(1000, 16));
              tensors.put("fc2.bias", torch.randn(1000));
            });
    List<String> notes = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      var tensors = begun(Runs.config(Runs.SMALL, teacher(path)), notes, "teacher");
      var random = begun(Runs.config(Runs.SMALL), new ArrayList<>(), "teacher");
      Safetensors published = Safetensors.open(path);
      assertThat(same(published, tensors, "fc1.weight")).isTrue();
      assertThat(torch.equal(tensors.get("fc1.weight"), random.get("fc1.weight"))).isFalse();
      assertThat(torch.equal(tensors.get("fc2.weight"), random.get("fc2.weight"))).isTrue();
      assertThat(torch.equal(tensors.get("fc2.bias"), random.get("fc2.bias"))).isTrue();
    }
    assertThat(notes)
        .containsExactly(
            "teacher: weights from "
                + path
                + ", 2 tensors; fresh, as the number of outputs is another: fc2.bias, fc2.weight");
  }

  private void refused(Path path, String message, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    if (all.isEmpty()) {
      all.add(teacher(path));
    }
    Path run = temporary.resolve("run");
    RunConfig config = Runs.config(Runs.SMALL, all.toArray(String[]::new));
    assertThatThrownBy(() -> Runs.create(run, config))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(path + message);
    assertThat(run).doesNotExist();
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
    refused(temporary.resolve("none"), ": no such file or directory (init-from)");
    refused(
        file(tensors -> tensors.remove("fc1.bias")),
        ": not the weights of teacher; tensors 1 missing: fc1.bias");
    refused(
        file(tensors -> tensors.put("fc1.weight", torch.randn(16, 65))),
        ": not the weights of teacher; tensors 1 of another shape: fc1.weight [16, 65] to [16,"
            + " 64]");
    refused(
        file(
            tensors -> {
              tensors.remove("fc1.weight");
              for (String name : List.of("a", "b", "c", "d\n")) {
                tensors.put(name, torch.ones(1));
              }
            }),
        ": not the weights of teacher; tensors 1 missing: fc1.weight; 4 unknown to the network: a,"
            + " b, c, …");
  }

  @Test
  void aFinishedStudentMustBeWhole() {
    Path path = file(tensors -> tensors.remove("fc2.bias"));
    refused(
        path,
        ": made for other outputs than this data's; student0 will not learn",
        "method=knowledge-distillation",
        "students=[{model: mlp, hidden: [16], init-from: " + path + "}]");
  }

  @Test
  void aRunGoesOnWithoutTheFileAndKnowsItsDigest() throws Exception {
    Path path = file(tensors -> {});
    Path whole = temporary.resolve("whole");
    Runs.run(whole, Runs.SMALL, teacher(path));
    JsonNode began = Runs.json(whole.resolve("run.json")).get("init_from").get("teacher").get(0);
    assertThat(began.get("path").asText()).isEqualTo(path.toString());
    assertThat(began.get("bytes").asLong()).isEqualTo(Files.size(path));
    assertThat(began.get("sha256").asText())
        .isEqualTo(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path))));
    Path broken = Runs.create(temporary.resolve("broken"), Runs.config(Runs.SMALL, teacher(path)));
    Runs.proceed(broken, Runs.after(7));
    Files.delete(path);
    assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.weights(broken, "teacher")).isEqualTo(Runs.weights(whole, "teacher"));
    assertThat(Runs.weights(broken, "student0")).isEqualTo(Runs.weights(whole, "student0"));
  }

  @Test
  void aTeacherBeginsWithARunsTeacher() throws IOException {
    Path first = temporary.resolve("first");
    Runs.run(first, Runs.SMALL, "method=teacher-only");
    RunConfig config = Runs.config(Runs.SMALL, teacher(first), "seeds=[4]");
    try (PointerScope scope = new PointerScope()) {
      var tensors = begun(config, new ArrayList<>(), "teacher");
      Safetensors saved =
          CheckpointStore.find(first, warning -> {}).orElseThrow().learner("teacher");
      tensors.keySet().forEach(name -> assertThat(same(saved, tensors, name)).isTrue());
    }
    assertThat(new ConfigWriter(Runs.CATALOG).yaml(config)).contains("init-from: " + first);
    assertThat(new ConfigWriter(Runs.CATALOG).yaml(Runs.config(Runs.SMALL)))
        .contains("teacher: {model: mlp, hidden: [16], activation: relu, dropout: 0}\n");
  }
}
