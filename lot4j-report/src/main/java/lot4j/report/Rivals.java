package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import lot4j.stats.PairedTest;

/**
 * One LoT variant beside the methods that are neither LoT nor a baseline of it: neighbours and
 * controls. A gain over the baseline that a student without imitation has too says nothing for
 * imitation, so this stands beside every verdict.
 *
 * @param lot label of the variant
 * @param outcomes the others by what the variant is against them, the strongest first
 */
public record Rivals(String lot, Map<Finding.Outcome, List<Rival>> outcomes) {
  /**
   * A neighbour or control.
   *
   * @param label its label
   * @param test the difference, variant − rival
   * @param compute its FLOPs over the variant's; 1 if not recorded
   * @param words the difference and the compute in words
   */
  public record Rival(String label, PairedTest test, double compute, String words) {}

  /** Nothing if there are no such methods, or nothing has finished. */
  static Optional<Rivals> of(MethodResult lot, List<MethodResult> methods, Metric metric) {
    Map<Finding.Outcome, List<Rival>> outcomes = new EnumMap<>(Finding.Outcome.class);
    for (MethodResult other : methods) {
      if (other.isLot() || Baselines.isBaseline(other)) {
        continue;
      }
      PairedTest test = PairedTest.of(lot.values(), other.values());
      if (test.n() > 0) {
        double compute = Baselines.computeRatio(lot, other);
        outcomes
            .computeIfAbsent(Finding.outcome(test, metric), key -> new ArrayList<>())
            .add(new Rival(other.label(), test, compute, words(test, compute, metric)));
      }
    }
    double sign = metric.higherIsBetter() ? 1 : -1;
    outcomes
        .values()
        .forEach(
            rivals ->
                rivals.sort(
                    Comparator.comparingDouble(r -> sign * r.test().difference().orElseThrow())));
    return outcomes.isEmpty() ? Optional.empty() : Optional.of(new Rivals(lot.label(), outcomes));
  }

  private static String words(PairedTest test, double compute, Metric metric) {
    String difference =
        metric.difference(test.difference().orElseThrow())
            + test.bootstrap().map(i -> " [" + Finding.range(metric, i) + "]").orElse("");
    return difference + String.format(Locale.ROOT, ", %.2f of the compute", compute);
  }

  private List<Rival> with(Finding.Outcome outcome) {
    return outcomes.getOrDefault(outcome, List.of());
  }

  /** Whether any other method is better. */
  boolean beaten() {
    return !with(Finding.Outcome.WORSE).isEmpty();
  }

  /** All of it in one sentence; what beats LoT comes first, with numbers. */
  public String sentence() {
    List<String> parts = new ArrayList<>();
    part("worse than", Finding.Outcome.WORSE, true).ifPresent(parts::add);
    part("better than", Finding.Outcome.BETTER, true).ifPresent(parts::add);
    part("not resolved against", Finding.Outcome.NOT_RESOLVED, false).ifPresent(parts::add);
    return lot + " beside neighbours and controls: " + String.join("; ", parts) + ".";
  }

  private Optional<String> part(String head, Finding.Outcome outcome, boolean numbers) {
    List<Rival> rivals = with(outcome);
    return rivals.isEmpty()
        ? Optional.empty()
        : Optional.of(
            head
                + " "
                + rivals.stream()
                    .map(r -> numbers ? r.label() + " (" + r.words() + ")" : r.label())
                    .collect(Collectors.joining(", ")));
  }

  /** {@code {"worse_than": [labels], "better_than": [labels], "not_resolved": [labels]}}. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("worse_than", labels(Finding.Outcome.WORSE));
    json.set("better_than", labels(Finding.Outcome.BETTER));
    json.set("not_resolved", labels(Finding.Outcome.NOT_RESOLVED));
    return json;
  }

  private ArrayNode labels(Finding.Outcome outcome) {
    ArrayNode labels = JsonNodeFactory.instance.arrayNode();
    with(outcome).forEach(rival -> labels.add(rival.label()));
    return labels;
  }
}
