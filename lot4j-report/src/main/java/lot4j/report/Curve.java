package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import lot4j.stats.Interval;
import lot4j.stats.LargestTriangle;
import lot4j.stats.LearningCurve;
import lot4j.stats.SampleEfficiency;
import lot4j.stats.StratifiedBootstrap;

/**
 * A metric of one method during training: mean and range over seeds, or interquartile mean and its
 * interval.
 *
 * @param label the method
 * @param runs how many runs it is the mean of
 * @param points at the steps that all these runs have, so that no run enters or leaves on the way
 */
record Curve(String label, int runs, List<Point> points) {
  /** So many points does a curve of interquartile means have at most: each is costly. */
  private static final int GRID = 41;

  /**
   * Mean and range at one step, or interquartile mean and its interval.
   *
   * @param x position, a mean over runs where it is measured
   */
  record Point(double x, double mean, double low, double high) {}

  /** What a curve is drawn against. */
  enum Against {
    STEPS("teacher steps", ""),
    SAMPLES("samples", "samples"),
    FLOPS("FLOPs", "flops"),
    SECONDS("seconds", "wall_s"),
    /** Of reinforcement learning, whose samples are steps of the environment. */
    ENVIRONMENT_STEPS("environment steps", "samples");

    final String words;
    final String key;

    Against(String words, String key) {
      this.words = words;
      this.key = key;
    }

    /** The views of a metric, the first one first. */
    static List<Against> of(Comparison comparison, CurveCatalog.Choice choice) {
      if (!comparison.isReinforcement()) {
        return List.of(STEPS, SAMPLES, FLOPS, SECONDS);
      }
      return choice.metric().endsWith("/return")
          ? List.of(ENVIRONMENT_STEPS, FLOPS, SECONDS)
          : List.of(ENVIRONMENT_STEPS);
    }

    OptionalDouble of(MetricLine line) {
      return this == STEPS ? OptionalDouble.of(line.step()) : line.number(key);
    }

    /** Whether its numbers are so large that they need prefixes. */
    boolean isLarge() {
      return this == FLOPS || this == ENVIRONMENT_STEPS || this == SAMPLES;
    }
  }

  /** The curve of the finished runs, or of all runs if none has finished. */
  static Curve of(MethodResult method, String split, String metric, Against against) {
    return of(method, split, metric, List.of(against)).get(0);
  }

  /**
   * The same curve against several quantities: as many curves, with the same points in the same
   * order, or none where a line lacks the quantity.
   */
  static List<Curve> of(MethodResult method, String split, String metric, List<Against> axes) {
    List<TreeMap<Long, MetricLine>> lines = new ArrayList<>();
    for (RunDirectory run : shown(method)) {
      TreeMap<Long, MetricLine> bySteps = new TreeMap<>();
      run.metrics().stream()
          .filter(line -> line.split().equals(split))
          .filter(line -> line.number(metric).isPresent())
          .forEach(line -> bySteps.put(line.step(), line));
      if (!bySteps.isEmpty()) {
        lines.add(bySteps);
      }
    }
    return axes.stream()
        .map(axis -> new Curve(method.label(), lines.size(), points(lines, metric, axis)))
        .toList();
  }

  /** So many of its points that keep its looks, both ends among them. */
  Curve thinned(int most) {
    int[] kept = kept(most);
    return new Curve(label, runs, IntStream.of(kept).mapToObj(points::get).toList());
  }

  /** Which points {@link #thinned} keeps. */
  int[] kept(int most) {
    return LargestTriangle.of(
        points.stream().mapToDouble(Point::x).toArray(),
        points.stream().mapToDouble(Point::mean).toArray(),
        most);
  }

  /**
   * Interquartile means and their 95 % intervals on a common grid, of the finished runs, or of all
   * runs if none has finished. A run need not report everywhere: its last value holds.
   */
  static Curve robust(MethodResult method, String split, String metric, Against against) {
    List<LearningCurve> curves = new ArrayList<>();
    for (RunDirectory run : shown(method)) {
      TreeMap<Double, Double> reports = new TreeMap<>();
      double end = Double.NEGATIVE_INFINITY;
      for (MetricLine line : run.metrics()) {
        OptionalDouble x = against.of(line);
        end = Math.max(end, x.orElse(end));
        if (line.split().equals(split) && x.isPresent()) {
          line.number(metric).ifPresent(value -> reports.put(x.getAsDouble(), value));
        }
      }
      if (!reports.isEmpty()) {
        double[] positions = reports.keySet().stream().mapToDouble(d -> d).toArray();
        double[] values = reports.values().stream().mapToDouble(d -> d).toArray();
        curves.add(LearningCurve.of(positions, values, end));
      }
    }
    SampleEfficiency found = SampleEfficiency.of(curves, GRID, StratifiedBootstrap.standard());
    return new Curve(
        method.label(), curves.size(), found.points().stream().map(Curve::point).toList());
  }

  private static Point point(SampleEfficiency.Point point) {
    Interval interval = point.interval().orElse(new Interval(point.iqm(), point.iqm()));
    return new Point(point.position(), point.iqm(), interval.low(), interval.high());
  }

  private static List<RunDirectory> shown(MethodResult method) {
    boolean anyDone = method.runs().stream().anyMatch(run -> run.status() == Status.DONE);
    return method.runs().stream().filter(run -> !anyDone || run.status() == Status.DONE).toList();
  }

  private static List<Point> points(
      List<TreeMap<Long, MetricLine>> runs, String metric, Against against) {
    if (runs.isEmpty()) {
      return List.of();
    }
    TreeSet<Long> common = new TreeSet<>(runs.get(0).keySet());
    runs.forEach(run -> common.retainAll(run.keySet()));
    List<Point> points = new ArrayList<>();
    for (long step : common) {
      if (runs.stream().anyMatch(run -> against.of(run.get(step)).isEmpty())) {
        return List.of();
      }
      points.add(point(runs, step, metric, against));
    }
    return points;
  }

  private static Point point(
      List<TreeMap<Long, MetricLine>> runs, long step, String metric, Against against) {
    double x = 0;
    double sum = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (TreeMap<Long, MetricLine> run : runs) {
      double value = run.get(step).number(metric).orElseThrow();
      x += against.of(run.get(step)).orElseThrow();
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return new Point(x / runs.size(), sum / runs.size(), low, high);
  }
}
