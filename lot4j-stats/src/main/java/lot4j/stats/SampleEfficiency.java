package lot4j.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How good a method is after so many steps: interquartile mean and median over runs, with an
 * interval, on a grid that all runs share.
 *
 * <p>The grid goes from where the last of the runs made its first report to where the first of them
 * ends, so that no run enters or leaves on the way. Intervals are pointwise.
 *
 * <p>Source: Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical
 * Precipice", NeurIPS 2021, section 4.2 and figure 7.
 *
 * @param runs how many runs it is made of
 * @param points by ascending position; empty if the runs have nothing in common
 */
public record SampleEfficiency(int runs, List<Point> points) {
  /** Keeps a copy of the points. */
  public SampleEfficiency {
    points = List.copyOf(points);
  }

  /**
   * The runs at one position.
   *
   * @param position environment steps, or what the curves are measured against
   * @param iqm interquartile mean over runs
   * @param median the middle run
   * @param interval of the interquartile mean; empty with fewer than two runs
   */
  public record Point(double position, double iqm, double median, Optional<Interval> interval) {}

  /**
   * The curve of these runs.
   *
   * @param points the most there may be, 2 or more: where runs made reports, if these are no more
   *     places, else equally spaced
   */
  public static SampleEfficiency of(
      List<LearningCurve> runs, int points, StratifiedBootstrap bootstrap) {
    if (points < 2) {
      throw new IllegalArgumentException("points = " + points + " is not allowed; 2 or more");
    }
    double from = runs.stream().mapToDouble(LearningCurve::start).max().orElse(0);
    double to = runs.stream().mapToDouble(LearningCurve::end).min().orElse(-1);
    List<Point> found = new ArrayList<>();
    double[] before = {};
    for (double position : grid(runs, from, to, points)) {
      double[] values = runs.stream().mapToDouble(run -> run.at(position).orElseThrow()).toArray();
      if (Arrays.equals(values, before)) {
        // No run has reported since: the interval is the same, and costly.
        Point last = found.get(found.size() - 1);
        found.add(new Point(position, last.iqm(), last.median(), last.interval()));
      } else {
        found.add(point(position, Sample.of(values), bootstrap));
      }
      before = values;
    }
    return new SampleEfficiency(runs.size(), found);
  }

  private static double[] grid(List<LearningCurve> runs, double from, double to, int most) {
    if (to < from) {
      return new double[0];
    }
    double[] reports =
        DoubleStream.concat(
                DoubleStream.of(from, to), runs.stream().flatMapToDouble(r -> r.reports(from, to)))
            .sorted()
            .distinct()
            .toArray();
    if (reports.length <= most) {
      return reports;
    }
    double[] spaced = new double[most];
    Arrays.setAll(spaced, i -> i == most - 1 ? to : from + (to - from) * i / (most - 1));
    return spaced;
  }

  private static Point point(double position, Sample sample, StratifiedBootstrap bootstrap) {
    return new Point(
        position,
        Iqm.of(sample).orElseThrow(),
        sample.median().orElseThrow(),
        bootstrap.iqm(Scores.of(sample)));
  }
}
