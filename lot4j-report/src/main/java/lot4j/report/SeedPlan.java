package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import lot4j.stats.Interval;
import lot4j.stats.PairedPower;
import lot4j.stats.PairedTest;
import lot4j.stats.Sample;
import lot4j.stats.StandardDeviation;

/**
 * How many seeds each method needs to show a given difference to its baseline, and what difference
 * the present number of seeds can show.
 *
 * <p>From the scatter of the paired differences in a pilot, by the power of the paired t test.
 * Fewer than {@value lot4j.stats.PairedTest#FEWEST_PAIRS} seeds are never proposed, for nothing is
 * called resolved with fewer.
 *
 * @param name of the pilot
 * @param metric what is compared
 * @param difference to be seen, in the metric's unit, above 0
 * @param power chance of seeing it if it is there
 * @param needs one for each method that is no baseline itself
 */
public record SeedPlan(
    String name, Metric metric, double difference, PairedPower power, List<Need> needs) {
  private static final String FEW = "it needs 2 pilot seeds or more";

  /** Keeps a copy of the list. */
  public SeedPlan {
    needs = List.copyOf(needs);
  }

  /**
   * What one method needs.
   *
   * @param method its label
   * @param baseline the label it is held against
   * @param pilot difference and scatter in the pilot
   * @param seeds needed; empty with fewer than two pilot seeds, or if more than {@value
   *     lot4j.stats.PairedPower#MOST_SEEDS} were
   * @param fewest needed if the true scatter is the smallest that the pilot leaves possible
   * @param most needed if it is the largest; empty as {@code seeds}
   * @param present how many seeds there are, or are to be
   * @param visible the smallest difference that {@code present} seeds see with the same power
   */
  public record Need(
      String method,
      String baseline,
      PairedTest pilot,
      OptionalInt seeds,
      OptionalInt fewest,
      OptionalInt most,
      int present,
      OptionalDouble visible) {}

  /**
   * The plan from a pilot, a comparison's directory.
   *
   * @param difference in the metric's unit, a fraction for accuracies; its sign does not matter
   * @param present the number of seeds to be judged; empty takes what each pair of the pilot has
   * @throws ReportException if the directory is no comparison, or has no method and baseline with
   *     two seeds in common
   * @throws IllegalArgumentException if the difference is 0, not finite, or of an accuracy 1 or
   *     more
   */
  public static SeedPlan read(
      Path directory, double difference, PairedPower power, Optional<Integer> present) {
    Comparison pilot = Comparison.read(directory);
    Metric metric =
        pilot
            .primary()
            .orElseThrow(() -> new ReportException(directory, "no run in it has finished"));
    double size = Math.abs(difference);
    if (!(size > 0 && Double.isFinite(size))) {
      throw new IllegalArgumentException(
          "difference = " + difference + " is not allowed; a number that is not 0");
    }
    if (metric.isFraction() && size >= 1) {
      throw new IllegalArgumentException(
          "difference = "
              + difference
              + " is not allowed; accuracies are fractions, 0.01 is one percentage point");
    }
    List<Need> needs =
        pilot.claims().claims().stream()
            .map(
                claim ->
                    need(
                        claim.method(), claim.baseline(), claim.difference(), size, power, present))
            .toList();
    if (needs.stream().noneMatch(need -> need.pilot().n() >= 2)) {
      throw new ReportException(
          directory,
          "no method and baseline in it have 2 seeds in common, so their scatter is not known");
    }
    return new SeedPlan(pilot.name(), metric, size, power, needs);
  }

  private static Need need(
      String method,
      String baseline,
      PairedTest pilot,
      double difference,
      PairedPower power,
      Optional<Integer> present) {
    Sample differences = pilot.differences();
    int now = present.orElse(pilot.n());
    OptionalDouble sd = differences.standardDeviation();
    Optional<Interval> range = StandardDeviation.interval(differences);
    return new Need(
        method,
        baseline,
        pilot,
        sd.isPresent() ? seeds(power, difference, sd.getAsDouble()) : OptionalInt.empty(),
        range.map(r -> seeds(power, difference, r.low())).orElse(OptionalInt.empty()),
        range.map(r -> seeds(power, difference, r.high())).orElse(OptionalInt.empty()),
        now,
        sd.isPresent() && now >= 2
            ? OptionalDouble.of(power.smallestDifference(now, sd.getAsDouble()))
            : OptionalDouble.empty());
  }

  private static OptionalInt seeds(PairedPower power, double difference, double sd) {
    OptionalInt seeds = power.seeds(difference, sd);
    return seeds.isPresent()
        ? OptionalInt.of(Math.max(PairedTest.FEWEST_PAIRS, seeds.getAsInt()))
        : seeds;
  }

  /** The document of {@code lot compare --plan-seeds --json}. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name);
    json.putObject("primary")
        .put("name", metric.name())
        .put("split", metric.split())
        .put("higher_is_better", metric.higherIsBetter());
    json.put("difference", difference).put("power", power.power());
    ArrayNode pairs = json.putArray("pairs");
    for (Need need : needs) {
      ObjectNode node = pairs.addObject().put("a", need.method()).put("b", need.baseline());
      Sample differences = need.pilot().differences();
      node.put("pilot_n", need.pilot().n());
      node.put("pilot_difference", need.pilot().difference().orElseThrow());
      JsonNumbers.number(node, "sd", differences.standardDeviation(), FEW);
      JsonNumbers.interval(node, "sd_ci95", StandardDeviation.interval(differences), FEW);
      String many = need.pilot().n() < 2 ? FEW : "more than " + PairedPower.MOST_SEEDS;
      JsonNumbers.number(node, "seeds", wide(need.seeds()), many);
      JsonNumbers.number(node, "seeds_low", wide(need.fewest()), many);
      JsonNumbers.number(node, "seeds_high", wide(need.most()), many);
      node.put("n", need.present());
      JsonNumbers.number(node, "smallest_difference", need.visible(), FEW);
    }
    return json;
  }

  /** The plan as a table for a terminal, without colours. */
  public String text() {
    StringBuilder out = new StringBuilder(Escape.control(name)).append(": seeds that see ");
    out.append(metric.isFraction() ? metric.bare(difference) : Format.significant(difference, 3));
    out.append(metric.differenceUnit())
        .append(" of ")
        .append(metric.words())
        .append(" with power ");
    out.append(Format.significant(power.power(), 2)).append(" (paired t test, 5 %, two-sided)\n\n");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("method", "against", "pilot", "sd of a - b", "seeds", "now", "sees"));
    rows.add(List.of("", "", "seeds", "[95 % interval]", "[for that interval]", "", "at least"));
    for (Need need : needs) {
      rows.add(
          List.of(
              need.method(),
              need.baseline(),
              Integer.toString(need.pilot().n()),
              scatter(need.pilot().differences()),
              count(need),
              Integer.toString(need.present()),
              Format.orDash(need.visible(), this::size)));
    }
    out.append(TextTable.aligned(rows, 2));
    return out.append(
            "\nThe standard deviation of few differences is known poorly: plan with the upper end"
                + " where it matters.\nFewer than "
                + PairedTest.FEWEST_PAIRS
                + " seeds are never proposed: nothing is called resolved with fewer.\n")
        .toString();
  }

  private String scatter(Sample differences) {
    return Format.orDash(differences.standardDeviation(), this::size)
        + StandardDeviation.interval(differences)
            .map(range -> " [" + size(range.low()) + ", " + size(range.high()) + "]")
            .orElse("");
  }

  private String count(Need need) {
    if (need.pilot().n() < 2) {
      return Format.NONE;
    }
    return most(need.seeds()) + " [" + most(need.fewest()) + ", " + most(need.most()) + "]";
  }

  private static String most(OptionalInt seeds) {
    return seeds.isPresent()
        ? Format.count(seeds.getAsInt())
        : "> " + Format.count(PairedPower.MOST_SEEDS);
  }

  /** A size in the unit of differences, with enough digits for a small one. */
  private String size(double value) {
    return Format.significant(metric.isFraction() ? 100 * value : value, 3);
  }

  private static OptionalDouble wide(OptionalInt number) {
    return number.isPresent() ? OptionalDouble.of(number.getAsInt()) : OptionalDouble.empty();
  }
}
