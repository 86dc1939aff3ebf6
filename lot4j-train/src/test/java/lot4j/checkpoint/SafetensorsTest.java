package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.pytorch.global.torch.arange;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path folder;
  private PointerScope scope;
  private Path file;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    file = folder.resolve("a.safetensors");
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void writesTheBytesOfTheFormat() throws Exception {
    Safetensors.write(
        file, Map.of("b", tensor(new byte[] {7}), "a", tensor(new float[] {1})), Map.of("k", "v"));
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[4,5]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 5).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded).put(header.getBytes(StandardCharsets.US_ASCII));
    expected.put(" ".repeat(padded - header.length()).getBytes(StandardCharsets.US_ASCII));
    expected.putFloat(1).put((byte) 7);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
  }

  @Test
  void everyTensorBeginsOnAMultipleOfItsElementSize() throws Exception {
    Safetensors.write(
        file, Map.of("a", tensor(new byte[] {7}), "b", tensor(new double[] {1})), Map.of());
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[8,9]}");
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void keepsEveryTypeToTheBit(ElementType type) {
    Tensor written = arange(new Scalar(6)).to(type.scalar()).reshape(2, 3);
    Safetensors.write(file, Map.of("t", written), Map.of());
    Tensor read = Safetensors.open(file).read("t");
    assertThat(read.scalar_type().intern()).isEqualTo(type.scalar());
    assertThat(Safetensors.sizes(read)).containsExactly(2, 3);
    assertThat(read.equal(written)).isTrue();
  }

  @Test
  void keepsScalarsAndEmptyTensors() {
    Tensor none = torch.empty(0, 3);
    Safetensors.write(
        file, Map.of("s", torch.full(new long[0], new Scalar(2.5)), "e", none), Map.of());
    Safetensors open = Safetensors.open(file);
    assertThat(open.read("s").item_double()).isEqualTo(2.5);
    assertThat(open.shape("e")).containsExactly(0L, 3L);
    assertThat(open.read("e").numel()).isZero();
  }

  @Test
  void refusesATypeTheFormatLacks() {
    Tensor complex = torch.ones(1).to(ScalarType.ComplexFloat);
    assertThatThrownBy(() -> Safetensors.write(file, Map.of("z", complex), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'z'");
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesTheNameOfTheMetadata() {
    Map<String, Tensor> tensors = Map.of("__metadata__", torch.ones(1));
    assertThatThrownBy(() -> Safetensors.write(file, tensors, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void writesTensorsOverTwoGibibytesWhole() throws Exception {
    long size = (1L << 31) + 12_345;
    // Left as the system gives it, so that it takes no memory but for its end.
    Tensor large =
        torch.empty(
            new long[] {size}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional());
    large.narrow(0, size - 3, 3).fill_(new Scalar(7.0));
    Tail out = new Tail();
    Safetensors.write(out, Map.of("w", large), Map.of());
    assertThat(out.header.getLong(0) + Long.BYTES + size).isEqualTo(out.count);
    assertThat(out.last).containsExactly(7, 7, 7);
  }

  /** Keeps the head and the last three bytes. */
  private static final class Tail implements WritableByteChannel {
    private final ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] last = new byte[3];
    private long count;

    @Override
    public int write(ByteBuffer source) {
      int bytes = source.remaining();
      if (count == 0) {
        header.put(source.slice(0, 8));
      }
      count += bytes;
      source.position(source.limit() - last.length).get(last);
      return bytes;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void writesTransposedTensorsInLogicalOrder() {
    Tensor turned = arange(new Scalar(6)).reshape(2, 3).t();
    Safetensors.write(file, Map.of("t", turned), Map.of());
    assertThat(Safetensors.open(file).read("t").equal(turned)).isTrue();
  }

  @Test
  void fillsParametersThatAreViewsOfOneBuffer() {
    Tensor flat = torch.zeros(6);
    Tensor view = flat.narrow(0, 2, 4).reshape(2, 2).detach().set_requires_grad(true);
    Safetensors.write(file, Map.of("w", tensor(1f, 2f, 3f, 4f).reshape(2, 2)), Map.of());
    Safetensors.open(file).read("w", view);
    assertThat(flat.equal(tensor(0f, 0f, 1f, 2f, 3f, 4f))).isTrue();
    assertThat(view.requires_grad()).isTrue();
    assertThat(view.is_leaf()).isTrue();
  }

  @Test
  void fillsTransposedParameters() {
    Tensor flat = torch.zeros(2, 3);
    Tensor turned = flat.t().detach().set_requires_grad(true);
    Tensor values = arange(new Scalar(6)).to(ScalarType.Float).reshape(3, 2);
    Safetensors.write(file, Map.of("w", values), Map.of());
    Safetensors.open(file).read("w", turned);
    assertThat(turned.equal(values)).isTrue();
    assertThat(flat.t().equal(values)).isTrue();
  }

  @Test
  void refusesATargetOfAnotherShapeOrType() {
    Safetensors.write(file, Map.of("w", torch.ones(2)), Map.of());
    Safetensors open = Safetensors.open(file);
    assertThatThrownBy(() -> open.read("w", torch.ones(3)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": 'w' is [2], the target is [3]");
    assertThatThrownBy(() -> open.read("w", torch.ones(2).to(ScalarType.Double)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": 'w' is Float, the target is Double");
  }

  @Test
  void keepsMetadata() {
    Safetensors.write(file, Map.of(), Map.of("format", "pt", "über", "ß"));
    assertThat(Safetensors.open(file).metadata()).isEqualTo(Map.of("format", "pt", "über", "ß"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        " {}",
        "{}x",
        "{}{}",
        "{\"a\":1}",
        "{\"__metadata__\":{\"k\":1}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":0}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807,0,2],\"data_offsets\":[0,0]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
      })
  void refusesHeadersThatDoNotDescribeFourBytes(String header) throws Exception {
    Files.write(file, raw(header.getBytes(StandardCharsets.UTF_8), 4));
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + ": ");
  }

  @Test
  void acceptsAHeaderThatDescribesFourBytes() throws Exception {
    String header = "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4],\"dtype\":\"F32\"}}   ";
    Files.write(file, raw(header.getBytes(StandardCharsets.UTF_8), 4));
    assertThat(Safetensors.open(file).read("a").item_float()).isZero();
  }

  @Test
  void refusesOtherEncodingsAndHugeHeaders() throws Exception {
    for (byte[] bytes :
        List.of(
            raw("{}".getBytes(StandardCharsets.UTF_16LE), 0),
            raw(new byte[] {'{', '"', (byte) 0xff, '"', '}'}, 0),
            new byte[7],
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array(),
            ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40).array())) {
      Files.write(file, bytes);
      assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void namesAFileThatIsAbsent() {
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": cannot be read; no such file or directory");
  }

  @Test
  void noticesAFileThatWasCutAfterOpening() throws Exception {
    Safetensors.write(file, Map.of("w", torch.ones(2)), Map.of());
    Safetensors open = Safetensors.open(file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));
    assertThatThrownBy(() -> open.read("w")).isInstanceOf(CheckpointException.class);
  }

  private static byte[] raw(byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }
}
