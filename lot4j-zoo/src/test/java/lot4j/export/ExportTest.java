package lot4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Network;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.train.DataException;
import lot4j.train.Listener;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.SavedRun;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read by readers that are not ours, and says the same. */
class ExportTest {
  private static final Catalog CATALOG = Catalog.load();
  private static final RunSession SESSION = new RunSession(CATALOG, Path.of("no-such-directory"));
  private static final String CONFIG =
      """
      name: small
      task: {kind: image, data: digits, train-examples: 60, normalize: train}
      method: lot
      teacher: {model: preresnet, depth: 8}
      students: [{model: mlp, hidden: [12]}]
      optimizer: {kind: sgd, lr: 0.05}
      budget: {updates: 6}
      batch-size: 16
      eval-every: 3
      select: last
      checkpoint: {every: 3}
      threads: 1
      """;

  @TempDir Path directory;

  private Path run(String... overrides) {
    Path run = directory.resolve("run");
    RunConfig config =
        new ConfigReader(CATALOG)
            .readRun(ConfigSource.of("test.yaml", CONFIG), List.of(overrides))
            .withDevice("cpu");
    try (Prepared<?> prepared = SESSION.prepare(config)) {
      SESSION.create(run, config, config.method(), prepared);
    }
    SESSION.proceed(run, Listener.none(), () -> false);
    return run;
  }

  private static <T> T with(Path run, Function<SavedRun, T> body) {
    return SESSION.withNetworks(run, Listener.none(), body);
  }

  private static Subject teacher(SavedRun run) {
    return new Subject(run, "teacher", CATALOG, Optional.empty());
  }

  private static Tensor digits() {
    torch.manual_seed(3);
    return torch.randn(9, 1, 8, 8);
  }

  private static float[] logits(Network network, Tensor images) {
    try (Memory memory = new Memory();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor logits = network.forward(images, memory).logits().contiguous();
      float[] numbers = new float[(int) logits.numel()];
      logits.data_ptr_float().get(numbers);
      return numbers;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ema=none", "ema=0.5", "optimizer={kind: asgd, lr: 0.05, t0: 2}"})
  void weightsAnswerTheSameToTheBitElsewhere(String setting) throws IOException {
    Path run = run(setting);
    Path file = directory.resolve("net.safetensors");
    float[] expected =
        with(
            run,
            saved -> {
              WeightsExport.write(teacher(saved), file);
              return logits(saved.networks().get("teacher"), digits());
            });
    PlainSafetensors read = PlainSafetensors.read(file);
    assertThat(read.metadata()).containsEntry("format", "pt");
    assertThat(read.entries()).containsKey("layer1.0.bn1.running_var");
    assertThat(read.entries().get("bn.num_batches_tracked").type()).isEqualTo("I64");
    assertThat(read.entries().get("bn.num_batches_tracked").longs()[0]).isPositive();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      RunConfig config = SESSION.config(run);
      Model fresh = config.teacher().spec().build(lot4j.Shape.of(1, 8, 8), 10);
      Map<String, Tensor> targets = new LinkedHashMap<>();
      add(targets, fresh.module().named_parameters());
      add(targets, fresh.module().named_buffers());
      assertThat(read.entries().keySet()).isEqualTo(targets.keySet());
      read.entries().forEach((name, entry) -> put(targets.get(name), entry));
      fresh.module().eval();
      assertThat(logits(fresh, digits())).isEqualTo(expected);
    }
  }

  private static void add(Map<String, Tensor> all, StringTensorDict dict) {
    for (long i = 0; i < dict.size(); i++) {
      all.put(dict.get(i).key().getString(), new Tensor(dict.get(i).value()));
    }
  }

  private static void put(Tensor target, PlainSafetensors.Entry entry) {
    Tensor values =
        entry.type().equals("I64") ? torch.tensor(entry.longs()) : torch.tensor(entry.floats());
    target.copy_(values.reshape(entry.sizes()));
  }

  @Test
  void theCardSaysWhatTheNetworkIs() throws Exception {
    Path run = run("ema=0.5");
    Path file = directory.resolve("net.safetensors");
    with(
        run,
        saved ->
            WeightsExport.write(new Subject(saved, "teacher", CATALOG, Optional.of("MIT")), file));
    JsonNode card = json(directory.resolve("net.safetensors.json"));
    byte[] bytes = Files.readAllBytes(file);
    assertThat(card.at("/file/sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThat(card.at("/file/bytes").asLong()).isEqualTo(bytes.length);
    assertThat(card.at("/license").asText()).isEqualTo("MIT");
    assertThat(card.at("/model/configuration").toString())
        .isEqualTo("{\"model\":\"preresnet\",\"depth\":8}");
    assertThat(card.at("/model/averaged").asBoolean()).isTrue();
    assertThat(card.at("/input/shape").toString()).isEqualTo("[\"batch\",1,8,8]");
    assertThat(card.at("/labels")).hasSize(10);
    assertThat(card.at("/preprocessing/normalization/mean/0").asDouble()).isBetween(0.1, 0.6);
    JsonNode result = json(run.resolve("result.json"));
    assertThat(card.at("/metrics/splits/test")).isEqualTo(result.at("/splits/test/teacher"));
    assertThat(card.at("/metrics/primary")).isEqualTo(result.get("primary"));
    assertThat(card.at("/data")).isNotEmpty();
    assertThat(card.at("/data/counts/train").asInt()).isEqualTo(60);
    assertThat(card.at("/training/seed").isNumber()).isTrue();
    assertThat(card.at("/configuration/students/0/lambda").asInt()).isEqualTo(1);
    assertThat(card.at("/versions/libtorch").asText()).isNotEmpty();
  }

  @Test
  void aStudentIsExportedWithItsOwnNumbers() throws IOException {
    Path run = run();
    Path file = directory.resolve("s.safetensors");
    with(
        run,
        saved ->
            WeightsExport.write(new Subject(saved, "student0", CATALOG, Optional.empty()), file));
    JsonNode card = json(Exported.cardOf(file));
    assertThat(card.at("/model/configuration").has("lambda")).isFalse();
    assertThat(card.at("/model/configuration/hidden/0").asInt()).isEqualTo(12);
    assertThat(card.at("/metrics/splits/test"))
        .isEqualTo(json(run.resolve("result.json")).at("/splits/test/student0"));
    assertThat(card.at("/metrics").has("primary")).isFalse();
    assertThat(PlainSafetensors.read(file).entries())
        .containsOnlyKeys("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
  }

  @Test
  void anotherCheckpointsNumbersAreNotClaimed() throws IOException {
    Path run = run();
    Path early;
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      early = all.filter(Files::isDirectory).sorted().findFirst().orElseThrow();
    }
    Path file = directory.resolve("early.safetensors");
    with(early, saved -> WeightsExport.write(teacher(saved), file));
    JsonNode metrics = json(Exported.cardOf(file)).get("metrics");
    assertThat(metrics.get("splits").isNull()).isTrue();
    assertThat(metrics.get("splits_reason").asText()).contains("step 6, these are of 3");
    Files.delete(run.resolve("result.json"));
    with(run, saved -> WeightsExport.write(teacher(saved), file));
    assertThat(json(Exported.cardOf(file)).at("/metrics/splits_reason").asText())
        .isEqualTo("the run has not ended");
    Files.writeString(run.resolve("result.json"), "{\"splits\": ");
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> with(run, saved -> WeightsExport.write(teacher(saved), file)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("result.json: damaged");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aGraphAnswersAsTheRunDoes() throws IOException {
    Path run = run("ema=0.5");
    Path file = directory.resolve("net.onnx");
    with(
        run,
        saved -> {
          OnnxExport.write(teacher(saved), file, false, 1);
          Network network = saved.networks().get("teacher");
          try (Memory memory = new Memory()) {
            Tensor logits = network.forward(digits(), memory).logits();
            byte[] bytes = bytes(file);
            assertThat(Graphs.distance(Graphs.run(bytes, digits(), "logits"), logits))
                .isLessThan(1e-4);
            Tensor shares = torch.softmax(logits, 1);
            assertThat(Graphs.distance(Graphs.run(bytes, digits(), "probabilities"), shares))
                .isLessThan(1e-5);
          }
          return 0;
        });
    assertThat(Graphs.properties(bytes(file)).get("labels")).startsWith("[\"0\",\"1\"");
    JsonNode card = json(Exported.cardOf(file));
    assertThat(card.at("/onnx/opset").asInt()).isEqualTo(17);
    assertThat(card.at("/file/format").asText()).isEqualTo("onnx");
  }

  @Test
  void aGraphNormalisesPixelsItself() {
    Path run = run();
    Path file = directory.resolve("pixels.onnx");
    with(
        run,
        saved -> {
          OnnxExport.write(teacher(saved), file, true, 1);
          JsonNode numbers = json(Exported.cardOf(file)).at("/preprocessing/normalization");
          double mean = numbers.at("/mean/0").asDouble();
          double std = numbers.at("/std/0").asDouble();
          Tensor pixels =
              torch.rand(4, 1, 8, 8).mul(new Scalar(255)).round().to(torch.ScalarType.Byte);
          Tensor images =
              pixels
                  .to(torch.ScalarType.Float)
                  .div(new Scalar(255))
                  .sub(new Scalar(mean))
                  .div(new Scalar(std));
          try (Memory memory = new Memory()) {
            Tensor logits = saved.networks().get("teacher").forward(images, memory).logits();
            assertThat(Graphs.distance(Graphs.run(bytes(file), pixels, "logits"), logits))
                .isLessThan(1e-4);
          }
          return 0;
        });
    assertThat(json(Exported.cardOf(file)).at("/input/type").asText()).isEqualTo("uint8");
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
