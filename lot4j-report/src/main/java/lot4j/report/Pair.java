package lot4j.report;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;
import lot4j.stats.ProbabilityOfImprovement;
import lot4j.stats.Sample;
import lot4j.stats.Scores;
import lot4j.stats.StratifiedBootstrap;

/**
 * Two methods over the seeds that both finished.
 *
 * @param a label of the first
 * @param b label of the second
 * @param test the difference a − b
 * @param probability that a value of a is better than one of b; empty without a common seed
 * @param probabilityInterval its 95 % bootstrap interval, the runs of a and of b drawn
 *     independently; empty with fewer than two common seeds
 */
public record Pair(
    String a,
    String b,
    PairedTest test,
    OptionalDouble probability,
    Optional<Interval> probabilityInterval) {
  static Pair of(MethodResult a, MethodResult b, boolean higherIsBetter) {
    Sample ofA = common(a, b);
    Sample ofB = common(b, a);
    return new Pair(
        a.label(),
        b.label(),
        PairedTest.of(a.values(), b.values()),
        ProbabilityOfImprovement.of(ofA, ofB, higherIsBetter),
        StratifiedBootstrap.standard()
            .probabilityOfImprovement(Scores.of(ofA), Scores.of(ofB), higherIsBetter));
  }

  private static Sample common(MethodResult of, MethodResult with) {
    return Sample.of(
        of.values().entrySet().stream()
            .filter(entry -> with.values().containsKey(entry.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .toArray());
  }
}
