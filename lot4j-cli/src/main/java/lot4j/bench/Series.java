package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import lot4j.Require;

/**
 * One variant's values, one a round.
 *
 * @param name of the variant
 * @param unit of the values
 * @param values in the order of the rounds, at least one
 * @param beside what to compare with, may be empty
 */
public record Series(String name, String unit, List<Double> values, String beside) {
  public Series {
    Require.that(!values.isEmpty(), "values", values, "at least one");
    values = List.copyOf(values);
  }

  /** A series with nothing to compare with. */
  public static Series of(String name, String unit, List<Double> values) {
    return new Series(name, unit, values, "");
  }

  /** This series over another, round by round: both were measured in the same minute. */
  public Series over(Series other, String called) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / other.values().get(i));
    }
    return of(called, "x", ratios);
  }

  /** What is left of this series without another of its unit, round by round. */
  Series minus(Series other, String called) {
    List<Double> rest = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      rest.add(values.get(i) - other.values().get(i));
    }
    return of(called, unit, rest);
  }

  /** The sum of several series of one unit, round by round. */
  static Series sum(String called, List<Series> parts) {
    List<Double> sums = new ArrayList<>();
    for (int i = 0; i < parts.get(0).values().size(); i++) {
      int round = i;
      sums.add(parts.stream().mapToDouble(part -> part.values().get(round)).sum());
    }
    return of(called, parts.get(0).unit(), sums);
  }

  /** The same with something to compare with. */
  public Series beside(String what) {
    return new Series(name, unit, values, what);
  }

  /** The middle value, or the mean of the two in the middle. */
  public double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /** The smallest value. */
  public double min() {
    return values.stream().mapToDouble(v -> v).min().orElseThrow();
  }

  /** The largest value. */
  public double max() {
    return values.stream().mapToDouble(v -> v).max().orElseThrow();
  }
}
