package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lot4j.random.Streams;
import lot4j.train.DataException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever stands in a file, reading it gives images or one error that names it. */
class ReaderProperties {
  private Path directory;

  @BeforeProperty
  void create() throws IOException {
    directory = Files.createTempDirectory("readers");
  }

  @AfterProperty
  void remove() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void readsOrNames(String file, byte[] content) throws IOException {
    Files.write(directory.resolve(file), content);
    readsOrNames();
  }

  private void readsOrNames() {
    try {
      ImageSet set = ImageSets.read(Path.of("none"), directory.toString());
      assertThat(set.train().size()).isPositive();
    } catch (DataException e) {
      assertThat(e.getMessage()).contains(directory.toString()).doesNotContain("\n");
    }
  }

  @Property(tries = 200)
  void cifarFiles(@ForAll @Size(max = 7000) byte[] content) throws IOException {
    readsOrNames("test_batch.bin", content);
  }

  @Property(tries = 200)
  void gzipFiles(@ForAll @Size(max = 200) byte[] content) throws IOException {
    readsOrNames("test_batch.bin.gz", content);
  }

  @Property(tries = 60)
  void classNames(@ForAll @Size(max = 200) byte[] content) throws IOException {
    new SyntheticImages(Cifar.CIFAR10, 10, 10, 1).write(directory);
    readsOrNames("batches.meta.txt", content);
  }

  @Property(tries = 150)
  void idxFiles(
      @ForAll @Size(max = 100) byte[] content,
      @ForAll @IntRange(max = 3) int file,
      @ForAll boolean magic)
      throws IOException {
    List<String> names =
        List.of(
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte");
    for (String name : names) {
      boolean images = name.contains("images");
      Files.write(
          directory.resolve(name),
          images
              ? new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7}
              : new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 0});
    }
    if (magic && content.length >= 4) {
      System.arraycopy(new byte[] {0, 0, 8, (byte) (file % 2 == 0 ? 3 : 1)}, 0, content, 0, 4);
    }
    readsOrNames(names.get(file), content);
  }

  @Property(tries = 150)
  void damagedPictures(
      @ForAll @IntRange(max = 400) int at, @ForAll byte value, @ForAll @IntRange(max = 3) int kind)
      throws IOException {
    BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, kind % 2 == 0 ? "png" : "jpg", out);
    byte[] good = out.toByteArray();
    byte[] bad = kind < 2 ? good.clone() : Arrays.copyOf(good, at % good.length);
    if (kind < 2) {
      bad[at % bad.length] = value;
    }
    for (String name : List.of("cat", "dog")) {
      Files.createDirectories(directory.resolve(name));
      Files.write(directory.resolve(name).resolve("1.png"), good);
    }
    readsOrNames("cat/1.png", bad);
  }

  @Property(tries = 150)
  void damagedZips(@ForAll @IntRange(max = 2000) int at, @ForAll byte value) throws IOException {
    ByteArrayOutputStream picture = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB), "png", picture);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name :
          List.of("train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(picture.toByteArray());
        zip.closeEntry();
      }
    }
    byte[] bytes = out.toByteArray();
    bytes[at % bytes.length] = value;
    Path file = directory.resolve("x.zip");
    Files.write(file, bytes);
    try {
      ImageSet set = ImageSets.read(Path.of("none"), file.toString());
      assertThat(set.train().size()).isPositive();
    } catch (DataException e) {
      assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
    }
  }

  @Property(tries = 200)
  void stratifiedPartsAreDisjointAndProportional(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(max = 5) Integer> labels,
      @ForAll @IntRange(max = 100) int percent,
      @ForAll long seed) {
    List<Integer> rows = IntStream.range(0, labels.size()).boxed().toList();
    int count = labels.size() * percent / 100;
    Stratified split =
        Stratified.proportional(rows, labels::get, count, new Streams(seed).named("x"));
    Set<Integer> all = new TreeSet<>(split.chosen());
    all.addAll(split.rest());

    assertThat(split.chosen()).hasSize(count).isSorted();
    assertThat(all).hasSize(labels.size());
    assertThat(split.rest()).hasSize(labels.size() - count);
    for (int label = 0; label <= 5; label++) {
      int of = label;
      long whole = labels.stream().filter(l -> l == of).count();
      long chosen = split.chosen().stream().filter(r -> labels.get(r) == of).count();
      assertThat(Math.abs(chosen - (double) whole * count / labels.size())).isLessThan(1);
    }
  }

  @Property(tries = 200)
  void balancedPartsDifferByOneWhereThereIsEnough(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(max = 5) Integer> labels,
      @ForAll @IntRange(max = 100) int percent,
      @ForAll long seed) {
    List<Integer> rows = IntStream.range(0, labels.size()).boxed().toList();
    int count = labels.size() * percent / 100;
    Stratified split = Stratified.balanced(rows, labels::get, count, new Streams(seed).named("x"));
    long most =
        IntStream.rangeClosed(0, 5)
            .mapToLong(l -> split.chosen().stream().filter(r -> labels.get(r) == l).count())
            .max()
            .orElse(0);

    assertThat(split.chosen()).hasSize(count);
    for (int label = 0; label <= 5; label++) {
      int of = label;
      long chosen = split.chosen().stream().filter(r -> labels.get(r) == of).count();
      boolean exhausted = split.rest().stream().noneMatch(r -> labels.get(r) == of);
      assertThat(chosen >= most - 1 || exhausted).isTrue();
    }
  }
}
