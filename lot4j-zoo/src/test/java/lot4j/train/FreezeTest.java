package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lot4j.Freeze;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.Safetensors;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.model.vision.Cnn;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of which a part stays as it is. */
class FreezeTest {
  private static final String CNN = "teacher={model: cnn, channels: [4], hidden: 8, dropout: 0.1";
  private static final String HEAD = CNN + ", freeze: ['!fc2']}";
  private static final String STUDENT =
      "students=[{model: mlp, hidden: [12], freeze: [fc1.weight]}]";

  @TempDir Path temporary;

  /** A learner's tensors by name, before the first step or as saved, as texts of their bits. */
  private static Map<String, String> begun(RunConfig config, List<String> notes, String learner) {
    Map<String, String> bits = new TreeMap<>();
    try (PointerScope scope = new PointerScope();
        Prepared<?> prepared = Runs.session().prepare(config);
        Course<?> course = new Assembly<>(config, prepared, Runs.CATALOG).begin(notes::add)) {
      course.seats().stream()
          .filter(seat -> seat.name().equals(learner))
          .forEach(seat -> seat.tensors().forEach((name, t) -> bits.put(name, bits(t))));
    }
    return bits;
  }

  private static Map<String, String> saved(Path run, String learner) {
    Map<String, String> bits = new TreeMap<>();
    try (PointerScope scope = new PointerScope()) {
      Safetensors file = CheckpointStore.find(run, warning -> {}).orElseThrow().learner(learner);
      file.names().forEach(name -> bits.put(name, bits(file.read(name))));
    }
    return bits;
  }

  private static String bits(Tensor tensor) {
    Tensor flat = tensor.detach().contiguous();
    byte[] bytes = new byte[(int) flat.nbytes()];
    new org.bytedeco.javacpp.BytePointer(flat.data_ptr()).get(bytes);
    return java.util.HexFormat.of().formatHex(bytes);
  }

  private static List<String> changed(Map<String, String> before, Map<String, String> after) {
    assertThat(after.keySet()).isEqualTo(before.keySet());
    return before.keySet().stream()
        .filter(name -> !before.get(name).equals(after.get(name)))
        .toList();
  }

  @Test
  void aPatternIsABeginningOfNames() {
    Freeze some = new Freeze(List.of("layer1", "bl*.norm1", "fc.bias"));
    assertThat(some.takes("layer1.0.conv1.weight")).isTrue();
    assertThat(some.takes("layer10.0.conv1.weight")).isFalse();
    assertThat(some.takes("blocks.3.norm1.bias")).isTrue();
    assertThat(some.takes("blocks.3.norm2.bias")).isFalse();
    assertThat(some.takes("fc.bias")).isTrue();
    assertThat(some.takes("fc.weight")).isFalse();
    Freeze others = new Freeze(List.of("!fc", "!layer4.1"));
    assertThat(others.takes("fc.weight")).isFalse();
    assertThat(others.takes("layer4.1.bn1.running_mean")).isFalse();
    assertThat(others.takes("layer4.0.bn1.running_mean")).isTrue();
    Freeze within = new Freeze(List.of("layer4", "!layer4.1"));
    assertThat(within.takes("layer4.0.x")).isTrue();
    assertThat(within.takes("layer4.1.x")).isFalse();
    assertThat(within.takes("conv1.weight")).isFalse();
    assertThat(Freeze.none().takes("fc.weight")).isFalse();
    assertThatThrownBy(() -> new Freeze(List.of("!")))
        .hasMessage("freeze = ! is not allowed; beginnings of parameters' names");
  }

  @Test
  void whatIsFrozenStaysToTheBitAndTheRestLearns() {
    Path run = temporary.resolve("run");
    RunConfig config = Runs.config(Runs.SMALL, HEAD, STUDENT, "ema=0.5");
    List<String> notes = new ArrayList<>();
    Map<String, String> teacher = begun(config, notes, "teacher");
    assertThat(notes)
        .containsExactly(
            "teacher: 90 of 654 parameters are trained; freeze [!fc2]",
            "student0: 142 of 910 parameters are trained; freeze [fc1.weight]");
    Outcome outcome = Runs.run(run, Runs.SMALL, HEAD, STUDENT, "ema=0.5");

    assertThat(changed(teacher, saved(run, "teacher"))).containsExactly("fc2.bias", "fc2.weight");
    assertThat(changed(begun(config, notes, "student0"), saved(run, "student0")))
        .containsExactly("fc1.bias", "fc2.bias", "fc2.weight");
    Map<String, Double> again =
        Runs.session()
            .score(run, Split.TEST, java.util.Optional.empty(), Listener.none())
            .get("teacher");
    assertThat(again.get("accuracy")).isEqualTo(outcome.primary().orElseThrow());
    Path whole = temporary.resolve("whole");
    Runs.run(whole, Runs.SMALL, CNN + "}", "ema=0.5");
    assertThat(changed(begun(config, notes, "teacher"), saved(whole, "teacher"))).hasSize(10);
    assertThat(Runs.json(run.resolve("result.json")).required("flops"))
        .as("a backward counts as two forwards, whatever is frozen")
        .isEqualTo(Runs.json(whole.resolve("result.json")).required("flops"));
  }

  @Test
  void aStoppedRunEndsInTheSameBits() {
    Path whole = temporary.resolve("whole");
    Runs.run(whole, Runs.SMALL, HEAD, STUDENT);
    Path broken = Runs.create(temporary.resolve("broken"), Runs.config(Runs.SMALL, HEAD, STUDENT));
    Runs.proceed(broken, Runs.after(7));
    Runs.proceed(broken, () -> false);
    assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(whole));
  }

  /** In train mode too a frozen normalization answers for each image by itself. */
  @Test
  void frozenStatisticsNormaliseAndStay() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      torch.manual_seed(2);
      Model cnn =
          new Freeze(List.of("!fc2"))
              .over(new Cnn(List.of(4, 6), 8, 0).build(Shape.of(1, 8, 8), 3), "freeze");
      Tensor images = torch.randn(5, 1, 8, 8);
      cnn.mode(false);
      Tensor asked = cnn.forward(images, memory).logits();
      cnn.mode(true);
      assertThat(cnn.module().is_training()).isTrue();
      assertThat(torch.equal(cnn.forward(images, memory).logits(), asked)).isTrue();
      Model free = new Cnn(List.of(4, 6), 8, 0).build(Shape.of(1, 8, 8), 3);
      free.mode(true);
      Tensor first = free.forward(images, memory).logits();
      free.mode(false);
      assertThat(torch.equal(free.forward(images, memory).logits(), first)).isFalse();
    }
  }

  private void refused(String message, String... overrides) {
    Path run = temporary.resolve("refused");
    RunConfig config = Runs.config(Runs.SMALL, overrides);
    assertThatThrownBy(() -> Runs.create(run, config))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
    assertThat(run).doesNotExist();
  }

  @Test
  void patternsThatDoNotFitAreRefusedBeforeAnythingIsWritten() {
    refused(
        "teacher.freeze = fc3 is not allowed; the names of what is trained begin with conv1, bn1,"
            + " fc1, fc2",
        CNN + ", freeze: [fc1, fc3]}");
    refused(
        "students[0].freeze = [fc1, fc2] is not allowed; something has to be left to train; names"
            + " begin with fc1, fc2",
        "students=[{model: mlp, hidden: [12], freeze: [fc1, fc2]}]");
    refused(
        "teacher.freeze = !conv2 is not allowed; the names of what is trained begin with conv1, bn1,"
            + " fc1, fc2",
        CNN + ", freeze: ['!conv2']}");
  }

  @Test
  void publishedWeightsStayAndAConfigurationIsWrittenAsItIsRead() {
    Path file = temporary.resolve("model.safetensors");
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("fc1.weight", torch.randn(16, 64));
      tensors.put("fc1.bias", torch.randn(16));
      tensors.put("fc2.weight", torch.randn(1000, 16));
      tensors.put("fc2.bias", torch.randn(1000));
      Safetensors.write(file, tensors, Map.of());
    }
    String teacher =
        "teacher={model: mlp, hidden: [16], init-from: " + file + ", freeze: ['!fc2']}";
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, teacher);
    Map<String, String> after = saved(run, "teacher");
    try (PointerScope scope = new PointerScope()) {
      Safetensors published = Safetensors.open(file);
      assertThat(after.get("fc1.weight")).isEqualTo(bits(published.read("fc1.weight")));
      assertThat(after.get("fc1.bias")).isEqualTo(bits(published.read("fc1.bias")));
    }
    RunConfig config = Runs.config(Runs.SMALL, teacher, STUDENT);
    String yaml = new ConfigWriter(Runs.CATALOG).yaml(config);
    assertThat(yaml).contains("freeze: [\"!fc2\"]", "freeze: [fc1.weight]");
    assertThat(Runs.config(yaml)).isEqualTo(config);
  }

  /** Each generation and member begins anew but for what is frozen, which is its own. */
  @Test
  void copiesOfTheTeacherAreFrozenAsItIs() {
    for (String method : List.of("born-again", "two-network-ensemble")) {
      Path run = temporary.resolve(method);
      RunConfig config = Runs.config(Runs.SMALL, HEAD, "method=" + method);
      Map<String, String> before = begun(config, new ArrayList<>(), "teacher");
      Runs.run(run, Runs.SMALL, HEAD, "method=" + method);
      assertThat(changed(before, saved(run, "teacher")))
          .as(method)
          .containsExactly("fc2.bias", "fc2.weight");
    }
  }

  @Test
  void withAdaptersPatternsSayWhichOfThemStay() {
    String llama =
        """
        name: adapters
        task: {kind: instructions, data: sums, length: 64, train-examples: 40, eval-generate: 0}
        method: teacher-only
        teacher: {model: llama, layers: 2, width: 16, heads: 2, kv-heads: 1, inner: 24,
          lora: {rank: 2, alpha: 4}, freeze: [model.layers.0]}
        optimizer: {kind: adamw, lr: 1e-2}
        budget: {updates: 3}
        batch-size: 4
        eval-every: 3
        threads: 1
        """;
    Path run = temporary.resolve("run");
    RunConfig config = Runs.config(llama);
    Map<String, String> before = begun(config, new ArrayList<>(), "teacher");
    Runs.run(run, llama);
    assertThat(changed(before, saved(run, "teacher")))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(name).matches("model\\.layers\\.1\\..*lora_[AB]\\.weight"));
    assertThatThrownBy(
            () ->
                Runs.create(temporary.resolve("x"), Runs.config(llama, "teacher.freeze=[lm_head]")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("teacher.freeze = lm_head is not allowed; the names of what is");
  }
}
