package lot4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lot4j.train.DataException;

/**
 * The texts of a set, found but not read.
 *
 * @param name the set's
 * @param known the set with that name, if it has one
 * @param train the training text, or the only one; absent only if a directory has others
 */
record TextParts(
    String name,
    Optional<DataSet.Text> known,
    Optional<TextFile> train,
    Optional<TextFile> valid,
    Optional<TextFile> test) {
  private static final Pattern PART =
      Pattern.compile("(?:(.+)\\.)?(train|valid|test)\\.(?:txt|tokens)(?:\\.gz)?");

  /**
   * Finds a set by name or path.
   *
   * @throws DataException if it is missing, or it is not clear which files are meant
   */
  static TextParts find(Path dataDirectory, String data) {
    Optional<DataSet> named = DataSets.named(data);
    if (named.isEmpty()) {
      return at(DataSets.path(data, DataSet.Text.class));
    }
    if (named.get() instanceof DataSet.Text text) {
      return text.builtIn()
          ? new TextParts(
              data,
              Optional.of(text),
              Optional.of(TextFile.builtIn(text.parts().get(0).file() + ".gz")),
              Optional.empty(),
              Optional.empty())
          : in(dataDirectory.resolve(data), text);
    }
    throw new DataException("data = " + data + " is a set of images, not a text");
  }

  /** The text that is the only one, or the test text, or the training text. */
  TextFile one(boolean preferTest) {
    Stream<Optional<TextFile>> order =
        preferTest ? Stream.of(test, train, valid) : Stream.of(train, valid, test);
    return order.flatMap(Optional::stream).findFirst().orElseThrow();
  }

  /** All that are there: training, validation, test. */
  List<TextFile> files() {
    return Stream.of(train, valid, test).flatMap(Optional::stream).toList();
  }

  private static TextParts in(Path directory, DataSet.Text set) {
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          DataFile.shown(directory)
              + ": not found; "
              + DataStore.howToGet(set, directory.getParent()));
    }
    List<TextFile> files =
        set.parts().stream()
            .map(
                part ->
                    DataFile.find(directory, part.file())
                        .orElseThrow(
                            () ->
                                new DataException(
                                    DataFile.shown(directory.resolve(part.file()))
                                        + ": not found, nor with .gz")))
            .map(TextFile::at)
            .toList();
    return new TextParts(
        set.name(),
        Optional.of(set),
        Optional.of(files.get(0)),
        files.size() > 1 ? Optional.of(files.get(1)) : Optional.empty(),
        files.size() > 2 ? Optional.of(files.get(2)) : Optional.empty());
  }

  private static TextParts at(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    if (!Files.isDirectory(path)) {
      return new TextParts(
          name.replaceFirst("(\\.(txt|tokens))?(\\.gz)?$", ""),
          Optional.empty(),
          Optional.of(TextFile.at(path)),
          Optional.empty(),
          Optional.empty());
    }
    Optional<DataSet.Text> official =
        TextNames.ALL.stream()
            .filter(set -> set.name().equals(name) && !set.builtIn())
            .filter(
                set ->
                    set.parts().stream()
                        .allMatch(part -> DataFile.find(path, part.file()).isPresent()))
            .findFirst();
    return official.isPresent() ? in(path, official.get()) : directory(path, name);
  }

  private static TextParts directory(Path path, String name) {
    List<String> names;
    try (Stream<Path> files = Files.list(path)) {
      names =
          files
              .filter(Files::isRegularFile)
              .map(file -> file.getFileName().toString())
              .filter(file -> PART.matcher(file).matches())
              .sorted()
              .toList();
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
    if (names.isEmpty()) {
      throw new DataException(
          DataFile.shown(path)
              + ": holds no text; [name.]train.txt, [name.]valid.txt, [name.]test.txt (or .tokens,"
              + " each with .gz or not)");
    }
    if (names.stream().map(TextParts::prefix).distinct().count() > 1) {
      throw new DataException(
          DataFile.shown(path)
              + ": holds several texts; "
              + DataFile.shown(String.join(", ", names))
              + " have different names in front");
    }
    return new TextParts(
        name,
        Optional.empty(),
        only(path, names, "train"),
        only(path, names, "valid"),
        only(path, names, "test"));
  }

  private static Optional<TextFile> only(Path path, List<String> names, String split) {
    List<String> found = names.stream().filter(name -> match(name).group(2).equals(split)).toList();
    if (found.size() > 1) {
      throw new DataException(
          DataFile.shown(path)
              + ": it is not clear which is the "
              + split
              + " text; "
              + DataFile.shown(String.join(", ", found)));
    }
    return found.stream().findFirst().map(file -> TextFile.at(path.resolve(file)));
  }

  private static String prefix(String name) {
    return String.valueOf(match(name).group(1));
  }

  private static Matcher match(String name) {
    Matcher matcher = PART.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name);
    }
    return matcher;
  }
}
