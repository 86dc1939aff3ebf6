package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import lot4j.train.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
  @TempDir Path directory;

  @BeforeEach
  void write() {
    new SyntheticImages(Cifar.CIFAR10, 50, 20, 1).write(directory);
  }

  private ImageSet read() {
    return ImageSets.read(Path.of("none"), directory.toString());
  }

  private void cut(String name, int bytes) throws IOException {
    Path file = directory.resolve(name);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
  }

  private static void zip(Path file, byte[] content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve("data_batch_2.bin"));
    ImageSet set = read();

    assertThat(set.train().size()).isEqualTo(50);
    assertThat(set.test().orElseThrow().size()).isEqualTo(20);
    assertThat(set.train().shape().sizes()).containsExactly(3L, 32L, 32L);
    assertThat(set.train().label(10)).isEqualTo(bytes[0]);
    // Green of row 5, column 7 of the second file's first record.
    assertThat(set.train().pixel(10, 1, 5, 7)).isEqualTo(bytes[1 + 1024 + 5 * 32 + 7] & 0xff);
    assertThat(DataSets.shownName(set)).isEqualTo("cifar10[50/20]");
  }

  @Test
  void gzipMakesNoDifference() throws IOException {
    LabelledImages plain = read().test().orElseThrow();
    Path file = directory.resolve("test_batch.bin");
    zip(directory.resolve("test_batch.bin.gz"), Files.readAllBytes(file));
    Files.delete(file);

    assertThat(PixelBytes.of(read().test().orElseThrow())).isEqualTo(PixelBytes.of(plain));
  }

  @Test
  void aTruncatedFileSaysWhichRecord() throws IOException {
    cut("test_batch.bin", 3 * 3073 + 1000);

    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage(
            directory.resolve("test_batch.bin") + ": record 3 is cut short: 1000 of 3073 bytes");
  }

  @Test
  void aTruncatedGzipSaysWhichRecord() throws IOException {
    Path file = directory.resolve("test_batch.bin");
    zip(directory.resolve("test_batch.bin.gz"), Files.readAllBytes(file));
    Files.delete(file);
    cut("test_batch.bin.gz", 20_000);

    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            ".*test_batch\\.bin\\.gz: record \\d+: ends too early; it was cut short");
  }

  @Test
  void aLabelOutOfRangeNamesFileAndRecord() throws IOException {
    Path file = directory.resolve("data_batch_3.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[2 * 3073] = 10;
    Files.write(file, bytes);

    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": record 2: label 10 is not allowed; 0 to 9");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    cut("test_batch.bin", 0);

    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage(directory.resolve("test_batch.bin") + ": holds no records");
  }

  @Test
  void wrongNumberOfNamesIsRefused() throws IOException {
    Files.writeString(directory.resolve("batches.meta.txt"), "cat\ndog\n");

    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage(
            directory.resolve("batches.meta.txt") + ": has 2 different class names; 10 are needed");
  }

  @Test
  void aMissingSplitIsRefusedByName() throws IOException {
    Path named = directory.resolve("data").resolve("cifar10");
    new SyntheticImages(Cifar.CIFAR10, 50, 20, 1).write(named);
    Files.delete(named.resolve("test_batch.bin"));

    assertThatThrownBy(() -> ImageSets.read(named.getParent(), "cifar10"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            named
                + ": a split is missing; data_batch_*.bin[.gz] and test_batch.bin[.gz] are needed");
  }

  @Test
  void onePartAloneIsSplitByPath() throws IOException {
    Files.delete(directory.resolve("test_batch.bin"));
    ImageSet set = read();

    assertThat(set.test()).isEmpty();
    assertThat(set.testSize()).isEqualTo(10);
    assertThat(set.trainSize()).isEqualTo(40);
  }

  @Test
  void gzipThatUnpacksToTooMuchIsStopped() throws IOException {
    Files.delete(directory.resolve("test_batch.bin"));
    byte[] record = new byte[3073];
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(directory.resolve("test_batch.bin.gz")))) {
      for (int i = 0; i < 60_001; i++) {
        out.write(record);
      }
    }

    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("record 60000 is one too many; 60000 at most");
  }

  @Test
  void sharedCifar100HasItsCounts() {
    ImageSet set = ImageSets.read(Shared.data("cifar100").getParent(), "cifar100");
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < set.train().size(); i++) {
      counts.merge(set.train().label(i), 1, Integer::sum);
    }

    assertThat(DataSets.shownName(set)).isEqualTo("cifar100[8000/2000]");
    assertThat(counts.values()).hasSize(100).containsOnly(80);
    assertThat(set.classes()).hasSize(100).startsWith("apple");
    assertThat(set.sources().get(0).sha256())
        .isEqualTo("387c852ec961f870c67a00e22cec06d04439954b5df5d90e25fd35e0d85bdb80");
  }

  @Test
  void pngFolderAndBinaryFileAgree() throws IOException {
    Path shared = Shared.data("cifar10");
    Path alone = Files.createDirectory(directory.resolve("alone"));
    for (String name : new String[] {"test_batch.bin.gz", "batches.meta.txt"}) {
      Files.copy(shared.resolve(name), alone.resolve(name));
    }
    LabelledImages binary = ImageSets.read(alone, alone.toString()).train();
    ImageSet folder = ImageSets.read(shared.getParent(), "cifar10");
    LabelledImages png = folder.test().orElseThrow();

    assertThat(DataSets.shownName(folder)).isEqualTo("cifar10[1600/500]");
    assertThat(png.classes()).isEqualTo(binary.classes());
    assertThat(records(png)).isEqualTo(records(binary)).hasSize(500);
  }

  private static Map<String, Integer> records(LabelledImages images) {
    Map<String, Integer> records = new HashMap<>();
    int length = (int) images.shape().count();
    byte[] all = PixelBytes.of(images);
    for (int i = 0; i < images.size(); i++) {
      byte[] pixels = Arrays.copyOfRange(all, i * length, (i + 1) * length);
      records.put(Arrays.toString(pixels), images.label(i));
    }
    return records;
  }
}
