package lot4j.watch;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All numbers of one run's lines, column by column, kept up to date by reading what is appended.
 *
 * <p>Above {@link #MOST_LINES} lines of a split every second one is dropped, as often as needed.
 * May be used by several threads.
 */
final class CurveTable {
  /** Lines of one split that are kept. */
  static final int MOST_LINES = 200_000;

  /** More splits or names than these are no run of ours; the rest is left out. */
  private static final int MOST_SPLITS = 20;

  private static final int MOST_NAMES = 400;

  private final LineTail tail;
  private final Map<String, Columns> splits = new TreeMap<>();

  /** Of the {@code metrics.jsonl} at {@code file}. */
  CurveTable(Path file) {
    this.tail = LineTail.whole(file);
  }

  /** Points of one curve. */
  record Points(double[] x, double[] y) {}

  /** Reads what is new. */
  synchronized void look() {
    tail.look(
        new LineTail.Lines() {
          @Override
          public void anew() {
            splits.clear();
          }

          @Override
          public void line(String text) {
            Line.of(text)
                .filter(line -> splits.containsKey(line.split()) || splits.size() < MOST_SPLITS)
                .ifPresent(
                    line ->
                        splits
                            .computeIfAbsent(line.split(), split -> new Columns())
                            .add(line.numbers()));
          }
        });
  }

  /** How many numbers are kept. */
  synchronized long size() {
    return splits.values().stream().mapToLong(Columns::size).sum();
  }

  /** The curves there are, {@code split metric}, in order. */
  synchronized List<String> series() {
    return splits.entrySet().stream()
        .flatMap(
            split -> split.getValue().names().stream().map(name -> split.getKey() + " " + name))
        .toList();
  }

  /** The last value of every curve, by {@code split metric}. */
  synchronized Map<String, Double> last() {
    Map<String, Double> last = new TreeMap<>();
    splits.forEach(
        (split, columns) ->
            columns.names().forEach(name -> last.put(split + " " + name, columns.last(name))));
    last.values().removeIf(value -> value.isNaN());
    return last;
  }

  /**
   * One curve, thinned.
   *
   * @param split such as {@code valid}
   * @param metric such as {@code teacher/accuracy}
   * @param axis a key of the lines: {@code step}, {@code samples}, {@code flops}, {@code wall_s}
   * @param columns how many columns the chart has
   */
  synchronized Points points(String split, String metric, String axis, int columns) {
    Columns of = splits.get(split);
    Points all = of == null ? new Points(new double[0], new double[0]) : of.points(axis, metric);
    int[] kept = Thinning.keep(all.x, all.y, columns);
    return new Points(
        Arrays.stream(kept).mapToDouble(i -> all.x[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> all.y[i]).toArray());
  }

  /** Lines of one split. A number that a line does not have is NaN. */
  private static final class Columns {
    private static final int BEGIN = 64;

    private final Map<String, double[]> byName = new LinkedHashMap<>();
    private int lines;
    private int stride = 1;
    private long seen;

    void add(Map<String, Double> numbers) {
      if (seen++ % stride != 0) {
        return;
      }
      if (lines == MOST_LINES) {
        byName.replaceAll((name, column) -> everySecond(column));
        lines /= 2;
        stride *= 2;
      }
      int at = lines++;
      numbers.forEach(
          (name, value) -> {
            if (!byName.containsKey(name) && byName.size() >= MOST_NAMES) {
              return;
            }
            double[] column =
                byName.computeIfAbsent(name, unknown -> filled(Math.max(BEGIN, at + 1)));
            if (column.length <= at) {
              double[] longer = filled(Math.max(2 * column.length, at + 1));
              System.arraycopy(column, 0, longer, 0, column.length);
              byName.put(name, longer);
              column = longer;
            }
            column[at] = value;
          });
    }

    private static double[] filled(int length) {
      double[] column = new double[length];
      Arrays.fill(column, Double.NaN);
      return column;
    }

    private static double[] everySecond(double[] column) {
      double[] half = filled(column.length);
      for (int i = 0; 2 * i < column.length; i++) {
        half[i] = column[2 * i];
      }
      return half;
    }

    long size() {
      return byName.values().stream().mapToLong(column -> column.length).sum();
    }

    List<String> names() {
      return byName.keySet().stream()
          .filter(name -> name.indexOf('/') > 0 || name.equals("lr"))
          .sorted()
          .toList();
    }

    double last(String name) {
      double[] column = byName.get(name);
      int at = Math.min(lines, column.length) - 1;
      while (at > 0 && Double.isNaN(column[at])) {
        at--;
      }
      return column[at];
    }

    Points points(String axis, String metric) {
      double[] xs = byName.getOrDefault(axis, new double[0]);
      double[] ys = byName.getOrDefault(metric, new double[0]);
      int most = Math.min(lines, Math.min(xs.length, ys.length));
      double[] x = new double[most];
      double[] y = new double[most];
      int n = 0;
      for (int i = 0; i < most; i++) {
        if (!Double.isNaN(xs[i]) && !Double.isNaN(ys[i])) {
          x[n] = xs[i];
          y[n++] = ys[i];
        }
      }
      return new Points(Arrays.copyOf(x, n), Arrays.copyOf(y, n));
    }
  }
}
