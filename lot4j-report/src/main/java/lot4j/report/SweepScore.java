package lot4j.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import lot4j.stats.PairedTest;
import lot4j.stats.Sample;

/**
 * The runs of one label at one point of a sweep, a value for each seed.
 *
 * @param label of the runs
 * @param status {@code planned}, {@code running}, {@code interrupted}, {@code done}, {@code failed}
 *     or {@code diverged}: of all runs together, the worst
 * @param values by seed, in order; empty for a run that has none
 * @param flops of one run, counted in advance
 * @param wallSeconds mean of the finished runs, without downtime
 * @param runs run directories by seed, relative to the sweep's
 */
public record SweepScore(
    String label,
    String status,
    Map<Long, OptionalDouble> values,
    OptionalDouble flops,
    OptionalDouble wallSeconds,
    Map<Long, String> runs) {
  /** Keeps copies of the maps. */
  public SweepScore {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
  }

  /** The values that there are, by seed. */
  public Map<Long, Double> finished() {
    Map<Long, Double> finished = new TreeMap<>();
    values.forEach((seed, value) -> value.ifPresent(v -> finished.put(seed, v)));
    return finished;
  }

  /** The mean over all seeds; empty if one has no value: a mean of the lucky ones misleads. */
  public OptionalDouble mean() {
    return values.isEmpty() || finished().size() < values.size()
        ? OptionalDouble.empty()
        : Sample.of(finished().values()).mean();
  }

  /** Mean and intervals of the values that there are. */
  PairedTest over() {
    Map<Long, Double> zeros = new TreeMap<>();
    values.keySet().forEach(seed -> zeros.put(seed, 0.0));
    return PairedTest.of(finished(), zeros);
  }

  /** The difference to another, paired by seed. */
  PairedTest minus(SweepScore other) {
    return PairedTest.of(finished(), other.finished());
  }
}
