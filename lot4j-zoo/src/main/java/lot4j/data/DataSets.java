package lot4j.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.Shape;
import lot4j.train.DataException;

/** The data sets that have a name: what they are, where they come from, how to tell them. */
public final class DataSets {
  private static final String FASHION =
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";
  private static final String MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/";

  private static final List<DataSet.Images> IMAGES =
      List.of(
          new DataSet.Images(
              "digits",
              "handwritten digits 8x8, grey (UCI), built in",
              "CC BY 4.0; E. Alpaydin and C. Kaynak, 1998",
              Shape.of(1, 8, 8),
              10,
              Digits.SIZE - Digits.TEST,
              Digits.TEST,
              List.of()),
          new DataSet.Images(
              "cifar10",
              "photographs 32x32, colour, 10 classes",
              "free for research with citation of A. Krizhevsky, 2009",
              Shape.of(3, 32, 32),
              10,
              50_000,
              10_000,
              List.of(
                  new DataSet.Download(
                      "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                      "c32a1d4ab5d03f1284b67883e8d87530",
                      List.of(
                          "data_batch_1.bin",
                          "data_batch_2.bin",
                          "data_batch_3.bin",
                          "data_batch_4.bin",
                          "data_batch_5.bin",
                          "test_batch.bin",
                          "batches.meta.txt")))),
          new DataSet.Images(
              "cifar100",
              "photographs 32x32, colour, 100 classes",
              "free for research with citation of A. Krizhevsky, 2009",
              Shape.of(3, 32, 32),
              100,
              50_000,
              10_000,
              List.of(
                  new DataSet.Download(
                      "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                      "03b5dce01913d631647c71ecec9e9cb8",
                      List.of(
                          "train.bin",
                          "test.bin",
                          "fine_label_names.txt",
                          "coarse_label_names.txt")))),
          new DataSet.Images(
              "mnist",
              "handwritten digits 28x28, grey",
              "CC BY-SA 3.0 as usually cited; Y. LeCun, C. Cortes and C. Burges",
              Shape.of(1, 28, 28),
              10,
              60_000,
              10_000,
              idx(
                  MNIST,
                  "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                  "d53e105ee54ea40749a09fcbcd1e9432",
                  "9fb629c4189551a2d022fa330f9573f3",
                  "ec29112dd5afa0611ce80d1b7f02629c")),
          new DataSet.Images(
              "fashion-mnist",
              "articles of clothing 28x28, grey",
              "MIT; Zalando SE, 2017",
              Shape.of(1, 28, 28),
              10,
              60_000,
              10_000,
              idx(
                  FASHION,
                  "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                  "25c81989df183df01b3e8a0aad5dffbe",
                  "bef4ecab320f06d8554ea6380940ec79",
                  "bb300cfdad3c16e7a12a480ee83cd310")),
          new DataSet.Images(
              "imagenet",
              "photographs of many sizes, colour, 1,000 classes (ILSVRC 2012)",
              "research, registration at image-net.org; cite O. Russakovsky et al., 2015",
              Shape.of(3, 224, 224),
              1000,
              1_281_167,
              50_000,
              List.of(),
              "image-net.org gives ILSVRC2012 to who registers; its validation images serve as the"
                  + " test split"));

  private DataSets() {}

  /** All of them, images first. */
  public static List<DataSet> all() {
    return Stream.<DataSet>concat(IMAGES.stream(), TextNames.ALL.stream()).toList();
  }

  /** The one called {@code name}. */
  public static Optional<DataSet> named(String name) {
    return all().stream().filter(set -> set.name().equals(name)).findFirst();
  }

  /** The set of images called {@code name}. */
  public static Optional<DataSet.Images> images(String name) {
    return of(DataSet.Images.class).filter(set -> set.name().equals(name)).findFirst();
  }

  /** The sets of one kind. */
  static <T extends DataSet> Stream<T> of(Class<T> kind) {
    return all().stream().filter(kind::isInstance).map(kind::cast);
  }

  /**
   * The path that {@code data} means if it is no name.
   *
   * @param kind the kind whose names an error lists
   * @throws DataException if nothing is there
   */
  static Path path(String data, Class<? extends DataSet> kind) {
    Path path;
    try {
      path = Path.of(data);
    } catch (InvalidPathException e) {
      throw new DataException(DataFile.shown(data) + ": is no path", e);
    }
    if (!Files.exists(path)) {
      throw new DataException(
          "data = "
              + DataFile.shown(data)
              + " is neither a data set's name nor a path that exists; names: "
              + of(kind).map(DataSet::name).collect(Collectors.joining(", ")));
    }
    return path;
  }

  /**
   * The name that results show: that of the set, with the counts found behind it if the set has a
   * name and is not complete, {@code cifar100[8000/2000]}.
   */
  public static String shownName(ImageSet set) {
    return isSubset(set)
        ? set.name() + "[" + set.trainSize() + "/" + set.testSize() + "]"
        : set.name();
  }

  /** Whether {@code set} bears a known name but has other counts. */
  public static boolean isSubset(ImageSet set) {
    return images(set.name())
        .map(known -> known.train() != set.trainSize() || known.test() != set.testSize())
        .orElse(false);
  }

  private static List<DataSet.Download> idx(String home, String... md5) {
    String[] files = {
      "train-images-idx3-ubyte.gz",
      "train-labels-idx1-ubyte.gz",
      "t10k-images-idx3-ubyte.gz",
      "t10k-labels-idx1-ubyte.gz"
    };
    return IntStream.range(0, files.length)
        .mapToObj(i -> new DataSet.Download(home + files[i], md5[i], List.of()))
        .toList();
  }
}
