package lot4j.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import lot4j.train.DataException;

/**
 * The times of rows: numbers, or dates in ISO 8601 ({@code 2024-05-01}, {@code 2024-05-01 13:30}).
 */
public final class TimeColumn {
  private final Map<Integer, Double> times;

  private TimeColumn(Map<Integer, Double> times) {
    this.times = times;
  }

  /**
   * Reads a column.
   *
   * @throws DataException naming a row whose time cannot be read, or is not of the first one's form
   */
  public static TimeColumn of(Table table, String name, List<Integer> rows) {
    int column = table.column("task.time", name);
    Map<Integer, Double> times = new HashMap<>();
    boolean numbers =
        !rows.isEmpty()
            && NumberText.number(table.cell(rows.get(0), column), table.decimalComma()).isPresent();
    for (int row : rows) {
      String cell = table.cell(row, column);
      OptionalDouble time =
          numbers ? NumberText.number(cell, table.decimalComma()) : DateText.seconds(cell);
      if (time.isEmpty()) {
        throw new DataException(
            table.where(row)
                + ": column '"
                + DataFile.shown(name)
                + "', task.time, holds '"
                + DataFile.shown(cell)
                + "'; numbers in every row, or dates as 2024-05-01 or 2024-05-01T13:30:00");
      }
      times.put(row, time.getAsDouble());
    }
    return new TimeColumn(times);
  }

  /** The time of a row: the number, or seconds since 1970. */
  public double at(int row) {
    return times.get(row);
  }
}
