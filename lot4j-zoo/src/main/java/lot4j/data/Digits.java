package lot4j.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import lot4j.Shape;
import lot4j.train.Prepared.Source;

/**
 * The built-in real data set: 1,797 handwritten digits, 8x8, grey 0 to 16. It has no official
 * split; 500 test images are drawn by the task's split seed.
 *
 * <p>Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
 * Learning Repository, 1998; CC BY 4.0.
 */
public final class Digits {
  /** Number of images. */
  public static final int SIZE = 1797;

  /** Number of them that become the test split. */
  public static final int TEST = 500;

  private static final String RESOURCE = "digits.csv.gz";
  private static final int SIDE = 8;
  private static final int WHITE = 16;

  private Digits() {}

  /** Reads the set from the program itself. */
  public static ImageSet read() {
    byte[] packed = packed();
    byte[] pixels = new byte[SIZE * SIDE * SIDE];
    int[] labels = new int[SIZE];
    List<String> lines = text(packed).lines().toList();
    for (int row = 0; row < SIZE; row++) {
      String[] fields = lines.get(row).split(",", -1);
      for (int i = 0; i < SIDE * SIDE; i++) {
        pixels[row * SIDE * SIDE + i] = Byte.parseByte(fields[i]);
      }
      labels[row] = Integer.parseInt(fields[SIDE * SIDE]);
    }
    List<String> classes = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    LabelledImages all =
        new LabelledImages(Shape.of(1, SIDE, SIDE), WHITE, classes, pixels, labels);
    Source source =
        new Source(
            "built-in " + RESOURCE,
            packed.length,
            HexFormat.of().formatHex(DataFile.digest("SHA-256").digest(packed)));
    return new ImageSet("digits", all, Optional.empty(), Optional.empty(), TEST, List.of(source));
  }

  private static byte[] packed() {
    try (InputStream in = Digits.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "the program's file lot4j/data/" + RESOURCE + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(byte[] packed) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
