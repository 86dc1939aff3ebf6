package lot4j.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/** Finds a table by its path and reads it. */
public final class TableSets {
  private TableSets() {}

  /**
   * Reads a file, or a directory with {@code train.csv} and perhaps {@code valid.csv} and {@code
   * test.csv}, each gzip or not.
   *
   * @throws DataException if it is missing, unreadable or damaged
   */
  public static TableSet read(String data) {
    Path path = path(data);
    String name = name(path);
    if (!Files.isDirectory(path)) {
      TableFile.Read read = TableFile.read(path);
      return new TableSet(
          name, read.table(), Optional.empty(), Optional.empty(), List.of(read.source()));
    }
    List<Source> sources = new ArrayList<>();
    Table train =
        part(path, "train.csv", sources)
            .orElseThrow(
                () ->
                    new DataException(
                        DataFile.shown(path)
                            + ": has no train.csv; a directory needs train.csv, and may have"
                            + " valid.csv and test.csv, each .gz or not"));
    Optional<Table> valid = part(path, "valid.csv", sources);
    Optional<Table> test = part(path, "test.csv", sources);
    return new TableSet(name, train, valid, test, sources);
  }

  private static Optional<Table> part(Path directory, String file, List<Source> sources) {
    Optional<TableFile.Read> read = DataFile.find(directory, file).map(TableFile::read);
    read.ifPresent(r -> sources.add(r.source()));
    return read.map(TableFile.Read::table);
  }

  /** The path that {@code data} means. */
  private static Path path(String data) {
    Path path;
    try {
      path = Path.of(data);
    } catch (InvalidPathException e) {
      throw new DataException(DataFile.shown(data) + ": is no path", e);
    }
    if (Files.exists(path)) {
      return path;
    }
    throw new DataException(
        DataFile.shown(data)
            + (DataSets.named(data).isPresent()
                ? ": is a data set's name, but no table; a CSV file, or a directory of them"
                : ": not found; a CSV file, or a directory with train.csv"));
  }

  private static String name(Path path) {
    Path file = path.toAbsolutePath().normalize().getFileName();
    String name =
        file == null
            ? "table"
            : file.toString().replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    return name.isEmpty() ? "table" : name;
  }
}
