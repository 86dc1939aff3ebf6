package lot4j.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Several numbers measured on the same cases: checks, and an order that is theirs alone. */
final class Cases {
  private Cases() {}

  /**
   * Checks the columns.
   *
   * @throws IllegalArgumentException if the lengths differ or a value is not finite
   */
  static void require(double[] x, double[] y, List<double[]> controls) {
    List<double[]> columns = columns(x, y, controls);
    for (double[] column : columns) {
      if (column.length != x.length) {
        throw new IllegalArgumentException(
            "cases = "
                + x.length
                + " and "
                + column.length
                + " is not allowed; as many values in every variable");
      }
      for (double value : column) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException(
              "value of a case = " + value + " is not allowed; a finite number");
        }
      }
    }
  }

  /** Places of the cases by ascending values: what is drawn does not depend on their order. */
  static int[] order(double[] x, double[] y, List<double[]> controls) {
    Comparator<Integer> order =
        columns(x, y, controls).stream()
            .map(column -> Comparator.comparingDouble((Integer i) -> column[i]))
            .reduce(Comparator::thenComparing)
            .orElseThrow();
    return IntStream.range(0, x.length).boxed().sorted(order).mapToInt(i -> i).toArray();
  }

  /** The values at these places. */
  static double[] at(double[] column, int[] places) {
    return Arrays.stream(places).mapToDouble(i -> column[i]).toArray();
  }

  private static List<double[]> columns(double[] x, double[] y, List<double[]> controls) {
    return Stream.concat(Stream.of(x, y), controls.stream()).toList();
  }
}
