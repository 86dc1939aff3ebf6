package lot4j.report;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Bootstrap;
import lot4j.stats.EffectSize;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;
import lot4j.stats.ProbabilityOfImprovement;
import lot4j.stats.Sample;
import lot4j.stats.Scores;
import lot4j.stats.SignFlipTest;
import lot4j.stats.StratifiedBootstrap;

/**
 * Two methods over the seeds that both finished.
 *
 * @param a label of the first
 * @param b label of the second
 * @param test the difference a − b
 * @param valuesOfA of the common seeds
 * @param valuesOfB of the common seeds
 * @param probability that a value of a is better than one of b; empty without a common seed
 * @param probabilityInterval its 95 % bootstrap interval, the runs of a and of b drawn
 *     independently; empty with fewer than two common seeds
 */
public record Pair(
    String a,
    String b,
    PairedTest test,
    Sample valuesOfA,
    Sample valuesOfB,
    OptionalDouble probability,
    Optional<Interval> probabilityInterval) {
  static Pair of(MethodResult a, MethodResult b, boolean higherIsBetter) {
    Sample ofA = common(a, b);
    Sample ofB = common(b, a);
    return new Pair(
        a.label(),
        b.label(),
        PairedTest.of(a.values(), b.values()),
        ofA,
        ofB,
        ProbabilityOfImprovement.of(ofA, ofB, higherIsBetter),
        StratifiedBootstrap.standard()
            .probabilityOfImprovement(Scores.of(ofA), Scores.of(ofB), higherIsBetter));
  }

  /** The sign flips of the differences; empty without a common seed. */
  public Optional<SignFlipTest> signFlip() {
    return SignFlipTest.of(test.differences());
  }

  /** 95 % BCa bootstrap interval of the difference; empty with fewer than two common seeds. */
  public Optional<Interval> bca() {
    return Bootstrap.standard().bcaMean(test.differences());
  }

  /** The difference over the standard deviation of the differences; empty if nothing scatters. */
  public Optional<EffectSize> pairedEffect() {
    return EffectSize.paired(test.differences());
  }

  /** The difference over the standard deviation of single runs; empty if nothing scatters. */
  public Optional<EffectSize> pooledEffect() {
    return EffectSize.pooled(valuesOfA, valuesOfB);
  }

  private static Sample common(MethodResult of, MethodResult with) {
    return Sample.of(
        of.values().entrySet().stream()
            .filter(entry -> with.values().containsKey(entry.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .toArray());
  }
}
