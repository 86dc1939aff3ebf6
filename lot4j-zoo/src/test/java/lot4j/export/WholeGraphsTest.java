package lot4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.data.TableFile;
import lot4j.task.ImagePrediction;
import lot4j.task.PreparedTable;
import lot4j.task.TablePrediction;
import lot4j.task.TemperatureScaling;
import lot4j.train.Listener;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.SavedRun;
import lot4j.train.Split;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are more than their model: tables, labels, adapters. */
class WholeGraphsTest {
  private static final Catalog CATALOG = Catalog.load();
  private static final RunSession SESSION = new RunSession(CATALOG, Path.of("no-such-directory"));
  private static final double CLOSE = 1e-4;

  @TempDir Path directory;

  private Path run(String yaml, Consumer<Prepared<?>> look) {
    Path run = directory.resolve("run");
    RunConfig config =
        new ConfigReader(CATALOG)
            .readRun(ConfigSource.of("test.yaml", yaml), List.of())
            .withDevice("cpu");
    try (Prepared<?> prepared = SESSION.prepare(config)) {
      look.accept(prepared);
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

  private Path table() throws IOException {
    StringBuilder text = new StringBuilder("size,colour,weight,kind,price\n");
    for (int i = 0; i < 120; i++) {
      String colour = List.of("red", "green", "blue", "").get(i % 4);
      String size = i % 11 == 0 ? "" : Integer.toString(i % 13);
      text.append(
          String.format(
              "%s,%s,%d.5,%s,%d.25%n",
              size, colour, i % 7, i % 3 == 0 ? "low" : "high", 3 * i % 17 + i % 4));
    }
    return Files.writeString(directory.resolve("shop.csv"), text);
  }

  private String config(Path table, String target, String model) {
    return """
        name: shop
        task: {kind: tabular, data: %s, target: %s}
        method: teacher-only
        teacher: %s
        optimizer: {kind: adamw, lr: 0.01}
        budget: {epochs: 3}
        batch-size: 16
        threads: 1
        """
        .formatted(table, target, model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{model: mlp, hidden: [9]}", "{model: tabular-resnet, width: 8}"})
  void aTableOfClasses(String model) throws IOException {
    Tensor[] rows = new Tensor[1];
    Path run = run(config(table(), "kind", model), prepared -> rows[0] = rows(prepared));
    Path file = directory.resolve("net.onnx");
    with(
        run,
        saved -> {
          OnnxExport.write(teacher(saved), file, false, 1);
          Tensor logits = output(saved, rows[0]).logits();
          assertThat(Graphs.distance(Graphs.run(bytes(file), rows[0], "logits"), logits))
              .isLessThan(CLOSE);
          assertThat(
                  Graphs.distance(
                      Graphs.run(bytes(file), rows[0], "probabilities"), torch.softmax(logits, 1)))
              .isLessThan(CLOSE);
          long parameters = 0;
          for (Tensor tensor : saved.states().get("teacher").tensors().values()) {
            parameters += tensor.is_floating_point() ? tensor.numel() : 0;
          }
          JsonNode card = json(Exported.cardOf(file));
          // Batch statistics are no parameters.
          if (model.contains("mlp")) {
            assertThat(card.at("/model/parameters").asLong()).isEqualTo(parameters);
          }
          assertThat(card.at("/labels").toString()).isEqualTo("[\"high\",\"low\"]");
          return 0;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "squared"})
  void aTableOfNumbers(String loss) throws IOException {
    Tensor[] rows = new Tensor[1];
    Path table = table();
    String yaml = config(table, "price", "{model: mlp, hidden: [9]}");
    Path run =
        run(
            yaml.replace("target: price", "target: price, loss: " + loss),
            prepared -> rows[0] = rows(prepared));
    Path file = directory.resolve("net.onnx");
    with(
        run,
        saved -> {
          double temperature = loss.equals("gaussian") ? 2.5 : 1;
          OnnxExport.write(teacher(saved), file, false, temperature);
          TablePrediction prediction = TablePrediction.read(run.resolve(TablePrediction.FILE));
          Network scaled =
              new TemperatureScaling(temperature).over(saved.networks().get("teacher"));
          List<TablePrediction.Said> said =
              prediction.of(scaled, TableFile.read(table).table()).rows();
          Tensor all = all(prediction, table);
          float[][] values = Graphs.run(bytes(file), all, "value");
          for (int i = 0; i < said.size(); i++) {
            assertThat((double) values[i][0])
                .isCloseTo(said.get(i).value(), org.assertj.core.api.Assertions.within(CLOSE));
          }
          if (loss.equals("gaussian")) {
            float[][] deviations = Graphs.run(bytes(file), all, "deviation");
            for (int i = 0; i < said.size(); i++) {
              assertThat((double) deviations[i][0])
                  .isCloseTo(
                      said.get(i).deviation(), org.assertj.core.api.Assertions.within(CLOSE));
            }
          }
          return 0;
        });
  }

  @Test
  void severalLabelsHaveAProbabilityEach() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("pictures"));
    StringBuilder labels = new StringBuilder("file,labels\n");
    for (int i = 0; i < 40; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      int rgb = (i % 2 == 0 ? 0xff0000 : 0) | (i % 3 == 0 ? 0xff : 0);
      for (int at = 0; at < 64; at++) {
        image.setRGB(at % 8, at / 8, rgb + (at * 37 + i) % 40 * 256);
      }
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
      String names =
          (i % 2 == 0 ? "red" : "") + (i % 6 == 0 ? "|" : "") + (i % 3 == 0 ? "blue" : "");
      labels.append(i).append(".png,").append(names).append('\n');
    }
    Files.writeString(folder.resolve("labels.csv"), labels);
    Path run =
        run(
            """
            name: pictures
            task: {kind: image, data: %s, augment: none, labels: multi}
            method: teacher-only
            teacher: {model: mlp, hidden: [9]}
            budget: {epochs: 2}
            batch-size: 8
            threads: 1
            """
                .formatted(folder),
            prepared -> {});
    Path file = directory.resolve("net.onnx");
    ImagePrediction prediction = ImagePrediction.read(run.resolve(ImagePrediction.FILE));
    List<Path> files = List.of(folder.resolve("0.png"), folder.resolve("3.png"));
    with(
        run,
        saved -> {
          OnnxExport.write(teacher(saved), file, true, 1);
          List<List<Double>> expected =
              prediction.probabilities(saved.networks().get("teacher"), files);
          float[][] found = Graphs.run(bytes(file), pixels(files), "probabilities");
          for (int i = 0; i < files.size(); i++) {
            for (int label = 0; label < 2; label++) {
              assertThat((double) found[i][label])
                  .isCloseTo(
                      expected.get(i).get(label), org.assertj.core.api.Assertions.within(CLOSE));
            }
          }
          return 0;
        });
  }

  @Test
  void adaptersAreWorkedIntoTheMatrices() throws IOException {
    Path run =
        run(
            """
            name: small
            task: {kind: text, data: kjv, tokens: char, length: 16, train-examples: 3000}
            method: teacher-only
            teacher:
              {model: llama, layers: 1, width: 16, heads: 2, kv-heads: 2, inner: 24, context: 16, lora: {rank: 2}}
            optimizer: {kind: adamw, lr: 0.05}
            budget: {updates: 3}
            batch-size: 4
            threads: 1
            """,
            prepared -> {});
    Path file = directory.resolve("net.safetensors");
    with(
        run,
        saved -> {
          WeightsExport.write(teacher(saved), file);
          return 0;
        });
    PlainSafetensors read = PlainSafetensors.read(file);
    assertThat(read.entries().keySet()).noneMatch(name -> name.contains("lora"));
    with(
        run,
        saved -> {
          String name = "model.layers.0.self_attn.q_proj.weight";
          Tensor before = saved.states().get("teacher").tensors().get(name);
          Tensor after = torch.tensor(read.entries().get(name).floats()).view(16, 16);
          // Three steps at a high rate have moved it.
          assertThat(after.sub(before).abs().max().item_double()).isGreaterThan(1e-4);
          return 0;
        });
    Path again = directory.resolve("again");
    RunConfig config =
        new ConfigReader(CATALOG)
            .readRun(
                ConfigSource.file(run.resolve("config.yaml")),
                List.of("teacher.lora=none", "teacher.init-from=" + file))
            .withDevice("cpu");
    try (Prepared<?> prepared = SESSION.prepare(config)) {
      SESSION.create(again, config, config.method(), prepared);
    }
  }

  private static Tensor rows(Prepared<?> prepared) {
    return matrix(((PreparedTable) prepared).inputs(Split.TEST));
  }

  private Tensor all(TablePrediction prediction, Path table) {
    var encoder = prediction.encoding().encoder(TableFile.read(table).table());
    int rows = TableFile.read(table).table().size();
    float[][] numbers = new float[rows][];
    for (int i = 0; i < rows; i++) {
      numbers[i] = new float[prediction.encoding().features()];
      encoder.encode(i, numbers[i], 0);
    }
    return matrix(numbers);
  }

  private static Tensor matrix(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
    }
    return torch.tensor(flat).view(rows.length, rows[0].length);
  }

  private static Tensor pixels(List<Path> files) {
    byte[] bytes = new byte[files.size() * 3 * 64];
    for (int i = 0; i < files.size(); i++) {
      try {
        BufferedImage image = ImageIO.read(files.get(i).toFile());
        for (int channel = 0; channel < 3; channel++) {
          for (int at = 0; at < 64; at++) {
            int value = image.getRGB(at % 8, at / 8) >> (16 - 8 * channel) & 0xff;
            bytes[(i * 3 + channel) * 64 + at] = (byte) value;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    long[] wide = LongStream.range(0, bytes.length).map(i -> bytes[(int) i] & 0xff).toArray();
    return torch.tensor(wide).view(files.size(), 3, 8, 8).to(torch.ScalarType.Byte);
  }

  private static Output output(SavedRun saved, Tensor rows) {
    try (NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      return saved.networks().get("teacher").forward(rows, memory);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
