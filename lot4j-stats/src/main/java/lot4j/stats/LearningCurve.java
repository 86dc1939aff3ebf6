package lot4j.stats;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What one run reported while it learned: a step function of the environment steps, or of whatever
 * else the run is measured against.
 *
 * <p>Between two reports the last one holds: a report says what was, and nothing is known of what
 * will be.
 */
public final class LearningCurve {
  private final double[] positions;
  private final double[] values;
  private final double end;

  private LearningCurve(double[] positions, double[] values, double end) {
    this.positions = positions;
    this.values = values;
    this.end = end;
  }

  /**
   * A curve.
   *
   * @param positions where something was reported, ascending, finite
   * @param values what was reported there, finite
   * @param end where the run stands, at or after its last report: a run goes on where it has
   *     nothing to report
   * @throws IllegalArgumentException without a report, or if the numbers are not as said
   */
  public static LearningCurve of(double[] positions, double[] values, double end) {
    if (positions.length == 0 || positions.length != values.length) {
      throw new IllegalArgumentException(
          "curve of "
              + positions.length
              + " positions and "
              + values.length
              + " values is not allowed; as many of both, one or more");
    }
    for (int i = 0; i < positions.length; i++) {
      double next = i + 1 < positions.length ? positions[i + 1] : end;
      if (!Double.isFinite(values[i]) || !Double.isFinite(next) || !(positions[i] <= next)) {
        throw new IllegalArgumentException(
            "curve point ("
                + positions[i]
                + ", "
                + values[i]
                + ") before "
                + next
                + " is not allowed; finite numbers, positions ascending");
      }
    }
    return new LearningCurve(positions.clone(), values.clone(), end);
  }

  /** Where the first report was made. */
  public double start() {
    return positions[0];
  }

  /** Where the run stands. */
  public double end() {
    return end;
  }

  /** Where reports were made, from {@code from} to {@code to}. */
  DoubleStream reports(double from, double to) {
    return Arrays.stream(positions).filter(position -> from <= position && position <= to);
  }

  /** The last value reported at or before {@code position}; empty before the first report. */
  public OptionalDouble at(double position) {
    int place = Arrays.binarySearch(positions, position);
    int last = place >= 0 ? place : -place - 2;
    while (last + 1 < positions.length && positions[last + 1] == position) {
      last++; // of several reports at one position the last counts
    }
    return last < 0 ? OptionalDouble.empty() : OptionalDouble.of(values[last]);
  }
}
