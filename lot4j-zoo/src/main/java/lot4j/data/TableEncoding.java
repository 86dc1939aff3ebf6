package lot4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import lot4j.Require;
import lot4j.train.DataException;

/**
 * How rows of a table become numbers: first the numeric columns, standardised by the training rows'
 * mean and deviation, a missing value being the mean; then for every numeric column that had
 * missing values in training a 1 where the value is missing, else 0; then for every category a
 * code, 0 for a missing or unknown value.
 *
 * @param numeric the numeric columns
 * @param categories the others
 */
public record TableEncoding(List<Numeric> numeric, List<Category> categories) {
  public TableEncoding {
    numeric = List.copyOf(numeric);
    categories = List.copyOf(categories);
    Require.that(
        !numeric.isEmpty() || !categories.isEmpty(), "columns", 0, "at least one to learn from");
  }

  /**
   * A numeric column.
   *
   * @param name the column's
   * @param mean of the training rows
   * @param deviation of the training rows, the square root of the mean squared difference from the
   *     mean; 1 where that is 0
   * @param indicator whether missing values have a number of their own
   */
  public record Numeric(String name, double mean, double deviation, boolean indicator) {
    public Numeric {
      Require.that(name != null && !name.isEmpty(), "name", name, "a column's");
      Require.that(Double.isFinite(mean), "mean", mean, "a finite number");
      Require.positive("deviation", deviation);
    }
  }

  /**
   * A category.
   *
   * @param name the column's
   * @param values those of the training rows; value {@code n} from 0 has the code n + 1
   */
  public record Category(String name, List<String> values) {
    public Category {
      Require.that(name != null && !name.isEmpty(), "name", name, "a column's");
      values = List.copyOf(values);
      Require.that(
          new HashSet<>(values).size() == values.size(), "values", name, "each value once");
    }

    /** Number of codes: one a value, and one for missing and unknown ones. */
    public int codes() {
      return values.size() + 1;
    }
  }

  /**
   * Learns it from training rows.
   *
   * @param survey what the columns are
   * @param rows those to learn from, at least one
   * @throws DataException naming a cell that is no number where there should be one
   */
  public static TableEncoding of(Table table, TableSurvey survey, List<Integer> rows) {
    List<Numeric> numeric = new ArrayList<>();
    for (FoundColumn found : survey.of(ColumnKind.NUMERIC)) {
      numeric.add(numeric(table, found.name(), rows));
    }
    List<Category> categories = new ArrayList<>();
    for (FoundColumn found : survey.of(ColumnKind.CATEGORY)) {
      int column = table.column("task.columns", found.name());
      TreeSet<String> values = new TreeSet<>();
      rows.forEach(row -> values.add(table.cell(row, column)));
      values.remove("");
      categories.add(new Category(found.name(), List.copyOf(values)));
    }
    return new TableEncoding(numeric, categories);
  }

  private static Numeric numeric(Table table, String name, List<Integer> rows) {
    int column = table.column("task.columns", name);
    double sum = 0;
    int n = 0;
    for (int row : rows) {
      OptionalDouble value = number(table, row, column);
      if (value.isPresent()) {
        sum += value.getAsDouble();
        n++;
      }
    }
    double mean = n == 0 ? 0 : sum / n;
    double squares = 0;
    for (int row : rows) {
      OptionalDouble value = number(table, row, column);
      if (value.isPresent()) {
        squares += (value.getAsDouble() - mean) * (value.getAsDouble() - mean);
      }
    }
    double deviation = n == 0 ? 0 : Math.sqrt(squares / n);
    if (!Double.isFinite(mean) || !Double.isFinite(deviation)) {
      throw new DataException(
          table.shown() + ": column '" + DataFile.shown(name) + "' holds numbers too large to use");
    }
    return new Numeric(name, mean, deviation > 0 ? deviation : 1, n < rows.size());
  }

  private static OptionalDouble number(Table table, int row, int column) {
    String cell = table.cell(row, column);
    OptionalDouble value = NumberText.number(cell, table.decimalComma());
    if (value.isEmpty() && !NumberText.isMissing(cell)) {
      throw new DataException(
          table.where(row)
              + ": column '"
              + DataFile.shown(table.columns().get(column))
              + "' holds numbers, but here '"
              + DataFile.shown(cell.length() > 30 ? cell.substring(0, 30) + "…" : cell)
              + "'");
    }
    return value;
  }

  /** How many of a row's numbers are measurements, indicators included; codes follow. */
  public int numbers() {
    return numeric.size() + (int) numeric.stream().filter(Numeric::indicator).count();
  }

  /** How many numbers a row becomes. */
  public int features() {
    return numbers() + categories.size();
  }

  /** Number of codes of every category. */
  public List<Integer> codes() {
    return categories.stream().map(Category::codes).toList();
  }

  /**
   * An encoder for a table.
   *
   * @throws DataException if a column is not there
   */
  public Encoder encoder(Table table) {
    return new Encoder(this, table);
  }

  /** Encodes the rows of one table, and notices values that training did not have. */
  public static final class Encoder {
    private final TableEncoding encoding;
    private final Table table;
    private final int[] numeric;
    private final int[] categories;
    private final List<Map<String, Integer>> codes = new ArrayList<>();
    private final Map<String, String> unknown = new LinkedHashMap<>();

    private Encoder(TableEncoding encoding, Table table) {
      this.encoding = encoding;
      this.table = table;
      this.numeric = encoding.numeric().stream().mapToInt(c -> at(table, c.name())).toArray();
      this.categories = encoding.categories().stream().mapToInt(c -> at(table, c.name())).toArray();
      for (Category category : encoding.categories()) {
        Map<String, Integer> of = new HashMap<>();
        category.values().forEach(value -> of.put(value, of.size() + 1));
        codes.add(of);
      }
    }

    private static int at(Table table, String name) {
      return table.column("an input of the networks", name);
    }

    /**
     * Writes one row.
     *
     * @param into [features] numbers from {@code at} on
     * @throws DataException naming the line of a cell that is no number where there should be one
     */
    public void encode(int row, float[] into, int at) {
      int indicator = at + numeric.length;
      for (int i = 0; i < numeric.length; i++) {
        Numeric column = encoding.numeric().get(i);
        OptionalDouble value = number(table, row, numeric[i]);
        into[at + i] = value.isPresent() ? standardised(column, row, value.getAsDouble()) : 0;
        if (column.indicator()) {
          into[indicator++] = value.isPresent() ? 0 : 1;
        }
      }
      for (int i = 0; i < categories.length; i++) {
        String cell = table.cell(row, categories[i]);
        int code = codes.get(i).getOrDefault(cell, 0);
        if (code == 0 && !cell.isEmpty()) {
          unknown.putIfAbsent(encoding.categories().get(i).name(), table.where(row) + "\n" + cell);
        }
        into[indicator + i] = code;
      }
    }

    private float standardised(Numeric column, int row, double value) {
      float standardised = (float) ((value - column.mean()) / column.deviation());
      if (!Float.isFinite(standardised)) {
        throw new DataException(
            table.where(row)
                + ": column '"
                + DataFile.shown(column.name())
                + "' holds "
                + value
                + ", which is too far from the training rows to use");
      }
      return standardised;
    }

    /** Rows one after the other, [row, features]. */
    public float[] encode(List<Integer> rows) {
      int features = encoding.features();
      float[] all = new float[Math.multiplyExact(rows.size(), features)];
      for (int i = 0; i < rows.size(); i++) {
        encode(rows.get(i), all, i * features);
      }
      return all;
    }

    /** What a user should know: one sentence for each category with a value unknown to training. */
    public List<String> notes() {
      List<String> notes = new ArrayList<>();
      unknown.forEach(
          (column, example) -> {
            String[] parts = example.split("\n", 2);
            notes.add(
                parts[0]
                    + ": column '"
                    + DataFile.shown(column)
                    + "' has values that the training rows did not have, here '"
                    + DataFile.shown(parts[1])
                    + "'; they are taken for unknown");
          });
      return notes;
    }
  }
}
