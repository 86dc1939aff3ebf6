package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lot4j.Require;
import lot4j.train.DataException;

/**
 * How much each class counts in the training loss: {@code none}, {@code balanced}, or {@code
 * {class: weight}}. The loss of a batch is the mean over its samples of weight times cross-entropy;
 * scores are never weighted.
 */
public sealed interface ClassWeights {
  /** {@code none}, {@code balanced} or a map. */
  @JsonValue
  Object written();

  /**
   * The weight of every class.
   *
   * @param classes names in the order of the outputs
   * @param counts training samples of each
   * @throws DataException if a class that is named is none
   */
  double[] of(List<String> classes, long[] counts);

  /** From a name or a map. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ClassWeights of(Object written) {
    if (written instanceof Map<?, ?> map) {
      Map<String, Double> weights = new TreeMap<>();
      map.forEach(
          (name, weight) -> {
            boolean allowed =
                weight instanceof Number n
                    && n.doubleValue() >= 0
                    && Double.isFinite(n.doubleValue());
            Require.that(
                allowed, "task.class-weights", name + ": " + weight, "a number, 0 or more");
            weights.put(String.valueOf(name), ((Number) weight).doubleValue());
          });
      return new Given(weights);
    }
    if ("none".equals(written)) {
      return new None();
    }
    Require.that(
        "balanced".equals(written),
        "task.class-weights",
        written,
        "none, balanced, or {class: weight}");
    return new Balanced();
  }

  /** Every sample counts the same. */
  record None() implements ClassWeights {
    @Override
    public Object written() {
      return "none";
    }

    @Override
    public double[] of(List<String> classes, long[] counts) {
      return new double[0];
    }
  }

  /** n / (classes × count): every class counts the same. */
  record Balanced() implements ClassWeights {
    @Override
    public Object written() {
      return "balanced";
    }

    @Override
    public double[] of(List<String> classes, long[] counts) {
      double all = 0;
      for (long count : counts) {
        all += count;
      }
      double[] weights = new double[counts.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = counts[i] == 0 ? 0 : all / (counts.length * (double) counts[i]);
      }
      return weights;
    }
  }

  /**
   * Weights by class, as they are; classes that are not named have 1.
   *
   * @param weights 0 or more
   */
  record Given(Map<String, Double> weights) implements ClassWeights {
    public Given {
      weights = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    @Override
    public Object written() {
      return weights;
    }

    @Override
    public double[] of(List<String> classes, long[] counts) {
      for (String name : weights.keySet()) {
        if (!classes.contains(name)) {
          throw new DataException(
              "task.class-weights names '"
                  + name
                  + "', which is no class; the classes are "
                  + classes);
        }
      }
      return classes.stream().mapToDouble(name -> weights.getOrDefault(name, 1.0)).toArray();
    }
  }
}
