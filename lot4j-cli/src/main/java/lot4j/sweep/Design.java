package lot4j.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import lot4j.config.ConfigError;
import lot4j.random.RandomStream;
import lot4j.random.Streams;

/**
 * The points of a sweep: all of a grid, or some drawn at random.
 *
 * @param axes the keys, each once
 * @param random how many points are drawn; empty: all of the grid
 * @param seed of the draw; it has nothing to do with the runs' seeds
 */
public record Design(List<Axis> axes, Optional<Integer> random, long seed) {
  /** More points than anyone trains; a grid beyond it is a slip of the keyboard. */
  public static final int MOST_POINTS = 10_000;

  private static final long LARGEST_SHUFFLED = 1_000_000;

  /** Keeps a copy of the list. */
  public Design {
    axes = List.copyOf(axes);
  }

  /**
   * Reads and checks the axes.
   *
   * @param grids {@code key=values} each
   * @throws ConfigError with everything that is wrong
   */
  public static Design of(List<String> grids, Optional<Integer> random, long seed) {
    List<Axis> axes = new ArrayList<>();
    List<lot4j.config.Problem> problems = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (String grid : grids) {
      try {
        Axis axis = Axis.parse(grid);
        axes.add(axis);
        if (!keys.add(axis.key())) {
          throw new ConfigError("--grid " + grid, axis.key() + " is given twice");
        }
        if (axis.range().isPresent() && random.isEmpty()) {
          throw new ConfigError("--grid " + grid, "a range is not allowed without --random N");
        }
      } catch (ConfigError e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigError(problems);
    }
    Design design = new Design(axes, random, seed);
    design.check();
    return design;
  }

  private void check() {
    OptionalLong size = size();
    if (random.isPresent()) {
      int wanted = random.get();
      String option = "--random " + wanted;
      if (wanted < 1 || wanted > MOST_POINTS) {
        throw new ConfigError(option, "not allowed; 1 to " + MOST_POINTS);
      }
      if (size.isPresent() && size.getAsLong() < wanted) {
        throw new ConfigError(
            option, "not allowed; the grid has " + size.getAsLong() + " points, each drawn once");
      }
    } else if (size.orElse(Long.MAX_VALUE) > MOST_POINTS) {
      throw new ConfigError(
          "--grid",
          "a grid of more than " + MOST_POINTS + " points is not allowed; --random N draws some");
    }
  }

  /** How many points the grid has, at most 2⁶²; empty where a range makes them countless. */
  public OptionalLong size() {
    long size = 1;
    for (Axis axis : axes) {
      if (axis.range().isPresent()) {
        return OptionalLong.empty();
      }
      size =
          Math.min(
              1L << 62,
              Math.multiplyHigh(size, axis.values().size()) > 0
                  ? 1L << 62
                  : size * axis.values().size());
      size = size < 0 ? 1L << 62 : size;
    }
    return OptionalLong.of(size);
  }

  /**
   * The points: of a grid with the last key changing fastest, as nested loops do; drawn ones in the
   * order of the draw, so that more of them only adds to fewer.
   */
  public List<Point> points() {
    if (random.isEmpty()) {
      List<Point> points = new ArrayList<>();
      for (long number = 0; number < size().orElseThrow(); number++) {
        points.add(at(number));
      }
      return points;
    }
    RandomStream stream = new Streams(seed).named("sweep.points");
    OptionalLong size = size();
    return size.isPresent() && size.getAsLong() <= LARGEST_SHUFFLED
        ? shuffled(stream, (int) size.getAsLong())
        : drawn(stream);
  }

  private List<Point> shuffled(RandomStream stream, int size) {
    List<Point> points = new ArrayList<>();
    int[] order = stream.permutation(size);
    for (int i = 0; i < random.orElseThrow(); i++) {
      points.add(at(order[i]));
    }
    return points;
  }

  private List<Point> drawn(RandomStream stream) {
    Set<Point> points = new LinkedHashSet<>();
    int misses = 0;
    while (points.size() < random.orElseThrow()) {
      Map<String, String> values = new LinkedHashMap<>();
      axes.forEach(axis -> values.put(axis.key(), axis.draw(stream)));
      misses = points.add(new Point(values)) ? 0 : misses + 1;
      if (misses > MOST_POINTS) {
        throw new ConfigError(
            "--random " + random.get(), "the ranges are too narrow for so many different points");
      }
    }
    return List.copyOf(points);
  }

  private Point at(long number) {
    Map<String, String> values = new LinkedHashMap<>();
    long block = size().orElseThrow();
    long rest = number;
    for (Axis axis : axes) {
      block /= axis.values().size();
      values.put(axis.key(), axis.values().get((int) (rest / block)));
      rest %= block;
    }
    return new Point(values);
  }
}
