package lot4j.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.train.Prepared.Source;

/**
 * A table, or the tables of a directory, as found on disk.
 *
 * @param name the file's or directory's name without its ending
 * @param train the training split, or everything if no split was brought
 * @param valid the validation split, if one was brought
 * @param test the test split, if one was brought
 * @param sources the files that were read
 */
public record TableSet(
    String name, Table train, Optional<Table> valid, Optional<Table> test, List<Source> sources) {
  public TableSet {
    sources = List.copyOf(sources);
  }

  /** All tables, the training split first. */
  public List<Table> all() {
    return Stream.of(Optional.of(train), valid, test).flatMap(Optional::stream).toList();
  }
}
