package lot4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lot4j.random.RandomStream;

/**
 * Draws rows of which some belong together: all of a group is drawn or none of it. What is drawn
 * comes as near as it can to its size and to the labels' proportions.
 *
 * <p>Groups are looked at in a random order; one is taken if that brings the selection nearer, by Σ
 * (goal − taken)² / all over the labels and over the number of rows. Of several such orders the
 * nearest result counts. In the spirit of the iterative stratification of K. Sechidis, G.
 * Tsoumakas, I. Vlahavas, "On the stratification of multi-label data", 2011.
 */
public final class GroupedDraw {
  private static final int TRIES = 32;
  private static final int MOST_LOOKS = 200_000;

  private final List<Group> groups;
  private final Map<Integer, Integer> labels;
  private final int rows;
  private final double share;

  private GroupedDraw(List<Group> groups, Map<Integer, Integer> labels, int rows, int count) {
    this.groups = groups;
    this.labels = labels;
    this.rows = rows;
    this.share = (double) count / rows;
  }

  /**
   * Draws about {@code count} rows, at least one group, and leaves at least one.
   *
   * @param group the number of a row's group
   * @param labels of a row, none or several
   * @throws IllegalArgumentException if there are fewer than two groups
   */
  public static Stratified of(
      List<Integer> rows,
      IntUnaryOperator group,
      IntFunction<int[]> labels,
      int count,
      RandomStream stream) {
    Map<Integer, Group> groups = new TreeMap<>();
    Map<Integer, Integer> all = new TreeMap<>();
    for (int row : rows) {
      Group own = groups.computeIfAbsent(group.applyAsInt(row), g -> Group.empty());
      own.rows().add(row);
      for (int label : labels.apply(row)) {
        own.labels().merge(label, 1, Integer::sum);
        all.merge(label, 1, Integer::sum);
      }
    }
    if (groups.size() < 2) {
      throw new IllegalArgumentException(
          "groups = " + groups.size() + " is not allowed; 2 or more");
    }
    return new GroupedDraw(List.copyOf(groups.values()), all, rows.size(), count).nearest(stream);
  }

  private Stratified nearest(RandomStream stream) {
    int tries = Math.max(1, Math.min(TRIES, MOST_LOOKS / groups.size()));
    Selection best = select(stream.permutation(groups.size()));
    for (int i = 1; i < tries; i++) {
      Selection other = select(stream.permutation(groups.size()));
      best = other.distance() < best.distance() ? other : best;
    }
    List<Integer> chosen = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      (best.taken[i] ? chosen : rest).addAll(groups.get(i).rows());
    }
    return new Stratified(chosen.stream().sorted().toList(), rest.stream().sorted().toList());
  }

  private Selection select(int[] order) {
    Selection selection = new Selection();
    for (int i : order) {
      if (selection.gain(i) > 0) {
        selection.take(i);
      }
    }
    if (selection.count == 0) {
      selection.take(
          IntStream.of(order)
              .boxed()
              .max((a, b) -> Double.compare(selection.gain(a), selection.gain(b)))
              .orElseThrow());
    }
    for (int i = order.length - 1; selection.count == groups.size(); i--) {
      selection.leave(order[i]);
    }
    return selection;
  }

  /**
   * Rows that stay together.
   *
   * @param labels how often each label occurs in them
   */
  private record Group(List<Integer> rows, Map<Integer, Integer> labels) {
    static Group empty() {
      return new Group(new ArrayList<>(), new TreeMap<>());
    }
  }

  /** Some of the groups. */
  private final class Selection {
    private final boolean[] taken = new boolean[groups.size()];
    private final Map<Integer, Integer> held = new TreeMap<>();
    private int size;
    private int count;

    /** How much nearer the goal one more group brings the selection. */
    double gain(int group) {
      Group more = groups.get(group);
      double gain = labels.size() * closer(rows, size, more.rows().size());
      for (Map.Entry<Integer, Integer> label : more.labels().entrySet()) {
        int now = held.getOrDefault(label.getKey(), 0);
        gain += closer(labels.get(label.getKey()), now, label.getValue());
      }
      return gain;
    }

    private double closer(int all, int now, int more) {
      double before = share * all - now;
      double after = before - more;
      return (before * before - after * after) / all;
    }

    void take(int group) {
      change(group, 1);
    }

    void leave(int group) {
      change(group, -1);
    }

    private void change(int group, int sign) {
      taken[group] = sign > 0;
      count += sign;
      size += sign * groups.get(group).rows().size();
      groups.get(group).labels().forEach((label, n) -> held.merge(label, sign * n, Integer::sum));
    }

    double distance() {
      double sum = labels.size() * squared(rows, size);
      for (Map.Entry<Integer, Integer> label : labels.entrySet()) {
        sum += squared(label.getValue(), held.getOrDefault(label.getKey(), 0));
      }
      return sum;
    }

    private double squared(int all, int now) {
      double off = share * all - now;
      return off * off / all;
    }
  }
}
