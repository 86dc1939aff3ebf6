package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedWeightsTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path directory;
  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A file by hand: the format, nothing of ours. */
  private Path file(String name, String header, byte... data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(directory.resolve(name), bytes.array());
  }

  private static String entry(String name, String type, String shape, int begin, int end) {
    return String.format(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
        name, type, shape, begin, end);
  }

  private static double[] numbers(Tensor tensor) {
    Tensor plain = tensor.to(ScalarType.Double).contiguous().view(-1);
    double[] values = new double[Math.toIntExact(plain.numel())];
    plain.data_ptr_double().get(values);
    return values;
  }

  /** 1.5 and −2 in every type, bits written out by hand. */
  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000F83F00000000000000C0",
    "F32, 0000C03F000000C0",
    "F16, 003E00C0",
    "BF16, C03F00C0",
  })
  void floatingTypesBecomeTheTargets(String type, String hex) throws IOException {
    byte[] data = HexFormat.of().parseHex(hex);
    Path path = file("w.safetensors", "{" + entry("a.b", type, "[2]", 0, data.length) + "}", data);
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      assertThat(weights.names()).containsExactly("a.b");
      assertThat(weights.shape("a.b")).containsExactly(2);
      for (ScalarType to :
          new ScalarType[] {
            ScalarType.Double, ScalarType.Float, ScalarType.Half, ScalarType.BFloat16
          }) {
        Tensor target = torch.zeros(2).to(to);
        weights.copyTo("a.b", target);
        assertThat(target.scalar_type().intern()).isEqualTo(to);
        assertThat(numbers(target)).containsExactly(1.5, -2);
      }
    }
  }

  @Test
  void reachesViewsParametersAndStridedTargets() throws IOException {
    byte[] data = new byte[24];
    ByteBuffer.wrap(data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(new float[] {1, 2, 3, 4, 5, 6});
    Path path = file("w.safetensors", "{" + entry("w", "F32", "[2,3]", 0, 24) + "}", data);
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      Tensor transposed = torch.zeros(3, 2).t();
      Tensor parameter = torch.zeros(2, 3).set_requires_grad(true);
      Tensor wide = torch.zeros(3, 2).to(ScalarType.Double).t();
      for (Tensor target : new Tensor[] {transposed, parameter, wide}) {
        weights.copyTo("w", target);
        assertThat(numbers(target.detach())).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
  }

  /** Longer than one piece, so that the pieces' places count; 5 MiB in half precision. */
  @Test
  void manyPiecesAreInOrder() {
    long count = (5L << 20) / 2 + 3;
    Tensor values = torch.arange(new Scalar(count)).remainder(new Scalar(1021)).to(ScalarType.Half);
    Path path = directory.resolve("w.safetensors");
    Safetensors.write(path, Map.of("a", torch.ones(7), "w", values), Map.of());
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      Tensor target = torch.zeros(count);
      weights.copyTo("w", target);
      assertThat(torch.equal(target, values.to(ScalarType.Float))).isTrue();
    }
  }

  @Test
  void countersKeepTheirType() {
    Path path = directory.resolve("w.safetensors");
    Safetensors.write(path, Map.of("n", torch.ones(1).to(ScalarType.Long)), Map.of());
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      Tensor target = torch.zeros(1).to(ScalarType.Long);
      weights.copyTo("n", target);
      assertThat(target.item_long()).isOne();
      assertThatThrownBy(() -> weights.copyTo("n", torch.zeros(1)))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(path + ": 'n' is I64, the target is Float");
    }
  }

  @Test
  void whatDoesNotFitIsSaid() throws IOException {
    Path path = file("w.safetensors", "{" + entry("w", "F32", "[2,1]", 0, 8) + "}", new byte[8]);
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      assertThatThrownBy(() -> weights.copyTo("w", torch.zeros(1, 2)))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(path + ": 'w' is [2, 1], the target is [1, 2]");
      assertThatThrownBy(() -> weights.copyTo("v", torch.zeros(1)))
          .hasMessage(path + ": no tensor 'v'");
      assertThatThrownBy(() -> weights.shape("v")).hasMessage(path + ": no tensor 'v'");
    }
  }

  @Test
  void aFileThatIsCutMeanwhileIsRefused() throws IOException {
    Path path = file("w.safetensors", "{" + entry("w", "F16", "[4]", 0, 8) + "}", new byte[8]);
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      byte[] bytes = Files.readAllBytes(path);
      Files.write(path, Arrays.copyOf(bytes, bytes.length - 1));
      assertThatThrownBy(() -> weights.copyTo("w", torch.zeros(4)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("changed while it was read");
    }
  }

  private void shards() throws IOException {
    file(
        "model-1-of-2.safetensors",
        "{" + entry("a", "F16", "[1]", 0, 2) + "}",
        (byte) 0,
        (byte) 0x3c);
    file(
        "model-2-of-2.safetensors",
        "{" + entry("b", "F16", "[1]", 0, 2) + "}",
        (byte) 0,
        (byte) 0x40);
  }

  private void index(String map) throws IOException {
    Files.writeString(
        directory.resolve(INDEX), "{\"metadata\":{\"total_size\":4},\"weight_map\":{" + map + "}}");
  }

  @Test
  void shardsAreOneSetOfWeights() throws IOException {
    shards();
    index("\"a\":\"model-1-of-2.safetensors\",\"b\":\"model-2-of-2.safetensors\"");
    try (PublishedWeights weights = PublishedWeights.open(directory)) {
      assertThat(weights.names()).containsExactly("a", "b");
      Tensor target = torch.zeros(1);
      weights.copyTo("b", target);
      assertThat(target.item_float()).isEqualTo(2);
    }
    file("model.safetensors", "{}");
    try (PublishedWeights weights = PublishedWeights.open(directory)) {
      assertThat(weights.names()).as("one whole file is preferred").isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a\":\"../x.safetensors\" | 'a' is in '../x.safetensors', which is not allowed",
        "\"a\":\"/etc/passwd\" | 'a' is in '/etc/passwd', which is not allowed",
        "\"a\":\"C:\\\\w.safetensors\" | which is not allowed",
        "\"a\":\"sub/w.safetensors\" | which is not allowed",
        "\"a\":\"model-1-of-2.bin\" | which is not allowed",
        "\"a\":7 | 'a' has no file's name",
        "\"a\":\"model-9.safetensors\" | model-9.safetensors: no such file",
        "\"a\":\"model-1-of-2.safetensors\",\"a\":\"model-2-of-2.safetensors\" | Duplicate field",
        "\"a\":\"model-2-of-2.safetensors\" | no tensor 'a', which model.safetensors.index.json",
        "\"a\":\"model-1-of-2.safetensors\",\"c\":\"model-2-of-2.safetensors\" | no tensor 'c'",
        "\"a\":\"model-1-of-2.safetensors\",\"b\":\"model-1-of-2.safetensors\" | no tensor 'b'",
        "'' | no tensor in its weight_map",
        "\"a\" | it is not JSON",
      })
  void hostileIndexes(String map, String message) throws IOException {
    shards();
    index(map);
    refused(directory, message);
  }

  @Test
  void aTensorInTwoShardsAndOneThatTheIndexLeavesOut() throws IOException {
    shards();
    file("model-3.safetensors", "{" + entry("a", "U8", "[1]", 0, 1) + "}", (byte) 1);
    index("\"a\":\"model-1-of-2.safetensors\",\"b\":\"model-3.safetensors\"");
    refused(directory, "model-3.safetensors: 'a' is in model-1-of-2.safetensors too");
    file(
        "model-3.safetensors",
        "{" + entry("c", "U8", "[0]", 0, 0) + "," + entry("d", "U8", "[1]", 0, 1) + "}",
        (byte) 1);
    index("\"a\":\"model-1-of-2.safetensors\",\"c\":\"model-3.safetensors\"");
    refused(directory, "model-3.safetensors: 'd' is not in " + INDEX);
  }

  private static void refused(Path path, String message) {
    assertThatThrownBy(() -> PublishedWeights.open(path).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[2305843009213693952,8]", "[4294967296,4294967296]", "[3]", "[-2]"})
  void hostileShapes(String shape) throws IOException {
    Path path = file("w.safetensors", "{" + entry("w", "F32", shape, 0, 8) + "}", new byte[8]);
    refused(path, path + ": 'w' has ");
  }

  @Test
  void hostileHeaders() throws IOException {
    Path path = directory.resolve("w.safetensors");
    Files.write(path, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(9).array());
    refused(path, "its header says it is 9 bytes long; at most 8");
    Files.write(path, ByteBuffer.allocate(16).putLong(-1).array());
    refused(path, "18446744073709551615 bytes long");
    refused(
        file("w.safetensors", "{" + entry("w", "F8_E4M3", "[1]", 0, 1) + "}", (byte) 0), "dtype");
    refused(file("w.safetensors", "{" + entry("w", "U8", "[1]", 1, 2) + "}", new byte[2]), "hole");
    String two = entry("v", "U8", "[2]", 0, 2) + "," + entry("w", "U8", "[2]", 1, 3);
    refused(file("w.safetensors", "{" + two + "}", new byte[3]), "overlaps");
    String twice = entry("v", "U8", "[1]", 0, 1) + "," + entry("v", "U8", "[1]", 1, 2);
    refused(file("w.safetensors", "{" + twice + "}", new byte[2]), "Duplicate");
    refused(file("w.safetensors", "[]"), "'{'");
  }

  @Test
  void whatIsNoSafetensorsFileIsSaid() throws IOException {
    refused(directory.resolve("none"), "none: no such file or directory");
    refused(directory, "neither model.safetensors nor " + INDEX + " in it");
    Path zip =
        Files.write(
            directory.resolve("a.pt"),
            "PK\3\4\0\0\10\10\0\0".getBytes(StandardCharsets.ISO_8859_1));
    refused(zip, "a PyTorch file, which can hold code");
    byte[] pickle = {
      (byte) 0x80, 2, (byte) 0x8a, 10, 108, (byte) 0xfc, (byte) 0x9c, 70, (byte) 0xf9
    };
    refused(Files.write(directory.resolve("a.bin"), pickle), "a PyTorch file, which can hold code");
  }

  /** A header of 640 bytes begins with the same two bytes as a pickle. */
  @Test
  void aHeaderOf640BytesIsNoPickle() throws IOException {
    Path path = file("w.safetensors", "{" + " ".repeat(638) + "}");
    try (PublishedWeights weights = PublishedWeights.open(path)) {
      assertThat(weights.names()).isEmpty();
    }
  }
}
