package lot4j.report;

import java.util.Map;
import java.util.OptionalDouble;
import lot4j.stats.PairedTest;
import lot4j.stats.ProbabilityOfImprovement;
import lot4j.stats.Sample;

/**
 * Two methods over the seeds that both finished.
 *
 * @param a label of the first
 * @param b label of the second
 * @param test the difference a − b
 * @param probability that a value of a is better than one of b; empty without a common seed
 */
public record Pair(String a, String b, PairedTest test, OptionalDouble probability) {
  static Pair of(MethodResult a, MethodResult b, boolean higherIsBetter) {
    return new Pair(
        a.label(),
        b.label(),
        PairedTest.of(a.values(), b.values()),
        ProbabilityOfImprovement.of(common(a, b), common(b, a), higherIsBetter));
  }

  private static Sample common(MethodResult of, MethodResult with) {
    return Sample.of(
        of.values().entrySet().stream()
            .filter(entry -> with.values().containsKey(entry.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .toArray());
  }
}
