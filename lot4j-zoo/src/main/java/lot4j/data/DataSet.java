package lot4j.data;

import java.util.List;
import java.util.stream.Collectors;
import lot4j.Shape;

/** A data set that has a name. */
public sealed interface DataSet {
  /** As a configuration has it, and the folder's name in the data directory. */
  String name();

  /** What it shows, in a few words. */
  String title();

  /** Licence or terms, and whom to cite. */
  String terms();

  /** The official files; none if the set is built in, or has no public home. */
  List<Download> downloads();

  /** Where a user finds it if there is nothing to download; empty if it is built in or fetched. */
  String home();

  /** What belongs into its folder, in words. */
  String files();

  /** Whether it comes with the program. */
  default boolean builtIn() {
    return downloads().isEmpty() && home().isEmpty();
  }

  /** Its complete size in words, {@code 50000 training, 10000 test images}. */
  String size();

  /**
   * A set of images.
   *
   * @param shape [channels, height, width] of an image; where each has a size of its own, the one
   *     that networks usually take
   * @param classes number of classes
   * @param train images of the complete training split
   * @param test images of the complete test split
   * @param home where a user finds it if there is nothing to download, as folders of images; empty
   *     if it is built in or fetched
   */
  record Images(
      String name,
      String title,
      String terms,
      Shape shape,
      int classes,
      int train,
      int test,
      List<Download> downloads,
      String home)
      implements DataSet {
    public Images {
      downloads = List.copyOf(downloads);
    }

    /** One that is fetched, or built in. */
    Images(
        String name,
        String title,
        String terms,
        Shape shape,
        int classes,
        int train,
        int test,
        List<Download> downloads) {
      this(name, title, terms, shape, classes, train, test, downloads, "");
    }

    @Override
    public String files() {
      return "train/<class>/ and test/<class>/ with the images";
    }

    @Override
    public String size() {
      return train + " training, " + test + " test images";
    }
  }

  /**
   * A text.
   *
   * @param unit what its size is counted in
   * @param parts its one text; or its training, validation and test text
   * @param home where a user finds it if there is nothing to download; empty if it is built in
   */
  record Text(
      String name,
      String title,
      String terms,
      Unit unit,
      List<Part> parts,
      List<Download> downloads,
      String home)
      implements DataSet {
    public Text {
      parts = List.copyOf(parts);
      downloads = List.copyOf(downloads);
    }

    @Override
    public String files() {
      return parts.stream().map(Part::file).collect(Collectors.joining(", "))
          + " (each with .gz or not)";
    }

    @Override
    public String size() {
      String what = unit == Unit.WORDS ? " tokens" : " characters";
      return parts.size() == 1
          ? parts.get(0).count() + what
          : parts.get(0).count()
              + " training, "
              + parts.get(1).count()
              + " validation, "
              + parts.get(2).count()
              + " test"
              + what;
    }
  }

  /** What the size of a text is counted in. */
  enum Unit {
    /** Words and line ends. */
    WORDS,
    /** Unicode characters. */
    CHARACTERS
  }

  /**
   * One file of a text.
   *
   * @param file its name in the set's folder, there gzip or not
   * @param count its size in the set's unit
   * @param digest MD5 or SHA-256 of the unpacked file, lower-case hex; empty if none is known
   */
  record Part(String file, long count, String digest) {}

  /**
   * One official file.
   *
   * @param address its public home
   * @param md5 lower-case hex digest as published
   * @param members for a {@code .tar.gz}: the files to take out of it; empty if it is kept as it is
   */
  record Download(String address, String md5, List<String> members) {
    public Download {
      members = List.copyOf(members);
    }

    /** The file's name, the last part of its address. */
    public String file() {
      return address.substring(address.lastIndexOf('/') + 1);
    }
  }
}
