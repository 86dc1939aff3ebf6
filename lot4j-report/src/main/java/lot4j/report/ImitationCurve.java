package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How a student's imitation of one network went on one split: a point for each evaluation.
 *
 * @param points by step, ascending
 */
public record ImitationCurve(List<Point> points) {
  /** Keeps a copy of the points. */
  public ImitationCurve {
    points = List.copyOf(points);
  }

  /**
   * One evaluation.
   *
   * @param step updates of the student so far
   * @param klFreeReference KL(student ‖ network), nats, the mean over the split
   * @param klReferenceFree KL(network ‖ student), nats
   * @param agreement fraction of the split where both find the same class most likely; empty where
   *     they predict a number
   * @param distance root of the mean squared difference between the numbers that both predict, in
   *     the target's unit; empty where they predict classes
   */
  public record Point(
      long step,
      double klFreeReference,
      double klReferenceFree,
      OptionalDouble agreement,
      OptionalDouble distance) {}

  /** The points of one split in a run's {@code metrics.jsonl}; the last of several at one step. */
  static ImitationCurve of(RunDirectory run, String split) {
    TreeMap<Long, Point> points = new TreeMap<>();
    for (MetricLine line : run.metrics()) {
      OptionalDouble free = line.number("teacher/kl_free_reference");
      OptionalDouble reference = line.number("teacher/kl_reference_free");
      if (line.split().equals(split) && free.isPresent() && reference.isPresent()) {
        points.put(
            line.step(),
            new Point(
                line.step(),
                free.getAsDouble(),
                reference.getAsDouble(),
                line.number("teacher/agreement"),
                line.number("teacher/distance")));
      }
    }
    return new ImitationCurve(new ArrayList<>(points.values()));
  }

  /** The last point; there is one. */
  public Point last() {
    return points.get(points.size() - 1);
  }

  /**
   * Area under KL(student ‖ network) over the updates, divided by their number: the mean divergence
   * on the way from the first evaluation to the last, by the trapezoidal rule. Empty with fewer
   * than two points.
   */
  public OptionalDouble area() {
    if (points.size() < 2) {
      return OptionalDouble.empty();
    }
    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      Point a = points.get(i - 1);
      Point b = points.get(i);
      area += (b.step() - a.step()) * (a.klFreeReference() + b.klFreeReference()) / 2;
    }
    return OptionalDouble.of(area / (last().step() - points.get(0).step()));
  }

  /** The first evaluated step at which KL(student ‖ network) is {@code threshold} or less. */
  public OptionalLong stepsTo(double threshold) {
    return points.stream()
        .filter(point -> point.klFreeReference() <= threshold)
        .mapToLong(Point::step)
        .findFirst();
  }
}
