package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Mutated files and indexes: refused in one line, or numbers in the shapes that they announce. */
class PublishedWeightsProperties {
  private static final String[] FILES = {
    "model.safetensors.index.json", "a.safetensors", "b.safetensors"
  };
  private static Path directory;
  private static byte[][] whole;

  @BeforeContainer
  static void writeShards() throws IOException {
    directory = Files.createTempDirectory("lot4j");
    try (PointerScope scope = new PointerScope()) {
      Tensor weight = torch.arange(new Scalar(12)).to(ScalarType.Half).reshape(3, 4);
      Safetensors.write(
          directory.resolve(FILES[1]), Map.of("w", weight, "n", torch.ones(1)), Map.of());
      Safetensors.write(
          directory.resolve(FILES[2]), Map.of("b", torch.ones(3).to(ScalarType.Double)), Map.of());
    }
    Files.writeString(
        directory.resolve(FILES[0]),
        "{\"weight_map\":{\"w\":\"a.safetensors\",\"n\":\"a.safetensors\",\"b\":\"b.safetensors\"}}");
    whole = new byte[FILES.length][];
    for (int i = 0; i < FILES.length; i++) {
      whole[i] = Files.readAllBytes(directory.resolve(FILES[i]));
    }
  }

  @AfterContainer
  static void deleteThem() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void holdsOrIsRefused() {
    try (PointerScope scope = new PointerScope();
        PublishedWeights weights = PublishedWeights.open(directory)) {
      for (String name : weights.names()) {
        Tensor target = torch.empty(weights.shape(name));
        assertThat(target.numel()).isLessThan(100);
        weights.copyTo(name, target);
      }
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).startsWith(directory.toString());
      assertThat(e.getMessage().lines()).hasSize(1);
    }
  }

  private static void write(int which, byte[] bytes) throws IOException {
    for (int i = 0; i < FILES.length; i++) {
      Files.write(directory.resolve(FILES[i]), i == which ? bytes : whole[i]);
    }
  }

  @Property(tries = 600)
  void flippedBytes(
      @ForAll @IntRange(max = 2) int which,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    byte[] bytes = whole[which].clone();
    places.forEach(place -> bytes[place % bytes.length] ^= (byte) change);
    write(which, bytes);
    holdsOrIsRefused();
  }

  @Property(tries = 200)
  void cutOrLonger(@ForAll @IntRange(max = 2) int which, @ForAll @IntRange(max = 600) int length)
      throws IOException {
    write(which, Arrays.copyOf(whole[which], length));
    holdsOrIsRefused();
  }

  /** Digits become other digits: the JSON stays whole, its numbers and names lie. */
  @Property(tries = 400)
  void changedDigits(
      @ForAll @IntRange(min = 1, max = 2) int which,
      @ForAll @IntRange(max = 1 << 20) int place,
      @ForAll @IntRange(max = 9) int digit)
      throws IOException {
    byte[] bytes = whole[which].clone();
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int at = 8 + place % (int) header;
    while (at < 8 + header && !Character.isDigit(bytes[at])) {
      at++;
    }
    bytes[at] = (byte) ('0' + digit);
    write(which, bytes);
    holdsOrIsRefused();
  }
}
