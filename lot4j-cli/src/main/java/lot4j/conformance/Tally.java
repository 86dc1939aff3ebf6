package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/** Compares one case's numbers in one precision and keeps the largest error. */
final class Tally {
  private final String name;
  private final Tolerance tolerance;
  private final List<String> misses = new ArrayList<>();
  private double largest;

  /** How far a number may be from the expected one. */
  @FunctionalInterface
  interface Tolerance {
    double at(double expected);
  }

  Tally(String name, Tolerance tolerance) {
    this.name = name;
    this.tolerance = tolerance;
  }

  void compare(String quantity, JsonNode expected, Tensor actual) {
    compare(quantity, Numbers.flat(expected), Numbers.read(actual));
  }

  void compare(String quantity, double[] expected, double[] actual) {
    if (expected.length != actual.length) {
      miss(quantity, expected.length + " numbers expected, " + actual.length + " found");
      return;
    }
    double worst = -1;
    int at = -1;
    for (int i = 0; i < expected.length; i++) {
      double error = error(expected[i], actual[i]);
      if (error > 0 && Double.isFinite(error)) {
        largest = Math.max(largest, error / Math.max(1, Math.abs(expected[i])));
      }
      double excess = error - tolerance.at(expected[i]);
      if ((Double.isNaN(error) || excess > 0) && (at < 0 || !(error <= worst))) {
        worst = error;
        at = i;
      }
    }
    if (at >= 0) {
      String index = expected.length == 1 ? "" : "[" + at + "]";
      miss(
          quantity + index,
          String.format(Locale.ROOT, "expected %.17g, found %.17g", expected[at], actual[at]));
    }
  }

  private static double error(double expected, double actual) {
    return Double.isInfinite(expected)
        ? (expected == actual ? 0 : Double.NaN)
        : Math.abs(expected - actual);
  }

  void miss(String quantity, String what) {
    misses.add(name + ": " + quantity + ": " + what);
  }

  List<String> misses() {
    return misses;
  }

  double largest() {
    return largest;
  }
}
