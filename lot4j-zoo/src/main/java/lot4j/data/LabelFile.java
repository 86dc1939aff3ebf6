package lot4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.train.DataException;

/**
 * The file {@code labels.csv} beside images: a column {@code file}, perhaps {@code split}, and
 * either {@code labels} (names with {@code |} between them) or one column of 0 and 1 for each
 * label.
 *
 * @param classes in the order of their names
 * @param multi whether an image may have none or several of them
 * @param entries in the order of the file
 */
record LabelFile(List<String> classes, boolean multi, List<Entry> entries) {
  /** Its name. */
  static final String NAME = "labels.csv";

  private static final String FILE = "file";
  private static final String SPLIT = "split";
  private static final List<String> LABELS = List.of("labels", "label");

  /**
   * An image.
   *
   * @param where the file and its line, for errors
   * @param file as it is written, relative to the file of labels
   * @param split as it is written; empty without such a column
   * @param labels numbers of its classes, ascending
   */
  record Entry(String where, String file, String split, int[] labels) {}

  /** Reads it. */
  static LabelFile of(Table table, Labelling labelling) {
    if (table.size() == 0) {
      throw new DataException(table.shown() + ": holds no rows below its header");
    }
    Columns columns = Columns.of(table);
    List<Set<String>> named = new ArrayList<>();
    Set<String> files = new HashSet<>();
    for (int row = 0; row < table.size(); row++) {
      String file = table.cell(row, columns.file());
      if (!files.add(file)) {
        throw new DataException(
            table.where(row) + ": file '" + DataFile.shown(file) + "' a second time");
      }
      named.add(columns.labels(table, row));
    }
    Set<String> all = new TreeSet<>(columns.marks().values());
    named.forEach(all::addAll);
    if (all.isEmpty()) {
      throw new DataException(table.shown() + ": no row has a label");
    }
    boolean multi = multi(table, named, labelling);
    List<String> classes = List.copyOf(all);
    if (!multi && classes.size() < 2) {
      throw new DataException(table.shown() + ": has one class; two or more are needed");
    }
    List<Entry> entries = new ArrayList<>();
    for (int row = 0; row < table.size(); row++) {
      Set<String> labels = named.get(row);
      entries.add(
          new Entry(
              table.where(row),
              table.cell(row, columns.file()),
              columns.split() < 0 ? "" : table.cell(row, columns.split()),
              IntStream.range(0, classes.size())
                  .filter(c -> labels.contains(classes.get(c)))
                  .toArray()));
    }
    return new LabelFile(classes, multi, entries);
  }

  private static boolean multi(Table table, List<Set<String>> named, Labelling labelling) {
    if (labelling == Labelling.MULTI) {
      return true;
    }
    for (int row = 0; row < named.size(); row++) {
      int labels = named.get(row).size();
      if (labels != 1) {
        if (labelling == Labelling.AUTO) {
          return true;
        }
        throw new DataException(
            table.where(row)
                + ": has "
                + labels
                + " labels; task.labels: single needs one in every row");
      }
    }
    return false;
  }

  /** The images' labels as ones among zeros. */
  byte[][] marks(List<Entry> some) {
    return some.stream()
        .map(
            entry -> {
              byte[] marks = new byte[classes.size()];
              Arrays.stream(entry.labels()).forEach(label -> marks[label] = 1);
              return marks;
            })
        .toArray(byte[][]::new);
  }

  /**
   * What the header says.
   *
   * @param file its column
   * @param split its column, or -1
   * @param names the column of names, or -1
   * @param marks columns of 0 and 1 with their labels' names; empty with a column of names
   */
  private record Columns(int file, int split, int names, Map<Integer, String> marks) {
    static Columns of(Table table) {
      List<String> header = table.columns();
      int names = LABELS.stream().mapToInt(header::indexOf).max().orElseThrow();
      Map<Integer, String> others = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        if (!header.get(i).equals(FILE) && !header.get(i).equals(SPLIT) && i != names) {
          others.put(i, header.get(i));
        }
      }
      if (!header.contains(FILE)) {
        throw new DataException(
            table.shown()
                + ": has no column 'file'; file,labels or file and a column of 0 and 1 a label");
      }
      if (names >= 0 && !others.isEmpty()) {
        throw new DataException(
            table.shown()
                + ": unknown column "
                + others.values().stream()
                    .map(name -> "'" + DataFile.shown(name) + "'")
                    .collect(Collectors.joining(", "))
                + "; beside labels only file and split");
      }
      if (names < 0 && others.isEmpty()) {
        throw new DataException(
            table.shown() + ": has no labels; a column 'labels', or one a label");
      }
      return new Columns(header.indexOf(FILE), header.indexOf(SPLIT), names, others);
    }

    Set<String> labels(Table table, int row) {
      if (names >= 0) {
        return Arrays.stream(table.cell(row, names).split("\\|"))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
      }
      Set<String> labels = new TreeSet<>();
      marks.forEach(
          (column, name) -> {
            String mark = table.cell(row, column);
            if (mark.equals("1")) {
              labels.add(name);
            } else if (!mark.equals("0")) {
              throw new DataException(
                  table.where(row)
                      + ": column '"
                      + DataFile.shown(name)
                      + "' is '"
                      + DataFile.shown(mark)
                      + "'; 0 or 1");
            }
          });
      return labels;
    }
  }
}
