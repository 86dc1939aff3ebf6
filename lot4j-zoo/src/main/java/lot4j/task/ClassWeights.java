package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import lot4j.Require;
import lot4j.train.DataException;

/**
 * The key {@code task.class-weights}: how much a sample of a class counts in the task's loss, which
 * is the weighted mean Σ w·nll / Σ w of a batch. {@code none}, {@code balanced}, or weights by the
 * classes' names, 1 for classes that are not named. Scores are never weighted.
 *
 * <p>Where a sample has any number of labels, each is a question by itself: {@code balanced} gives
 * both answers of each the same weight in all, a weight by name is that of yes.
 */
public sealed interface ClassWeights {
  /** {@code none}, {@code balanced}, or weights by name. */
  @JsonValue
  Object written();

  /** From a word or a map. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ClassWeights of(Object written) {
    if (written instanceof Map<?, ?> map) {
      Map<String, Double> weights = new LinkedHashMap<>();
      map.forEach(
          (name, weight) -> {
            boolean number = weight instanceof Number n && usable(n.doubleValue());
            Require.that(number, "task.class-weights." + name, weight, "a finite number above 0");
            weights.put((String) name, ((Number) weight).doubleValue());
          });
      return new Given(weights);
    }
    Require.that(
        "none".equals(written) || "balanced".equals(written),
        "task.class-weights",
        written,
        "none, balanced, or {class: weight}");
    return "none".equals(written) ? new None() : new Balanced();
  }

  private static boolean usable(double weight) {
    return weight > 0 && Double.isFinite(weight);
  }

  /**
   * The weights of a part's classes in the order of their numbers; empty if all count alike. Of
   * images with any number of labels two for each label, of no and yes.
   *
   * @throws DataException if a name is no class
   */
  default Optional<List<Double>> of(ImagePart train) {
    List<String> classes = train.images().classes();
    return train.marked()
        ? questions(classes, train.counts(), train.size())
        : of(classes, train.counts());
  }

  /**
   * The weights of classes of which every sample has one; empty if all count alike.
   *
   * @param classes names in the order of the outputs
   * @param counts training samples of each
   * @throws DataException if a name is no class
   */
  Optional<List<Double>> of(List<String> classes, long[] counts);

  /**
   * The weights of no and yes for each of several labels; empty if all count alike.
   *
   * @param counts training samples that have each label
   * @param size training samples
   * @throws DataException if a name is no label
   */
  Optional<List<Double>> questions(List<String> labels, long[] counts, long size);

  /** Every sample counts alike. */
  record None() implements ClassWeights {
    @Override
    public Object written() {
      return "none";
    }

    @Override
    public Optional<List<Double>> of(List<String> classes, long[] counts) {
      return Optional.empty();
    }

    @Override
    public Optional<List<Double>> questions(List<String> labels, long[] counts, long size) {
      return Optional.empty();
    }
  }

  /** n / (classes · samples of the class): every class counts alike in all. */
  record Balanced() implements ClassWeights {
    @Override
    public Object written() {
      return "balanced";
    }

    @Override
    public Optional<List<Double>> of(List<String> classes, long[] counts) {
      long size = LongStream.of(counts).sum();
      // A class without samples has no loss to weight.
      return Optional.of(
          LongStream.of(counts)
              .mapToObj(n -> size / ((double) counts.length * Math.max(1, n)))
              .toList());
    }

    @Override
    public Optional<List<Double>> questions(List<String> labels, long[] counts, long size) {
      double half = size / 2.0;
      return Optional.of(
          LongStream.of(counts)
              .boxed()
              .flatMap(n -> Stream.of(half / Math.max(1, size - n), half / Math.max(1, n)))
              .toList());
    }
  }

  /**
   * Weights by name.
   *
   * @param weights above 0
   */
  record Given(Map<String, Double> weights) implements ClassWeights {
    public Given {
      Require.that(
          !weights.isEmpty(), "task.class-weights", "{}", "none, balanced, or {class: weight}");
      weights.values().forEach(w -> Require.that(usable(w), "task.class-weights", w, "above 0"));
      weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    @Override
    public Object written() {
      return weights;
    }

    @Override
    public Optional<List<Double>> of(List<String> classes, long[] counts) {
      return Optional.of(each(classes).toList());
    }

    @Override
    public Optional<List<Double>> questions(List<String> labels, long[] counts, long size) {
      return Optional.of(each(labels).flatMap(weight -> Stream.of(1.0, weight)).toList());
    }

    private Stream<Double> each(List<String> classes) {
      for (String name : weights.keySet()) {
        if (!classes.contains(name)) {
          throw new DataException(
              "task.class-weights." + name + ": is no class of the data; " + classes);
        }
      }
      return classes.stream().map(name -> weights.getOrDefault(name, 1.0));
    }
  }
}
