package lot4j.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.train.DataException;

/**
 * Finds out what the columns of a table are.
 *
 * <p>A column whose values are all numbers is numeric; of text with few distinct values a category.
 * Left out are columns that say nothing: one value everywhere, a text that is different in (nearly)
 * every row, whole numbers called {@code id} or the like that number the rows. Dates are refused:
 * as names they would mean nothing for a later date.
 *
 * @param columns every column that was looked at, in the table's order
 */
public record TableSurvey(List<FoundColumn> columns) {
  private static final Pattern ROW_NUMBER =
      Pattern.compile("(?i)(.*[ _.-])?(id|idx|index|row|rownum|row.?number|nr|no|uuid|key)");
  private static final double MOSTLY = 0.9;
  private static final int FEW = 10;
  private static final int SOME = 20;
  private static final int MOST_SHOWN = 12;

  public TableSurvey {
    columns = List.copyOf(columns);
  }

  /**
   * Looks at every column but the target's.
   *
   * @param target the column that is predicted
   * @param decided kinds that a configuration gives
   * @param reserved columns that serve another end and are no inputs unless {@code decided} says
   *     so, with what they serve
   * @throws DataException naming a column of dates, or one of numbers with something else in it
   */
  public static TableSurvey of(
      Table table, String target, Map<String, ColumnKind> decided, Map<String, String> reserved) {
    decided.keySet().forEach(name -> table.column("task.columns", name));
    List<FoundColumn> found = new ArrayList<>();
    for (int column = 0; column < table.columns().size(); column++) {
      String name = table.columns().get(column);
      if (name.equals(target)) {
        continue;
      }
      if (decided.containsKey(name)) {
        found.add(new FoundColumn(name, decided.get(name), "as configured"));
      } else if (reserved.containsKey(name)) {
        found.add(new FoundColumn(name, ColumnKind.IGNORE, reserved.get(name)));
      } else {
        found.add(new Look(table, column).found());
      }
    }
    if (found.stream().allMatch(each -> each.kind() == ColumnKind.IGNORE)) {
      throw new DataException(
          table.shown()
              + ": no column is left to learn from; "
              + found.stream()
                  .limit(MOST_SHOWN)
                  .map(each -> DataFile.shown(each.name()) + ": " + each.why())
                  .collect(Collectors.joining("; ")));
    }
    return new TableSurvey(found);
  }

  /**
   * Requires that a column's numbers have no commas, which would make them texts.
   *
   * @param names the key that takes them for names, for the message
   * @throws DataException naming the first that has one
   */
  public static void requirePoints(Table table, int column, String names) {
    new Look(table, column).requirePoints(names);
  }

  /** The columns of one kind. */
  public List<FoundColumn> of(ColumnKind kind) {
    return columns.stream().filter(each -> each.kind() == kind).toList();
  }

  /** The findings in a sentence or two, for people. */
  public List<String> said() {
    List<String> said = new ArrayList<>();
    said.add(
        "columns: "
            + named("numeric", of(ColumnKind.NUMERIC), false)
            + "; "
            + named("categories", of(ColumnKind.CATEGORY), true));
    List<FoundColumn> ignored = of(ColumnKind.IGNORE);
    if (!ignored.isEmpty()) {
      said.add(
          named("left out", ignored, true)
              + "; task.columns: {NAME: numeric|category} takes one in");
    }
    return said;
  }

  private static String named(String what, List<FoundColumn> columns, boolean why) {
    String names =
        columns.stream()
            .limit(MOST_SHOWN)
            .map(each -> DataFile.shown(each.name()) + (why ? " (" + each.why() + ")" : ""))
            .collect(Collectors.joining(", "));
    String more =
        columns.size() > MOST_SHOWN ? " and " + (columns.size() - MOST_SHOWN) + " more" : "";
    return columns.size() + " " + what + (columns.isEmpty() ? "" : ": " + names + more);
  }

  /** One column's cells, looked at once. */
  private static final class Look {
    private final Table table;
    private final int column;
    private final Map<String, Integer> texts = new LinkedHashMap<>();
    private final Set<Double> numbers = new HashSet<>();
    private int cells;
    private int numeric;
    private int whole;
    private int missing;
    private int dates;
    private int commas;
    private Optional<Integer> firstText = Optional.empty();

    Look(Table table, int column) {
      this.table = table;
      this.column = column;
      IntStream.range(0, table.size()).forEach(this::see);
    }

    private void see(int row) {
      String cell = table.cell(row, column);
      if (cell.isEmpty()) {
        return;
      }
      cells++;
      texts.putIfAbsent(cell, row);
      var number = NumberText.number(cell, table.decimalComma());
      if (number.isPresent()) {
        numeric++;
        numbers.add(number.getAsDouble());
        whole += NumberText.whole(cell, table.decimalComma()).isPresent() ? 1 : 0;
      } else if (NumberText.isMissing(cell)) {
        missing++;
      } else {
        dates += DateText.looksLike(cell) ? 1 : 0;
        commas += NumberText.number(cell, true).isPresent() ? 1 : 0;
        if (firstText.isEmpty()) {
          firstText = Optional.of(row);
        }
      }
    }

    FoundColumn found() {
      if (cells == 0) {
        return out("empty");
      }
      boolean gaps = cells < table.size();
      if (texts.size() == 1 && !gaps) {
        return out("always '" + shown(texts.keySet().iterator().next()) + "'");
      }
      int told = cells - missing;
      if (numeric > 0 && numeric == told) {
        boolean numbersRows =
            whole == table.size()
                && numbers.size() == table.size()
                && ROW_NUMBER.matcher(name()).matches();
        return numbersRows
            ? out("a number of its own in every row")
            : new FoundColumn(name(), ColumnKind.NUMERIC, numbers.size() + " values");
      }
      if (dates > 0 && dates == told) {
        throw dates();
      }
      requirePoints("task.columns: {" + DataFile.shown(name()) + ": category}");
      if (numeric >= FEW && numeric > MOSTLY * told) {
        throw mixed();
      }
      if (texts.size() == cells && cells > 1) {
        return out("text, different in every row");
      }
      if (texts.size() > SOME && 2 * texts.size() > cells) {
        return out("text, " + texts.size() + " different ones in " + cells + " rows");
      }
      return new FoundColumn(name(), ColumnKind.CATEGORY, texts.size() + " values");
    }

    private String name() {
      return table.columns().get(column);
    }

    private FoundColumn out(String why) {
      return new FoundColumn(name(), ColumnKind.IGNORE, why);
    }

    private static String shown(String cell) {
      return DataFile.shown(cell.length() > 30 ? cell.substring(0, 30) + "…" : cell);
    }

    private DataException dates() {
      String name = DataFile.shown(name());
      return new DataException(
          table.where(firstText.orElseThrow())
              + ": column '"
              + name
              + "' holds dates or times ('"
              + shown(table.cell(firstText.orElseThrow(), column))
              + "'); write them as numbers (year, month, weekday, hour, days since a first day),"
              + " leave the column out (task.ignore: ["
              + name
              + "]), or split by it (task.time: "
              + name
              + ")");
    }

    void requirePoints(String names) {
      if (commas == 0 || commas + numeric < cells - missing) {
        return;
      }
      int row = firstText.orElseThrow();
      String name = DataFile.shown(name());
      throw new DataException(
          table.where(row)
              + ": column '"
              + name
              + "' holds numbers with a comma ('"
              + shown(table.cell(row, column))
              + "'); a decimal comma is read in files with ; between the fields, else write a point"
              + " and no thousands separators; if they are names, "
              + names);
    }

    private DataException mixed() {
      int row = firstText.orElseThrow();
      return new DataException(
          table.where(row)
              + ": column '"
              + DataFile.shown(name())
              + "' holds numbers, but here '"
              + shown(table.cell(row, column))
              + "'; a number or an empty field, or task.columns: {"
              + DataFile.shown(name())
              + ": category}");
    }
  }
}
