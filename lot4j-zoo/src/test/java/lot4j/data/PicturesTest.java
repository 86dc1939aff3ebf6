package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  private static final List<String> CLASSES = List.of("cat", "dog");
  private static final List<String> FILES = List.of("a.png", "b.png", "c.png");
  private static final int[] LABELS = {0, 1, 0};
  private static final ImageReading RESIZED =
      new ImageReading(new ImageSize.Fixed(3, 5), Fit.CROP, new Channels.Auto());

  private static final ImageReading KNOWN =
      new ImageReading(new ImageSize.Fixed(3, 5), Fit.CROP, new Channels.Count(3));

  @TempDir Path directory;

  @Test
  void imagesThatDoNotFitHaveTheNumbersOfThoseThatDo() {
    write(7);
    for (ImageReading reading :
        List.of(
            RESIZED,
            KNOWN,
            ImageReading.plain(),
            new ImageReading(new ImageSize.Own(), Fit.CROP, new Channels.Count(1)),
            new ImageReading(new ImageSize.Own(), Fit.CROP, new Channels.Count(3)))) {
      LabelledImages kept = read(reading, Long.MAX_VALUE);
      LabelledImages filed = read(reading, 0);
      assertThat(kept.kept()).isTrue();
      assertThat(filed.kept()).isFalse();
      assertThat(filed.shape()).isEqualTo(kept.shape());
      assertThat(filed.classes()).isEqualTo(CLASSES);
      assertThat(filed.size()).isEqualTo(2);
      assertThat(PixelBytes.of(filed)).isEqualTo(PixelBytes.of(kept));
      assertThat(filed.pixel(1, 0, 2, 1)).isEqualTo(kept.pixel(1, 0, 2, 1));
    }
  }

  @Test
  void whatFitsToTheByteIsKept() {
    write(7);
    int bytes = 3 * 7 * 4 * FILES.size();
    assertThat(read(ImageReading.plain(), bytes).kept()).isTrue();
    assertThat(read(ImageReading.plain(), bytes - 1).kept()).isFalse();
  }

  @Test
  void digestsAreOfTheFilesReadAtFirst() {
    write(7);
    try (Archive once = Archive.open(directory);
        Archive more = Archive.open(directory)) {
      Pictures.read(once, FILES, RESIZED, Long.MAX_VALUE).part(0, 3, CLASSES, LABELS);
      LabelledImages filed = Pictures.read(more, FILES, RESIZED, 0).part(0, 3, CLASSES, LABELS);
      PixelBytes.of(filed);
      assertThat(more.sources()).isEqualTo(once.sources());
    }
  }

  @Test
  void aFileThatChangedIsNamed() throws IOException {
    write(7);
    LabelledImages filed = read(ImageReading.plain(), 0);
    draw("c.png", 8, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> PixelBytes.of(filed))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("c.png: has been changed since it was first read");
    Files.delete(directory.resolve("c.png"));
    assertThatThrownBy(() -> PixelBytes.of(filed))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("c.png");
  }

  @Test
  void onlyHeadersAreLookedAtWhereTheyTellEverything() throws IOException {
    write(7);
    Path damaged = directory.resolve("c.png");
    byte[] whole = Files.readAllBytes(damaged);
    Files.write(damaged, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> read(RESIZED, 0)).hasMessageContaining("c.png: is a damaged");
    assertThatThrownBy(() -> read(KNOWN, Long.MAX_VALUE)).hasMessageContaining("c.png");
    LabelledImages filed = read(KNOWN, 0);
    assertThatThrownBy(() -> PixelBytes.of(filed)).hasMessageContaining("c.png: is a damaged");

    Files.write(damaged, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> read(KNOWN, 0)).hasMessageContaining("c.png: is no image");
  }

  @Test
  void colourInASetThatWasGreyIsAChange() {
    for (String file : FILES) {
      draw(file, 7, BufferedImage.TYPE_BYTE_GRAY);
    }
    LabelledImages filed = read(ImageReading.plain(), 0);
    assertThat(filed.shape().size(0)).isEqualTo(1);
    draw("b.png", 7, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> PixelBytes.of(filed)).hasMessageContaining("b.png: has been changed");
  }

  @Test
  void aZipIsToBeUnpacked() throws IOException {
    write(7);
    Path zip = directory.resolve("all.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream zipped = new ZipOutputStream(out)) {
      for (String file : FILES) {
        zipped.putNextEntry(new ZipEntry(file));
        Files.copy(directory.resolve(file), zipped);
      }
    }
    try (Archive archive = Archive.open(zip)) {
      assertThatThrownBy(() -> Pictures.read(archive, FILES, ImageReading.plain(), 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("3 images of 7x4 take 0 MiB")
          .hasMessageContaining("unpack it");
    }
  }

  /** The last two of the three. */
  private LabelledImages read(ImageReading reading, long most) {
    try (Archive archive = Archive.open(directory)) {
      return Pictures.read(archive, FILES, reading, most)
          .part(1, 2, CLASSES, new int[] {LABELS[1], LABELS[2]});
    }
  }

  /** A colour picture, a grey one, and a colour one. */
  private void write(int width) {
    draw("a.png", width, BufferedImage.TYPE_INT_RGB);
    draw("b.png", width, BufferedImage.TYPE_BYTE_GRAY);
    draw("c.png", width, BufferedImage.TYPE_INT_RGB);
  }

  private void draw(String file, int width, int type) {
    BufferedImage image = new BufferedImage(width, 4, type);
    for (int i = 0; i < width * 4; i++) {
      image.setRGB(i % width, i / width, i * 0x050301 + file.charAt(0));
    }
    try {
      ImageIO.write(image, "png", directory.resolve(file).toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
