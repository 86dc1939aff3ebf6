package lot4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lot4j.random.RandomStream;

/**
 * A selection of rows in two parts that have the classes in (nearly) the same proportions.
 *
 * @param chosen the rows that were drawn, ascending
 * @param rest the other rows, ascending
 */
public record Stratified(List<Integer> chosen, List<Integer> rest) {
  public Stratified {
    chosen = List.copyOf(chosen);
    rest = List.copyOf(rest);
  }

  /** Draws {@code count} rows so that each class gives its share, by largest remainder. */
  public static Stratified proportional(
      List<Integer> rows, IntUnaryOperator label, int count, RandomStream stream) {
    TreeMap<Integer, List<Integer>> classes = shuffled(rows, label, stream);
    int[] quota = new int[classes.size()];
    double[] remainder = new double[classes.size()];
    int at = 0;
    for (List<Integer> members : classes.values()) {
      double share = (double) count * members.size() / rows.size();
      quota[at] = (int) Math.floor(share);
      remainder[at] = share - quota[at];
      at++;
    }
    int left = count - Arrays.stream(quota).sum();
    IntStream.range(0, quota.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -remainder[i]))
        .limit(left)
        .forEach(i -> quota[i]++);
    List<Integer> chosen = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    at = 0;
    for (List<Integer> members : classes.values()) {
      chosen.addAll(members.subList(0, quota[at]));
      rest.addAll(members.subList(quota[at], members.size()));
      at++;
    }
    return sorted(chosen, rest);
  }

  /** Draws {@code count} rows, equally many of each class as long as the class has any left. */
  public static Stratified balanced(
      List<Integer> rows, IntUnaryOperator label, int count, RandomStream stream) {
    List<List<Integer>> classes = new ArrayList<>(shuffled(rows, label, stream).values());
    int[] order = stream.permutation(classes.size());
    List<Integer> chosen = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    for (int round = 0; chosen.size() + rest.size() < rows.size(); round++) {
      for (int c : order) {
        List<Integer> members = classes.get(c);
        if (round < members.size()) {
          (chosen.size() < count ? chosen : rest).add(members.get(round));
        }
      }
    }
    return sorted(chosen, rest);
  }

  private static TreeMap<Integer, List<Integer>> shuffled(
      List<Integer> rows, IntUnaryOperator label, RandomStream stream) {
    TreeMap<Integer, List<Integer>> classes = new TreeMap<>();
    for (int row : rows) {
      classes.computeIfAbsent(label.applyAsInt(row), c -> new ArrayList<>()).add(row);
    }
    classes.replaceAll(
        (c, members) ->
            Arrays.stream(stream.permutation(members.size())).mapToObj(members::get).toList());
    return classes;
  }

  private static Stratified sorted(List<Integer> chosen, List<Integer> rest) {
    return new Stratified(chosen.stream().sorted().toList(), rest.stream().sorted().toList());
  }
}
