package lot4j.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import lot4j.data.Stratified;
import lot4j.data.Table;
import lot4j.data.TimeColumn;
import lot4j.random.RandomStream;
import lot4j.train.DataException;

/** Draws a part of a table's rows: the latest, whole groups, or at random with all classes. */
final class TableSplitter {
  private final Table table;
  private final TableLearning spec;
  private final IntUnaryOperator label;

  /**
   * A splitter.
   *
   * @param label the class of a row; the same for all where there are none
   */
  TableSplitter(Table table, TableLearning spec, IntUnaryOperator label) {
    this.table = table;
    this.spec = spec;
    this.label = label;
  }

  /**
   * About a fraction of the rows, at least one.
   *
   * @param key of the fraction, for the message
   * @throws DataException if nothing would be left
   */
  Stratified draw(String key, double fraction, List<Integer> rows, RandomStream stream) {
    int count = (int) Math.max(1, Math.round(fraction * rows.size()));
    Stratified drawn =
        count >= rows.size()
            ? new Stratified(rows, List.of())
            : spec.time().isPresent()
                ? latest(count, rows)
                : spec.group().isPresent()
                    ? groups(count, rows, stream)
                    : Stratified.proportional(rows, label, count, stream);
    if (drawn.rest().isEmpty() || drawn.chosen().isEmpty()) {
      throw new DataException(
          table.shown()
              + ": "
              + key
              + " = "
              + fraction
              + " cannot be drawn from "
              + rows.size()
              + " rows"
              + spec.group().map(name -> " by task.group = " + name).orElse("")
              + spec.time().map(name -> " by task.time = " + name).orElse("")
              + "; something has to be left to train on");
    }
    return drawn;
  }

  /** The last ones in time; rows of the same time are never parted. */
  private Stratified latest(int count, List<Integer> rows) {
    TimeColumn time = TimeColumn.of(table, spec.time().orElseThrow(), rows);
    List<Integer> order =
        rows.stream()
            .sorted(Comparator.comparingDouble(time::at).thenComparing(row -> row))
            .toList();
    int from = order.size() - count;
    while (from > 0 && time.at(order.get(from - 1)) == time.at(order.get(from))) {
      from--;
    }
    return new Stratified(
        order.subList(from, order.size()).stream().sorted().toList(),
        order.subList(0, from).stream().sorted().toList());
  }

  /** Whole groups in a random order, as long as they bring the number nearer. */
  private Stratified groups(int count, List<Integer> rows, RandomStream stream) {
    String name = spec.group().orElseThrow();
    int column = table.column("task.group", name);
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int row : rows) {
      String group = table.cell(row, column);
      if (group.isEmpty()) {
        throw new DataException(
            table.where(row) + ": column '" + name + "' is empty; task.group needs a value");
      }
      groups.computeIfAbsent(group, g -> new ArrayList<>()).add(row);
    }
    List<List<Integer>> all = List.copyOf(groups.values());
    List<Integer> chosen = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    int taken = 0;
    for (int i : stream.permutation(all.size())) {
      List<Integer> group = all.get(i);
      boolean nearer =
          Math.abs(chosen.size() + group.size() - count) < Math.abs(chosen.size() - count);
      boolean take = nearer && taken < all.size() - 1;
      taken += take ? 1 : 0;
      (take ? chosen : rest).addAll(group);
    }
    if (chosen.isEmpty() && all.size() > 1) {
      // Every group is too large to bring the number nearer than none does.
      List<Integer> smallest = Collections.min(all, Comparator.comparingInt(List::size));
      chosen.addAll(smallest);
      rest.removeAll(smallest);
    }
    return new Stratified(chosen.stream().sorted().toList(), rest.stream().sorted().toList());
  }
}
