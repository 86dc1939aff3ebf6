package lot4j.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.Shape;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * MNIST's file format IDX, big-endian, each file gzip or not: images are 2051, count, rows,
 * columns, then bytes; labels are 2049, count, then bytes.
 *
 * <p>Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits"; H.
 * Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", 2017.
 */
final class Idx {
  private static final int IMAGES = 2051;
  private static final int LABELS = 2049;
  private static final int LARGEST_SIDE = 4096;
  private static final String[] TRAIN = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
  private static final String[] TEST = {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  private static final List<String> FASHION =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private Idx() {}

  /** Whether {@code directory} has any of the four files. */
  static boolean in(Path directory) {
    return Stream.of(TRAIN[0], TRAIN[1], TEST[0], TEST[1])
        .anyMatch(name -> find(directory, name).isPresent());
  }

  /** The set in {@code directory}, called {@code name}; all four files have to be there. */
  static ImageSet read(Path directory, String name) {
    List<Source> sources = new ArrayList<>();
    Part train = part(directory, TRAIN, sources);
    Part test = part(directory, TEST, sources);
    if (!train.shape.equals(test.shape)) {
      throw new DataException(
          DataFile.shown(directory)
              + ": training images are "
              + train.shape
              + ", test images "
              + test.shape
              + "; they have to be the same");
    }
    int classes = 1 + Arrays.stream(train.labels).max().orElse(0);
    int largest = Arrays.stream(test.labels).max().orElse(0);
    if (largest >= classes) {
      throw new DataException(
          DataFile.shown(directory)
              + ": test label "
              + largest
              + " is not allowed; the training labels go from 0 to "
              + (classes - 1));
    }
    List<String> names =
        name.equals("fashion-mnist") && classes == FASHION.size()
            ? FASHION
            : IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    return ImageSet.split(name, train.images(names), test.images(names), sources);
  }

  private static Optional<Path> find(Path directory, String name) {
    return DataFile.find(directory, name)
        .or(() -> DataFile.find(directory, name.replace("-idx", ".idx")));
  }

  private static Part part(Path directory, String[] names, List<Source> sources) {
    Path[] files = new Path[2];
    for (int i = 0; i < 2; i++) {
      String name = names[i];
      files[i] =
          find(directory, name)
              .orElseThrow(
                  () ->
                      new DataException(
                          DataFile.shown(directory.resolve(name)) + "[.gz]: not found"));
    }
    Part images = images(files[0], sources);
    int[] labels = labels(files[1], sources);
    if (labels.length != images.count) {
      throw new DataException(
          DataFile.shown(files[1])
              + ": has "
              + labels.length
              + " labels, "
              + files[0].getFileName()
              + " "
              + images.count
              + " images");
    }
    return new Part(images.shape, images.count, images.pixels, labels);
  }

  private static Part images(Path path, List<Source> sources) {
    try (DataFile file = DataFile.open(path)) {
      int[] header = header(file, 4, IMAGES);
      if (header[2] < 1 || header[3] < 1 || Math.max(header[2], header[3]) > LARGEST_SIDE) {
        throw new DataException(
            DataFile.shown(path)
                + ": images of "
                + header[2]
                + "x"
                + header[3]
                + " are not allowed; each side 1 to "
                + LARGEST_SIDE);
      }
      byte[] pixels = records(file, header[1], header[2] * header[3]);
      sources.add(file.source());
      return new Part(Shape.of(1, header[2], header[3]), header[1], pixels, new int[0]);
    }
  }

  private static int[] labels(Path path, List<Source> sources) {
    try (DataFile file = DataFile.open(path)) {
      int[] header = header(file, 2, LABELS);
      byte[] bytes = records(file, header[1], 1);
      sources.add(file.source());
      return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }
  }

  private static int[] header(DataFile file, int words, int magic) {
    String name = DataFile.shown(file.path());
    byte[] bytes = new byte[words * Integer.BYTES];
    if (file.read(bytes, 0) < bytes.length) {
      throw new DataException(name + ": is cut short within its header");
    }
    int[] header = new int[words];
    ByteBuffer.wrap(bytes).asIntBuffer().get(header);
    if (header[0] != magic) {
      throw new DataException(
          name + ": begins with " + header[0] + ", an IDX file of its kind with " + magic);
    }
    if (header[1] < 1) {
      throw new DataException(name + ": says it holds " + header[1] + " records; 1 or more");
    }
    return header;
  }

  /** Grows with what is really there: a header's count alone allocates nothing. */
  private static byte[] records(DataFile file, int count, int size) {
    String name = DataFile.shown(file.path());
    if ((long) count * size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          name + ": " + count + " records of " + size + " bytes are more than 2 GiB");
    }
    int block = Math.max(1, (1 << 20) / size);
    List<byte[]> blocks = new ArrayList<>();
    for (int done = 0; done < count; done += block) {
      byte[] bytes = new byte[Math.min(block, count - done) * size];
      int got = file.read(bytes, done);
      if (got < bytes.length) {
        throw new DataException(
            name + ": record " + (done + got / size) + " of " + count + " is cut short or missing");
      }
      blocks.add(bytes);
    }
    if (file.read(new byte[1], count) > 0) {
      throw new DataException(name + ": goes on after the " + count + " records its header says");
    }
    byte[] all = new byte[count * size];
    int at = 0;
    for (byte[] bytes : blocks) {
      System.arraycopy(bytes, 0, all, at, bytes.length);
      at += bytes.length;
    }
    return all;
  }

  private record Part(Shape shape, int count, byte[] pixels, int[] labels) {
    LabelledImages images(List<String> names) {
      return new LabelledImages(shape, 255, names, pixels, labels);
    }
  }
}
