package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.stats.PairedTest;
import lot4j.stats.Sample;

/**
 * How much better a method is on the levels it trained on than on levels it has not seen.
 *
 * @param train final values on the training levels
 * @param held final values on the test levels
 * @param test the difference train − test, paired by seed
 */
record GeneralizationGap(Sample train, Sample held, PairedTest test) {
  /** Stands over its table. */
  static final String TITLE = "Generalization gap";

  /** What its table shows. */
  static final String EXPLANATION =
      "Means over seeds, of the levels a run trained on and of levels it has not seen. A smaller"
          + " gap alone is no merit: a method that learns less has a smaller one too.";

  /** The gap of a method; empty if no run has values on both splits. */
  static Optional<GeneralizationGap> of(MethodResult method) {
    Map<Long, Double> train = method.valuesOn("train");
    Map<Long, Double> held = method.valuesOn("test");
    train.keySet().retainAll(held.keySet());
    held.keySet().retainAll(train.keySet());
    return train.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new GeneralizationGap(
                Sample.of(train.values()), Sample.of(held.values()), PairedTest.of(train, held)));
  }

  /** A table with its head, one row per method that has a gap; empty if none has, or outside RL. */
  static List<List<String>> table(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    if (!comparison.isReinforcement() || comparison.primary().isEmpty()) {
      return rows;
    }
    Metric metric = comparison.primary().get();
    for (MethodResult method : comparison.methods()) {
      of(method).ifPresent(gap -> rows.add(gap.cells(method.label(), metric)));
    }
    if (!rows.isEmpty()) {
      rows.add(
          0,
          List.of(
              "method",
              "n",
              "train " + metric.quantity(),
              "test " + metric.quantity(),
              "train - test [95 % interval]",
              "t interval"));
    }
    return rows;
  }

  private List<String> cells(String label, Metric metric) {
    return List.of(
        label,
        Integer.toString(test.n()),
        Format.orDash(train.mean(), metric::bare),
        Format.orDash(held.mean(), metric::bare),
        Row.difference(metric, test),
        test.studentT().map(i -> Finding.range(metric, i)).orElse(Format.NONE));
  }
}
