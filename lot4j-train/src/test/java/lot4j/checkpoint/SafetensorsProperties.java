package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

class SafetensorsProperties {
  private static Path file;
  private static byte[] whole;

  @BeforeContainer
  static void writeOne() throws IOException {
    file = Files.createTempFile("lot4j", ".safetensors");
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors =
          Map.of(
              "layer.weight", torch.arange(new Scalar(12)).to(ScalarType.Float).reshape(3, 4),
              "layer.bias", torch.ones(3).to(ScalarType.BFloat16),
              "steps", torch.zeros(0).to(ScalarType.Long),
              "mask", torch.ones(5).to(ScalarType.Bool));
      Safetensors.write(file, tensors, Map.of("format", "pt"));
    }
    whole = Files.readAllBytes(file);
  }

  @AfterContainer
  static void deleteIt() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Either refused, or every tensor lies within the file and has the size of its shape. */
  private static void holdsOrIsRefused(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (PointerScope scope = new PointerScope()) {
      Safetensors open = Safetensors.open(file);
      long data = 0;
      for (String name : open.names()) {
        Tensor tensor = open.read(name);
        assertThat(Arrays.stream(Safetensors.sizes(tensor)).boxed().toList())
            .isEqualTo(open.shape(name));
        data += tensor.nbytes();
      }
      long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertThat(Long.BYTES + header + data).isEqualTo(bytes.length);
    } catch (CheckpointException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
      assertThat(e.getMessage().lines()).hasSize(1);
    }
  }

  @Property(tries = 600)
  void flippedBytesAreRefusedOrHarmless(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    byte[] bytes = whole.clone();
    places.forEach(place -> bytes[place % bytes.length] ^= (byte) change);
    holdsOrIsRefused(bytes);
  }

  @Property(tries = 300)
  void cutFilesAreRefused(@ForAll @IntRange(max = 1 << 20) int length) throws IOException {
    Files.write(file, Arrays.copyOf(whole, length % whole.length));
    assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CheckpointException.class);
  }

  @Property(tries = 100)
  void longerFilesAreRefused(@ForAll @IntRange(min = 1, max = 100) int more) throws IOException {
    Files.write(file, Arrays.copyOf(whole, whole.length + more));
    assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CheckpointException.class);
  }

  @Property(tries = 400)
  void piecesOfHeadersInAnyOrderAreRefusedOrHarmless(
      @ForAll("pieces") List<String> pieces, @ForAll @IntRange(max = 16) int data)
      throws IOException {
    byte[] header = ("{" + String.join("", pieces)).getBytes(StandardCharsets.UTF_8);
    holdsOrIsRefused(
        ByteBuffer.allocate(8 + header.length + data)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    List<String> parts = new ArrayList<>(List.of("{", "}", "[", "]", ",", ":", "\"a\":", "null"));
    for (String entry : List.of("[0],\"data_offsets\":[0,0]", "[2],\"data_offsets\":[0,8]")) {
      parts.add("\"t" + parts.size() + "\":{\"dtype\":\"F32\",\"shape\":" + entry + "}");
      parts.add(",\"t" + parts.size() + "\":{\"dtype\":\"F32\",\"shape\":" + entry + "}");
    }
    parts.addAll(List.of("\"dtype\":\"I64\"", "\"shape\":[]", "\"data_offsets\":[0,8]", "}}", "9"));
    return Arbitraries.of(parts).list().ofMaxSize(8);
  }
}
