package lot4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.Shape;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * CIFAR-10 and CIFAR-100 in the official binary layout, each file gzip or not. A record is the
 * label (CIFAR-100: coarse, then fine), then 1,024 bytes each of red, green and blue, row by row.
 *
 * <p>Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
 */
public enum Cifar {
  /** 10 classes: {@code data_batch_*.bin}, {@code test_batch.bin}, {@code batches.meta.txt}. */
  CIFAR10("cifar10", 1, 10, "batches.meta.txt"),
  /** 100 classes: {@code train.bin}, {@code test.bin}, {@code fine_label_names.txt}. */
  CIFAR100("cifar100", 2, 100, "fine_label_names.txt");

  private static final int SIDE = 32;
  private static final int COARSE = 20;
  private static final byte[] NOTHING = {};
  private static final int IMAGE = 3 * SIDE * SIDE;

  /** More than either set has in all; a file that unpacks to more is no CIFAR file. */
  private static final int RECORDS = 60_000;

  private static final List<String> NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private final String key;
  private final int labelBytes;
  private final int classCount;
  private final String namesFile;

  Cifar(String key, int labelBytes, int classCount, String namesFile) {
    this.key = key;
    this.labelBytes = labelBytes;
    this.classCount = classCount;
    this.namesFile = namesFile;
  }

  /** The data set's name. */
  public String key() {
    return key;
  }

  /** Bytes of one record. */
  public int recordBytes() {
    return labelBytes + IMAGE;
  }

  /** Which of the two has files in {@code directory}, or is the file {@code path}. */
  static Optional<Cifar> at(Path path) {
    return Stream.of(values())
        .filter(
            kind ->
                Files.isDirectory(path)
                    ? !kind.trainFiles(path).isEmpty() || kind.testFile(path).isPresent()
                    : kind.named(path.getFileName().toString()))
        .findFirst();
  }

  /** The set in a directory; what is there of it, train alone or test alone, is cut by a seed. */
  ImageSet read(Path directory) {
    List<Path> train = trainFiles(directory);
    Optional<Path> test = testFile(directory);
    List<String> classes = classes(directory);
    List<Source> sources = new ArrayList<>();
    if (train.isEmpty() || test.isEmpty()) {
      List<Path> files = new ArrayList<>(train);
      test.ifPresent(files::add);
      return ImageSet.whole(key, readFiles(files, classes, sources), sources);
    }
    LabelledImages trainImages = readFiles(train, classes, sources);
    LabelledImages testImages = readFiles(List.of(test.get()), classes, sources);
    return ImageSet.split(key, trainImages, testImages, sources);
  }

  /** One file alone, without a split. */
  ImageSet readFile(Path file) {
    List<Source> sources = new ArrayList<>();
    Path directory = file.toAbsolutePath().getParent();
    return ImageSet.whole(key, readFiles(List.of(file), classes(directory), sources), sources);
  }

  /** Whether both splits are in {@code directory}. */
  boolean complete(Path directory) {
    return !trainFiles(directory).isEmpty() && testFile(directory).isPresent();
  }

  /** The files that a directory lacks, as an error says it. */
  String expected() {
    return this == CIFAR10
        ? "data_batch_*.bin[.gz] and test_batch.bin[.gz]"
        : "train.bin[.gz] and test.bin[.gz]";
  }

  private boolean named(String file) {
    String plain = file.endsWith(".gz") ? file.substring(0, file.length() - 3) : file;
    return this == CIFAR10
        ? plain.equals("test_batch.bin") || plain.matches("data_batch_.+\\.bin")
        : plain.equals("train.bin") || plain.equals("test.bin");
  }

  private Optional<Path> testFile(Path directory) {
    return DataFile.find(directory, this == CIFAR10 ? "test_batch.bin" : "test.bin");
  }

  private List<Path> trainFiles(Path directory) {
    if (this == CIFAR100) {
      return DataFile.find(directory, "train.bin").stream().toList();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(path -> path.getFileName().toString().replaceFirst("\\.gz$", ""))
          .filter(name -> name.matches("data_batch_.+\\.bin"))
          .distinct()
          .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
          .flatMap(name -> DataFile.find(directory, name).stream())
          .toList();
    } catch (IOException e) {
      throw DataFile.unreadable(directory, e);
    }
  }

  private List<String> classes(Path directory) {
    Optional<Path> file = DataFile.find(directory, namesFile);
    if (file.isEmpty()) {
      return this == CIFAR10
          ? NAMES
          : IntStream.range(0, classCount).mapToObj(String::valueOf).toList();
    }
    List<String> names = DataFile.lines(file.get());
    if (names.size() != classCount || names.stream().distinct().count() != classCount) {
      throw new DataException(
          DataFile.shown(file.get())
              + ": has "
              + names.stream().distinct().count()
              + " different class names; "
              + classCount
              + " are needed");
    }
    return names;
  }

  private LabelledImages readFiles(List<Path> files, List<String> classes, List<Source> sources) {
    List<byte[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path path : files) {
      try (DataFile file = DataFile.open(path)) {
        readRecords(file, images, labels);
        sources.add(file.source());
      }
    }
    byte[] pixels = new byte[images.size() * IMAGE];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.set(i, NOTHING), 0, pixels, i * IMAGE, IMAGE);
    }
    int[] all = labels.stream().mapToInt(Integer::intValue).toArray();
    return new LabelledImages(Shape.of(3, SIDE, SIDE), 255, classes, pixels, all);
  }

  private void readRecords(DataFile file, List<byte[]> images, List<Integer> labels) {
    byte[] bytes = new byte[recordBytes()];
    String name = DataFile.shown(file.path());
    int index = 0;
    for (int got = file.read(bytes, 0); got > 0; got = file.read(bytes, index)) {
      if (got < bytes.length) {
        throw new DataException(
            name
                + ": record "
                + index
                + " is cut short: "
                + got
                + " of "
                + bytes.length
                + " bytes");
      }
      if (images.size() == RECORDS) {
        throw new DataException(
            name + ": record " + index + " is one too many; " + RECORDS + " at most");
      }
      int label = label(name, index, bytes[labelBytes - 1], classCount);
      if (this == CIFAR100) {
        label(name, index, bytes[0], COARSE);
      }
      byte[] image = new byte[IMAGE];
      System.arraycopy(bytes, labelBytes, image, 0, IMAGE);
      images.add(image);
      labels.add(label);
      index++;
    }
    if (index == 0) {
      throw new DataException(name + ": holds no records");
    }
  }

  private static int label(String file, int record, byte value, int classes) {
    int label = value & 0xff;
    if (label >= classes) {
      throw new DataException(
          file
              + ": record "
              + record
              + ": label "
              + label
              + " is not allowed; 0 to "
              + (classes - 1));
    }
    return label;
  }
}
