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
   * @param line of the file, for errors
   * @param file as it is written, relative to the file of labels
   * @param split as it is written; empty without such a column
   * @param labels numbers of its classes, ascending
   */
  record Entry(int line, String file, String split, int[] labels) {}

  /**
   * Reads its text.
   *
   * @param where how errors name the file
   */
  static LabelFile of(String text, String where, Labelling labelling) {
    List<CsvText.Row> rows = CsvText.rows(text, where);
    if (rows.size() < 2) {
      throw new DataException(where + ": holds no rows below its header");
    }
    Columns columns = Columns.of(rows.get(0).fields(), where);
    Map<CsvText.Row, Set<String>> named = new LinkedHashMap<>();
    Set<String> files = new HashSet<>();
    for (CsvText.Row row : rows.subList(1, rows.size())) {
      if (row.fields().size() != columns.count()) {
        throw new DataException(
            at(where, row) + row.fields().size() + " fields, the header has " + columns.count());
      }
      String file = row.fields().get(columns.file());
      if (!files.add(file)) {
        throw new DataException(
            at(where, row) + "file '" + DataFile.shown(file) + "' a second time");
      }
      named.put(row, columns.labels(row, where));
    }
    Set<String> all = new TreeSet<>(columns.marks().values());
    named.values().forEach(all::addAll);
    if (all.isEmpty()) {
      throw new DataException(where + ": no row has a label");
    }
    boolean multi = multi(named, where, labelling);
    List<String> classes = List.copyOf(all);
    if (!multi && classes.size() < 2) {
      throw new DataException(where + ": has one class; two or more are needed");
    }
    List<Entry> entries = new ArrayList<>();
    named.forEach(
        (row, labels) ->
            entries.add(
                new Entry(
                    row.line(),
                    row.fields().get(columns.file()),
                    columns.split() < 0 ? "" : row.fields().get(columns.split()),
                    IntStream.range(0, classes.size())
                        .filter(c -> labels.contains(classes.get(c)))
                        .toArray())));
    return new LabelFile(classes, multi, entries);
  }

  private static boolean multi(
      Map<CsvText.Row, Set<String>> named, String where, Labelling labelling) {
    if (labelling == Labelling.MULTI) {
      return true;
    }
    for (Map.Entry<CsvText.Row, Set<String>> row : named.entrySet()) {
      if (row.getValue().size() != 1) {
        if (labelling == Labelling.AUTO) {
          return true;
        }
        throw new DataException(
            at(where, row.getKey())
                + row.getValue().size()
                + " labels; task.labels: single needs one in every row");
      }
    }
    return false;
  }

  private static String at(String where, CsvText.Row row) {
    return where + ": line " + row.line() + ": ";
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
   * @param count of all columns
   * @param split its column, or -1
   * @param names the column of names, or -1
   * @param marks columns of 0 and 1 with their labels' names; empty with a column of names
   */
  private record Columns(int count, int file, int split, int names, Map<Integer, String> marks) {
    static Columns of(List<String> header, String where) {
      for (String name : header) {
        if (name.isBlank() || header.indexOf(name) != header.lastIndexOf(name)) {
          throw new DataException(
              where
                  + ": column '"
                  + DataFile.shown(name)
                  + "' of the header is blank or there twice");
        }
      }
      int names = LABELS.stream().mapToInt(header::indexOf).max().orElseThrow();
      Map<Integer, String> others = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        if (!header.get(i).equals(FILE) && !header.get(i).equals(SPLIT) && i != names) {
          others.put(i, header.get(i));
        }
      }
      if (!header.contains(FILE)) {
        throw new DataException(
            where + ": has no column 'file'; file,labels or file and a column of 0 and 1 a label");
      }
      if (names >= 0 && !others.isEmpty()) {
        throw new DataException(
            where
                + ": unknown column "
                + others.values().stream()
                    .map(name -> "'" + DataFile.shown(name) + "'")
                    .collect(Collectors.joining(", "))
                + "; beside labels only file and split");
      }
      if (names < 0 && others.isEmpty()) {
        throw new DataException(where + ": has no labels; a column 'labels', or one a label");
      }
      return new Columns(header.size(), header.indexOf(FILE), header.indexOf(SPLIT), names, others);
    }

    Set<String> labels(CsvText.Row row, String where) {
      if (names >= 0) {
        return Arrays.stream(row.fields().get(names).split("\\|"))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
      }
      Set<String> labels = new TreeSet<>();
      marks.forEach(
          (column, name) -> {
            String mark = row.fields().get(column);
            if (mark.equals("1")) {
              labels.add(name);
            } else if (!mark.equals("0")) {
              throw new DataException(
                  at(where, row)
                      + "column '"
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
