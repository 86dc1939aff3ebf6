package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path directory;

  private final Map<String, byte[]> files = new TreeMap<>();

  private static byte[] colour(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb + x);
      }
    }
    return png(image);
  }

  private static byte[] grey(int width, int height, int first) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, first + i);
    }
    return png(image);
  }

  private static byte[] png(BufferedImage image) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] bytes(LabelledImages images) {
    return PixelBytes.of(images);
  }

  private void plain() {
    for (String split : new String[] {"train", "test"}) {
      files.put(split + "/cat/2.png", colour(3, 2, 0x102030));
      files.put(split + "/cat/1.png", colour(3, 2, 0x405060));
      files.put(split + "/dog/1.png", colour(3, 2, 0x708090));
    }
  }

  private ImageSet tree() throws IOException {
    Path root = directory.resolve("pets");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
    }
    return ImageSets.read(Path.of("none"), root.toString());
  }

  private ImageSet zip() throws IOException {
    Path path = directory.resolve("pets.zip");
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return ImageSets.read(Path.of("none"), path.toString());
  }

  private void refused(String message) {
    assertThatThrownBy(this::tree)
        .isInstanceOf(DataException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(message);
  }

  @Test
  void readsASplitTreeInTheOrderOfItsNames() throws IOException {
    plain();
    ImageSet set = tree();
    LabelledImages train = set.train();

    assertThat(set.name()).isEqualTo("pets");
    assertThat(train.classes()).containsExactly("cat", "dog");
    assertThat(train.shape().sizes()).containsExactly(3L, 2L, 3L);
    assertThat(train.labels()).containsExactly(0, 0, 1);
    assertThat(train.pixel(0, 0, 0, 0)).isEqualTo(0x40);
    assertThat(train.pixel(1, 2, 1, 2)).isEqualTo(0x32);
    assertThat(set.test().orElseThrow().size()).isEqualTo(3);
  }

  @Test
  void zipAndTreeAgree() throws IOException {
    plain();
    assertThat(bytes(zip().train())).isEqualTo(bytes(tree().train()));
  }

  @Test
  void aFolderAroundEverythingIsLookedThrough() throws IOException {
    plain();
    byte[] pixels = bytes(tree().train());
    Map<String, byte[]> inner = new TreeMap<>(files);
    files.clear();
    inner.forEach((name, bytes) -> files.put("pets-v1/" + name, bytes));
    files.put("pets-v1/README.txt", new byte[1]);
    files.put("__MACOSX/pets-v1/train/cat/._1.png", new byte[9]);

    assertThat(bytes(zip().train())).isEqualTo(pixels);
  }

  @Test
  void classFoldersAloneAreSplitByASeed() throws IOException {
    for (int i = 0; i < 5; i++) {
      files.put("cat/" + i + ".png", colour(2, 2, i * 50));
      files.put("dog/" + i + ".png", colour(2, 2, i * 70));
    }
    ImageSet set = tree();

    assertThat(set.test()).isEmpty();
    assertThat(set.drawnTest()).isEqualTo(2);
  }

  @Test
  void greyValuesAreThoseOfTheFile() throws IOException {
    files.put("cat/1.png", grey(3, 2, 10));
    files.put("dog/1.png", grey(3, 2, 100));
    LabelledImages images = tree().train();

    assertThat(images.shape().sizes()).containsExactly(1L, 2L, 3L);
    assertThat(bytes(images)).containsExactly(10, 11, 12, 13, 14, 15, 100, 101, 102, 103, 104, 105);
  }

  @Test
  void oneColourImageMakesTheSetColour() throws IOException {
    files.put("cat/1.png", grey(3, 2, 10));
    files.put("dog/1.png", colour(3, 2, 0x708090));
    LabelledImages images = tree().train();

    assertThat(images.shape().size(0)).isEqualTo(3);
    assertThat(images.pixel(0, 2, 1, 2)).isEqualTo(15);
  }

  @Test
  void imagesOfSeveralSizesNameTwo() {
    plain();
    files.put("train/dog/1.png", colour(4, 2, 0));
    refused("/train/dog/1.png: is 4x2, test/cat/1.png is 3x2; all images have to be of one size");
  }

  @Test
  void anUnreadableImageIsNamed() {
    plain();
    files.put("train/dog/1.png", Arrays.copyOf(colour(3, 2, 0), 50));
    refused("/train/dog/1.png: is a damaged or unsupported image");
    files.put("train/dog/1.png", "no image".getBytes(StandardCharsets.UTF_8));
    refused("/train/dog/1.png: is no image that can be read; PNG or JPEG");
  }

  @Test
  void aWebpWithoutAReaderSaysSo() {
    plain();
    files.put("train/dog/0.webp", "RIFF....WEBPVP8 ".getBytes(StandardCharsets.US_ASCII));
    refused("/train/dog/0.webp: this Java has no reader for WebP; convert it to PNG or JPEG");
  }

  @Test
  void declaredSizesAreCheckedBeforeDecoding() {
    plain();
    byte[] png = colour(3, 2, 0);
    ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    files.put("train/dog/1.png", png);
    refused("/train/dog/1.png: declares 100000x100000 pixels; 67108864 at most");
  }

  @Test
  void emptyClassesAreNamed() {
    plain();
    files.put("train/fox/", new byte[0]);
    refused("class 'fox' of train has no images");
  }

  @Test
  void missingSplitsAreNamed() {
    plain();
    files.keySet().removeIf(name -> name.startsWith("test"));
    refused("split 'test' is missing");
  }

  @Test
  void classesOfTestThatTrainLacksAreNamed() {
    plain();
    files.put("test/fox/1.png", colour(3, 2, 0));
    refused("class 'fox' of test is not in train; 3 classes there, 2 in train");
  }

  @Test
  void classesOfTrainThatTestLacksAreNamed() {
    plain();
    files.put("train/fox/1.png", colour(3, 2, 0));
    refused("class 'fox' of train is missing in test; 2 classes there, 3 in train");
  }

  @Test
  void anotherKindOfFileIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("x.csv"), "a,b\n");

    assertThatThrownBy(() -> ImageSets.read(Path.of("none"), file.toString()))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": is no set of images; a directory, a zip, or a CIFAR file");
  }

  @Test
  void noImagesAtAllIsSaid() {
    files.put("notes.txt", new byte[3]);
    refused("holds no images in class folders; split/class/file");
  }

  @Test
  void zipEntriesThatClimbAreRefused() {
    for (String name :
        new String[] {"../train/cat/1.png", "train/../../x.png", "/etc/x.png", "C:/x.png"}) {
      files.clear();
      plain();
      files.put(name, colour(3, 2, 0));
      assertThatThrownBy(this::zip)
          .isInstanceOf(DataException.class)
          .hasMessageContaining(
              "pets.zip: entry " + name + " is not allowed; relative paths without '..'");
    }
  }

  @Test
  void unlabelledImagesNeedNoClasses() throws IOException {
    files.put("a.png", colour(3, 2, 0));
    files.put("deep/er/b.png", colour(3, 2, 1));
    assertThatThrownBy(this::tree).isInstanceOf(DataException.class);
    ImageSet set = ImageFolder.readUnlabelled(directory.resolve("pets"), ImageReading.plain());

    assertThat(set.train().size()).isEqualTo(2);
    assertThat(set.train().labels()).isEmpty();
  }

  @Test
  void controlCharactersInNamesAreEscaped() {
    files.put("train/c\nat/1.png", colour(3, 2, 0));
    files.put("test/dog/1.png", colour(3, 2, 0));
    files.put("train/dog/1.png", colour(3, 2, 0));
    refused("class 'c\\u000aat' of train is missing in test");
  }

  @Test
  void imagesOfSeveralSizesAreBroughtToOne() throws IOException {
    for (String split : new String[] {"train", "test"}) {
      files.put(split + "/cat/1.png", grey(4, 1, 10)); // 10 11 12 13
      files.put(split + "/dog/1.png", grey(2, 2, 100));
    }
    refused("; all images have to be of one size; task.size: 64");
    Path root = directory.resolve("pets");
    ImageReading squashed =
        new ImageReading(new ImageSize.Fixed(1, 2), Fit.SQUASH, new Channels.Auto());
    LabelledImages train = ImageFolder.read(root, squashed).train();

    assertThat(train.shape().sizes()).containsExactly(1L, 1L, 2L);
    // (3 * 10 + 3 * 11 + 12) / 7 = 10.7, its mirror 12.3; then the means of two rows
    assertThat(bytes(train)).containsExactly(11, 12, 101, 102);
    ImageReading cropped =
        new ImageReading(new ImageSize.Fixed(1, 2), Fit.CROP, new Channels.Count(3));
    LabelledImages colour = ImageFolder.read(root, cropped).test().orElseThrow();
    assertThat(colour.shape().sizes()).containsExactly(3L, 1L, 2L);
    assertThat(Arrays.copyOf(bytes(colour), 6)).containsExactly(11, 12, 11, 12, 11, 12);
  }

  @Test
  void aWholeSetIsBroughtToFormWhenItIsAskedFor() {
    LabelledImages digits = Digits.read().train();
    ImageReading reading =
        new ImageReading(new ImageSize.Fixed(16, 4), Fit.SQUASH, new Channels.Count(3));
    LabelledImages formed = reading.of(digits);
    byte[] eight = Arrays.copyOf(PixelBytes.of(digits), 64);
    Picture picture = new Picture(8, 8, eight).resized(new ImageSize.Fixed(16, 4), Fit.SQUASH);

    assertThat(formed.shape().sizes()).containsExactly(3L, 16L, 4L);
    assertThat(formed.size()).isEqualTo(digits.size());
    assertThat(formed.label(7)).isEqualTo(digits.label(7));
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < 64; i++) {
        assertThat(formed.pixel(0, channel, i / 4, i % 4)).isEqualTo(picture.planes()[i]);
      }
    }
  }

  @Test
  void colourBecomesGreyOnRequest() throws IOException {
    files.put("cat/1.png", colour(1, 1, 0xff0000));
    files.put("dog/1.png", colour(1, 1, 0x00ff00));
    tree();
    ImageReading reading = new ImageReading(new ImageSize.Own(), Fit.CROP, new Channels.Count(1));
    LabelledImages grey = ImageFolder.read(directory.resolve("pets"), reading).train();

    assertThat(grey.shape().sizes()).containsExactly(1L, 1L, 1L);
    assertThat(bytes(grey)).containsExactly(76, (byte) 150); // 0.299 and 0.587 of 255
  }
}
