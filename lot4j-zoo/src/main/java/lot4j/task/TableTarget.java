package lot4j.task;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Require;
import lot4j.data.NumberText;
import lot4j.data.Table;
import lot4j.model.tabular.NormalHead;
import lot4j.train.DataException;

/** What is predicted of a row: one of some classes, or a number. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "predict")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TableTarget.Classes.class, name = "class"),
  @JsonSubTypes.Type(value = TableTarget.Numbers.class, name = "number")
})
public sealed interface TableTarget {
  /** More classes than this are not found by themselves among numbers. */
  int MOST_NUMBERED_CLASSES = 20;

  /** The column. */
  String column();

  /** How many numbers a network gives. */
  int outputs();

  /** Whether another target is the same but for the scale of its numbers. */
  boolean same(TableTarget other);

  /** Names in the order of the outputs; empty for a number. */
  default List<String> names() {
    return List.of();
  }

  /**
   * One of some classes.
   *
   * @param column the column
   * @param classes names in the order of the outputs: of whole numbers by value, else of the texts
   * @param whole whether they are whole numbers, so that {@code 1.0} is class 1
   */
  record Classes(String column, List<String> classes, boolean whole) implements TableTarget {
    public Classes {
      Require.that(column != null && !column.isEmpty(), "column", column, "a name");
      classes = List.copyOf(classes);
      Require.that(
          classes.size() >= 2 && new HashSet<>(classes).size() == classes.size(),
          "classes",
          classes.size(),
          "2 or more, each once");
    }

    @Override
    public int outputs() {
      return classes.size();
    }

    @Override
    public boolean same(TableTarget other) {
      return equals(other);
    }

    @Override
    public List<String> names() {
      return classes;
    }

    /**
     * The class of a row.
     *
     * @throws DataException naming the line if it is none of them
     */
    int label(Table table, int row, int at) {
      int label = classes.indexOf(name(table.cell(row, at), table, whole));
      if (label < 0) {
        throw new DataException(
            table.where(row)
                + ": column '"
                + column
                + "' holds '"
                + table.cell(row, at)
                + "', which is no class of the training rows; they are "
                + shown(classes));
      }
      return label;
    }
  }

  /**
   * A number; networks predict (number − mean) / deviation.
   *
   * @param column the column
   * @param mean of the training rows
   * @param deviation of the training rows, above 0
   * @param loss what is learned
   */
  record Numbers(String column, double mean, double deviation, RegressionLoss loss)
      implements TableTarget {
    public Numbers {
      Require.that(column != null && !column.isEmpty(), "column", column, "a name");
      Require.that(Double.isFinite(mean), "mean", mean, "a finite number");
      Require.positive("deviation", deviation);
      Require.that(loss != null, "loss", loss, "gaussian or squared");
    }

    @Override
    public int outputs() {
      return NormalHead.outputs(1, loss.ownDeviation());
    }

    @Override
    public boolean same(TableTarget other) {
      return other instanceof Numbers numbers
          && column.equals(numbers.column)
          && loss == numbers.loss;
    }

    /** The number of a row, in the column's own unit. */
    static double value(Table table, int row, int at) {
      OptionalDouble value = NumberText.number(table.cell(row, at), table.decimalComma());
      if (value.isEmpty()) {
        throw new DataException(
            table.where(row)
                + ": column '"
                + table.columns().get(at)
                + "' is to be predicted as a number, but here is '"
                + table.cell(row, at)
                + "'");
      }
      return value.getAsDouble();
    }
  }

  /**
   * The classes of rows.
   *
   * @throws DataException if there are fewer than two
   */
  static Classes classes(Table table, int at, List<Integer> rows) {
    boolean whole =
        rows.stream()
            .allMatch(
                row -> NumberText.whole(table.cell(row, at), table.decimalComma()).isPresent());
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.add(name(table.cell(row, at), table, whole)));
    List<String> sorted =
        whole
            ? names.stream().sorted(Comparator.comparingLong(Long::parseLong)).toList()
            : List.copyOf(new TreeSet<>(names));
    String column = table.columns().get(at);
    if (sorted.size() < 2) {
      throw new DataException(
          table.shown()
              + ": column '"
              + column
              + "', the target, is always '"
              + sorted.get(0)
              + "'");
    }
    if (sorted.size() == rows.size() && rows.size() > 2) {
      throw new DataException(
          table.shown()
              + ": column '"
              + column
              + "', the target, is different in every row; that is nothing to learn classes from");
    }
    return new Classes(column, sorted, whole);
  }

  /**
   * The number's scale in training rows.
   *
   * @throws DataException if it is always the same
   */
  static Numbers numbers(Table table, int at, List<Integer> rows, RegressionLoss loss) {
    double sum = 0;
    for (int row : rows) {
      sum += Numbers.value(table, row, at);
    }
    double mean = sum / rows.size();
    double squares = 0;
    for (int row : rows) {
      double gap = Numbers.value(table, row, at) - mean;
      squares += gap * gap;
    }
    double deviation = Math.sqrt(squares / rows.size());
    if (!(deviation > 0) || !Double.isFinite(deviation)) {
      throw new DataException(
          table.shown()
              + ": column '"
              + table.columns().get(at)
              + (deviation == 0
                  ? "', the target, is always " + mean + " in the training rows"
                  : "', the target, holds numbers too large to use"));
    }
    return new Numbers(table.columns().get(at), mean, deviation, loss);
  }

  /** Whether a column looks like classes: text, or a few whole numbers. */
  static boolean looksLikeClasses(Table table, int at, List<Integer> rows) {
    Set<Long> found = new HashSet<>();
    for (int row : rows) {
      String cell = table.cell(row, at);
      var whole = NumberText.whole(cell, table.decimalComma());
      if (whole.isEmpty()) {
        return NumberText.number(cell, table.decimalComma()).isEmpty()
            && !onlyNumbers(table, at, rows);
      }
      found.add(whole.get());
      if (found.size() > MOST_NUMBERED_CLASSES) {
        return !onlyNumbers(table, at, rows);
      }
    }
    return found.size() == 2 || 2 * found.size() <= rows.size();
  }

  private static boolean onlyNumbers(Table table, int at, List<Integer> rows) {
    return rows.stream()
        .allMatch(row -> NumberText.number(table.cell(row, at), table.decimalComma()).isPresent());
  }

  private static String name(String cell, Table table, boolean whole) {
    return whole
        ? NumberText.whole(cell, table.decimalComma()).map(String::valueOf).orElse(cell)
        : cell;
  }

  private static String shown(List<String> classes) {
    List<String> first = new ArrayList<>(classes.subList(0, Math.min(20, classes.size())));
    return String.join(", ", first) + (classes.size() > 20 ? ", …" : "");
  }
}
