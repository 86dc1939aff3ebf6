package lot4j.optim;

import java.util.List;
import java.util.stream.IntStream;
import lot4j.Require;

/**
 * The rate is multiplied by {@code gamma} at each milestone. Source: PyTorch, {@code MultiStepLR}.
 *
 * @param milestones budget units from the start of the run, ascending
 * @param gamma factor of a drop, above 0 and at most 1
 * @param warmup budget units in which the rate rises linearly to its full value, 0 or more
 */
public record MultiStep(List<Double> milestones, double gamma, double warmup)
    implements ScheduleSpec {
  public MultiStep {
    milestones = List.copyOf(milestones);
    List<Double> all = milestones;
    boolean ascending =
        IntStream.range(0, all.size())
            .allMatch(
                i ->
                    Double.isFinite(all.get(i))
                        && all.get(i) > 0
                        && (i == 0 || all.get(i - 1) < all.get(i)));
    Require.that(
        !all.isEmpty() && ascending, "milestones", all, "one or more numbers above 0, ascending");
    Require.that(gamma > 0 && gamma <= 1, "gamma", gamma, "above 0 and at most 1");
    Require.atLeast("warmup", warmup, 0.0);
  }

  /** A tenth after 30, 60 and 90 units, no warm-up. */
  public static MultiStep defaults() {
    return new MultiStep(List.of(30.0, 60.0, 90.0), 0.1, 0);
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    Timeline time = new Timeline(updates, updatesPerUnit, warmup);
    return new PlannedRate(
        step ->
            time.warmthOrOne(step)
                * Math.pow(
                    gamma, milestones.stream().filter(m -> step >= m * updatesPerUnit).count()));
  }
}
