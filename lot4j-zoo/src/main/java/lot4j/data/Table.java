package lot4j.data;

import java.util.List;
import java.util.stream.Collectors;
import lot4j.train.DataException;

/**
 * A table as it stands in a file: named columns of text, a missing value being the empty text.
 *
 * <p>Cells are stripped of white space at both ends. Every row remembers the line it began on, so
 * that whatever is wrong with it can be found.
 */
public final class Table {
  private static final int MOST_LISTED = 30;

  private final String shown;
  private final char delimiter;
  private final List<String> columns;
  private final String[][] rows;
  private final long[] lines;

  /**
   * The arrays are kept, not copied: the caller hands them over.
   *
   * @param shown how errors name the file
   * @param delimiter what stands between two fields
   * @param columns names, each once
   * @param rows [row][column]
   * @param lines [row], counted from 1
   */
  Table(String shown, char delimiter, List<String> columns, String[][] rows, long[] lines) {
    this.shown = shown;
    this.delimiter = delimiter;
    this.columns = List.copyOf(columns);
    this.rows = rows;
    this.lines = lines;
  }

  /** How errors and predictions name the file. */
  public String shown() {
    return shown;
  }

  /** The names of the columns, in the file's order. */
  public List<String> columns() {
    return columns;
  }

  /** Number of rows, the header not counted. */
  public int size() {
    return rows.length;
  }

  /** Whether {@code ,} stands for a decimal point: in files that put {@code ;} between fields. */
  public boolean decimalComma() {
    return delimiter == ';';
  }

  /** What stands between two fields. */
  public char delimiter() {
    return delimiter;
  }

  /** Whether there is a column of that name. */
  public boolean has(String column) {
    return columns.contains(column);
  }

  /**
   * The place of a column.
   *
   * @param key what asks for it, for the message
   * @throws DataException naming the columns that there are
   */
  public int column(String key, String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      throw new DataException(
          shown
              + ": has no column '"
              + DataFile.shown(column)
              + "' ("
              + key
              + ")"
              + near(column)
              + "; there are "
              + listed()
              + (headless() ? "; the first line has to name the columns (a header)" : ""));
    }
    return at;
  }

  /** One cell. */
  public String cell(int row, int column) {
    return rows[row][column];
  }

  /** The line of the file that a row begins on, from 1. */
  public long line(int row) {
    return lines[row];
  }

  /** A row as errors name it: {@code my.csv:17}. */
  public String where(int row) {
    return shown + ":" + lines[row];
  }

  /** The columns in words, the first ones if there are many. */
  public String listed() {
    String first =
        columns.stream().limit(MOST_LISTED).map(DataFile::shown).collect(Collectors.joining(", "));
    return columns.size() <= MOST_LISTED
        ? first
        : first + " and " + (columns.size() - MOST_LISTED) + " more";
  }

  /** Whether a number stands where a name should. */
  private boolean headless() {
    return columns.stream().anyMatch(name -> NumberText.number(name, decimalComma()).isPresent());
  }

  private String near(String column) {
    return columns.stream()
        .filter(name -> name.equalsIgnoreCase(column.strip()))
        .findFirst()
        .or(() -> lot4j.config.NearestName.to(column, columns))
        .map(name -> "; did you mean '" + DataFile.shown(name) + "'?")
        .orElse("");
  }
}
