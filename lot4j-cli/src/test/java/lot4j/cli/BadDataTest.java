package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;
import lot4j.testkit.Damage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that cannot be used: exit code 3, a line that names it, nothing written. */
class BadDataTest {
  @TempDir Path directory;

  private String refused(String data, String... more) throws IOException, InterruptedException {
    String[] command = {"train", "digits", "--out", "out", "--set", "task.data=" + data};
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    Program.Ended ended = Program.in(directory).run(all).refused(3);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(directory.resolve("out")).doesNotExist();
    return ended.err();
  }

  private Path cifar() {
    Path at = directory.resolve("images");
    new SyntheticImages(Cifar.CIFAR10, 50, 20, 1).write(at);
    return at;
  }

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
    return bytes.toByteArray();
  }

  private void image(String path, byte[] bytes) throws IOException {
    Path file = directory.resolve("pets").resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void pets() throws IOException {
    for (String split : new String[] {"train", "test"}) {
      for (String kind : new String[] {"cat", "dog"}) {
        for (int i = 0; i < 5; i++) {
          image(split + "/" + kind + "/" + i + ".png", png(8, 8));
        }
      }
    }
  }

  @Test
  void aTruncatedCifarFileSaysWhichRecord() throws IOException, InterruptedException {
    Path file = cifar().resolve("data_batch_3.bin");
    Damage.truncate(file, Files.size(file) - 100);
    assertThat(refused("images")).contains("data_batch_3.bin", "record 9");
  }

  @Test
  void aLabelOutOfRangeSaysWhichRecord() throws IOException, InterruptedException {
    Path file = cifar().resolve("test_batch.bin");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(3 * 3073L);
      bytes.write(200);
    }
    assertThat(refused("images")).contains("test_batch.bin", "record 3", "200");
  }

  @Test
  void aMissingSplitIsSaid() throws IOException, InterruptedException {
    Files.delete(cifar().resolve("test_batch.bin"));
    Path named = directory.resolve("data/cifar10");
    Files.createDirectories(named.getParent());
    Files.move(directory.resolve("images"), named);
    assertThat(refused("cifar10", "--data-dir", "data")).contains("cifar10", "test_batch.bin");
  }

  @Test
  void aSubsetIsRefusedUnlessAllowed() throws IOException, InterruptedException {
    new SyntheticImages(Cifar.CIFAR10, 50, 20, 1).write(directory.resolve("data/cifar10"));
    assertThat(refused("cifar10", "--data-dir", "data"))
        .contains("cifar10[50/20]", "task.allow-subset");
  }

  @Test
  void wrongNumbersOfClassNamesAreSaid() throws IOException, InterruptedException {
    Files.writeString(cifar().resolve("batches.meta.txt"), "cat\ndog\n");
    assertThat(refused("images")).contains("batches.meta.txt", "10");
  }

  @Test
  void anUnreadableImageIsNamed() throws IOException, InterruptedException {
    pets();
    image("train/cat/3.png", "not an image".getBytes(StandardCharsets.US_ASCII));
    assertThat(refused("pets")).contains("train/cat/3.png");
  }

  @Test
  void anOversizedImageIsNamedBeforeItIsDecoded() throws IOException, InterruptedException {
    pets();
    byte[] huge = png(8, 8);
    ByteBuffer header = ByteBuffer.wrap(huge);
    header.putInt(16, 60_000).putInt(20, 60_000);
    CRC32 sum = new CRC32();
    sum.update(huge, 12, 17);
    header.putInt(29, (int) sum.getValue());
    image("test/dog/1.png", huge);
    assertThat(refused("pets")).contains("test/dog/1.png", "60000");
  }

  @Test
  void severalSizesAreBothNamed() throws IOException, InterruptedException {
    pets();
    image("train/dog/2.png", png(8, 9));
    assertThat(refused("pets")).contains("train/dog/2.png");
  }

  @Test
  void anEmptyClassIsNamed() throws IOException, InterruptedException {
    pets();
    Files.createDirectories(directory.resolve("pets/train/emu"));
    assertThat(refused("pets")).contains("emu");
  }

  @Test
  void aZipThatPointsOutsideIsRefused() throws IOException, InterruptedException {
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(directory.resolve("pets.zip")))) {
      zip.putNextEntry(new ZipEntry("../train/cat/1.png"));
      zip.write(png(8, 8));
      zip.closeEntry();
    }
    assertThat(refused("pets.zip")).contains("pets.zip", "../train/cat/1.png");
  }

  @Test
  void imagesOfAnotherShapeCannotBeScored() throws IOException, InterruptedException {
    cifar();
    Program program = Program.in(directory);
    program.succeed(
        "train",
        "digits",
        "--out",
        "run",
        "--set",
        "budget.updates=1",
        "--set",
        "eval-every=1",
        "--set",
        "checkpoint.every=1");
    assertThat(program.run("eval", "run", "--data", "images").refused(3).err())
        .contains("images", "3x32x32", "1x8x8");
  }
}
