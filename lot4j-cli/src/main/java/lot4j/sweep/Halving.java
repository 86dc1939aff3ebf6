package lot4j.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import lot4j.config.Budget;
import lot4j.config.ConfigError;
import lot4j.report.SweepRanking;

/**
 * Successive halving: every point with a small budget, the best 1/eta of them with eta times as
 * much, and so on up to the whole budget.
 *
 * <p>A rung trains its runs anew: the schedule of the learning rate belongs to the budget, so that
 * a run of a third of the budget is not the first third of a run.
 *
 * <p>Source: K. Jamieson, A. Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter
 * Optimization", 2016.
 *
 * @param rungs smallest budget first
 */
public record Halving(List<Rung> rungs) {
  /** Keeps a copy of the list. */
  public Halving {
    rungs = List.copyOf(rungs);
  }

  /**
   * One round.
   *
   * @param budget of each run, in the unit of the configuration's budget
   * @param points how many are trained
   */
  public record Rung(double budget, int points) {}

  /** One rung with the whole budget: no halving. */
  public static Halving none(Budget budget, int points) {
    return new Halving(List.of(new Rung(budget.amount(), points)));
  }

  /**
   * As many rungs as points and budget allow: each has ⌊1/eta⌋ of the points of the one before, the
   * last the whole budget, each before it 1/eta of the next, in whole units.
   *
   * @throws ConfigError if there are not two rungs in it
   */
  public static Halving of(Budget budget, int points, int eta) {
    if (eta < 2) {
      throw new ConfigError("--eta " + eta, "not allowed; 2 or more");
    }
    List<Double> budgets = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    double amount = budget.amount();
    for (int left = points; left >= 1 && amount >= 1; left /= eta) {
      sizes.add(left);
      budgets.add(0, budgets.isEmpty() ? amount : Math.rint(amount));
      amount /= eta;
    }
    if (sizes.size() < 2) {
      throw new ConfigError(
          "--halving",
          String.format(
              Locale.ROOT,
              "not allowed with %d points and budget.%s = %s; %d or more of each",
              points,
              budget.unit().key(),
              plain(budget.amount()),
              eta));
    }
    List<Rung> rungs = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      rungs.add(new Rung(budgets.get(i), sizes.get(i)));
    }
    return new Halving(rungs);
  }

  /**
   * Who goes on to the next rung, best first.
   *
   * @param scores in the order of the points; nothing for one that diverged or failed, which comes
   *     last; equal scores in the order of the points
   */
  public static List<String> promoted(
      Map<String, OptionalDouble> scores, int keep, boolean higherIsBetter) {
    return List.copyOf(
        SweepRanking.of(scores, higherIsBetter).subList(0, Math.min(keep, scores.size())));
  }

  /** An amount as YAML writes it: whole numbers without a point. */
  public static String plain(double amount) {
    return amount == Math.rint(amount) && Math.abs(amount) < 1e15
        ? Long.toString((long) amount)
        : Double.toString(amount);
  }
}
