package lot4j.report;

import java.util.Locale;
import java.util.Optional;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;

/**
 * What the comparison says about one LoT variant.
 *
 * @param label the variant
 * @param baseline label of what it is held against; empty if there is nothing
 * @param outcome better, worse, or not resolved
 * @param test the difference, variant − baseline
 * @param sentence all of it in words
 */
public record Finding(
    String label,
    Optional<String> baseline,
    Outcome outcome,
    Optional<PairedTest> test,
    String sentence) {
  /** Counts that differ by less than this part are called equal. */
  private static final double SAME = 0.02;

  /** The answer. */
  public enum Outcome {
    /** Both intervals lie on the good side of 0. */
    BETTER("better"),
    /** Both intervals lie on the bad side of 0. */
    WORSE("worse"),
    /** An interval contains 0, or there are too few seeds. */
    NOT_RESOLVED("not resolved");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    /** The outcome in words. */
    public String words() {
      return words;
    }
  }

  static Finding of(
      MethodResult lot,
      Optional<MethodResult> against,
      Optional<Metric> primary,
      boolean reinforcement,
      Claims claims) {
    if (against.isEmpty() || primary.isEmpty()) {
      String why = primary.isEmpty() ? "no run has finished" : "there is no teacher-only run";
      return new Finding(
          lot.label(),
          against.map(MethodResult::label),
          Outcome.NOT_RESOLVED,
          Optional.empty(),
          lot.label() + " is not resolved: " + why + ".");
    }
    MethodResult baseline = against.get();
    PairedTest test = PairedTest.of(lot.values(), baseline.values());
    Outcome outcome = outcome(test, primary.get());
    return new Finding(
        lot.label(),
        Optional.of(baseline.label()),
        outcome,
        Optional.of(test),
        sentence(
            primary.get(),
            test,
            claims.of(lot.label()).map(claims::words),
            head(lot, baseline, outcome, reinforcement),
            reinforcement ? steps(lot, baseline) : remarks(lot, baseline)));
  }

  static Outcome outcome(PairedTest test, Metric metric) {
    if (!test.resolved()) {
      return Outcome.NOT_RESOLVED;
    }
    boolean higher = test.difference().orElseThrow() > 0;
    return higher == metric.higherIsBetter() ? Outcome.BETTER : Outcome.WORSE;
  }

  private static String head(
      MethodResult lot, MethodResult baseline, Outcome outcome, boolean reinforcement) {
    boolean equal =
        reinforcement
            && Math.abs(lot.samples().orElse(1) / baseline.samples().orElse(1) - 1) < SAME;
    String steps = equal ? " at equal environment steps" : "";
    return lot.label()
        + (outcome == Outcome.NOT_RESOLVED
            ? " against " + baseline.label() + steps + " is not resolved: "
            : " is " + outcome.words() + " than " + baseline.label() + steps + ": ");
  }

  private static String sentence(
      Metric metric, PairedTest test, Optional<String> p, String head, String remarks) {
    StringBuilder text = new StringBuilder(head);
    if (test.n() == 0) {
      return text.append("no seed finished with both").append(remarks).append('.').toString();
    }
    text.append(metric.words()).append(' ');
    text.append(metric.difference(test.difference().orElseThrow())).append(metric.differenceUnit());
    if (!metric.higherIsBetter()) {
      text.append(" (lower is better)");
    }
    test.bootstrap()
        .ifPresent(interval -> text.append(", 95 % interval ").append(range(metric, interval)));
    test.studentT().ifPresent(interval -> text.append(", t ").append(range(metric, interval)));
    text.append(", ").append(Format.plural(test.n(), "seed"));
    if (test.n() < PairedTest.FEWEST_PAIRS) {
      text.append(" (").append(PairedTest.FEWEST_PAIRS).append(" are needed)");
    }
    p.filter(words -> test.n() > 1).ifPresent(words -> text.append(", ").append(words));
    return text.append(remarks).append('.').toString();
  }

  static String range(Metric metric, Interval interval) {
    return metric.difference(interval.low()) + " to " + metric.difference(interval.high());
  }

  /** What a reader must know to weigh the sentence: lost seeds, unequal compute. */
  private static String remarks(MethodResult lot, MethodResult baseline) {
    StringBuilder text = new StringBuilder(losses(lot, baseline));
    double ratio = Baselines.computeRatio(lot, baseline);
    if (Math.abs(ratio - 1) > SAME) {
      text.append(
          String.format(
              Locale.ROOT, "; not at equal compute: %s used %.2f times", baseline.label(), ratio));
      text.append(" the FLOPs");
    }
    return text.toString();
  }

  /** The same of reinforcement learning, where steps are to be equal and compute is not matched. */
  private static String steps(MethodResult lot, MethodResult baseline) {
    StringBuilder text = new StringBuilder(losses(lot, baseline));
    double own = lot.samples().orElse(0);
    double other = baseline.samples().orElse(0);
    if (own > 0 && other > 0 && Math.abs(own / other - 1) >= SAME) {
      text.append("; not at equal environment steps: ");
      text.append(lot.label()).append(" made ").append(Format.count(own)).append(", ");
      text.append(baseline.label()).append(' ').append(Format.count(other));
    }
    double ratio = Baselines.computeRatio(baseline, lot);
    if (Math.abs(ratio - 1) > SAME) {
      text.append(String.format(Locale.ROOT, "; %s used %.2f times", lot.label(), ratio));
      text.append(" the FLOPs of ").append(baseline.label()).append(", which is not matched");
    }
    return text.toString();
  }

  private static String losses(MethodResult lot, MethodResult baseline) {
    StringBuilder text = new StringBuilder();
    for (MethodResult method : new MethodResult[] {lot, baseline}) {
      if (!method.missing().isEmpty()) {
        text.append("; ").append(method.label()).append(": ").append(method.losses());
      }
    }
    return text.toString();
  }
}
