package lot4j.optim;

import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * The rate is multiplied by {@code factor} when the validation score has not improved for more than
 * {@code patience} evaluations. Source: PyTorch, {@code ReduceLROnPlateau}, relative threshold (of
 * the best score's size, so that negative scores work too). A score that is not a number is no
 * improvement.
 *
 * @param factor of a drop, above 0 and below 1
 * @param patience evaluations without improvement that are let pass, 0 or more
 * @param threshold part of the best score by which a better one must differ, 0 or more
 * @param warmup budget units in which the rate rises linearly to its full value, 0 or more
 */
public record Plateau(double factor, int patience, double threshold, double warmup)
    implements ScheduleSpec {
  public Plateau {
    Require.that(factor > 0 && factor < 1, "factor", factor, "above 0 and below 1");
    Require.atLeast("patience", patience, 0);
    Require.atLeast("threshold", threshold, 0.0);
    Require.atLeast("warmup", warmup, 0.0);
  }

  /** A tenth after more than 10 evaluations without an improvement by 1e-4 of the best. */
  public static Plateau defaults() {
    return new Plateau(0.1, 10, 1e-4, 0);
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    return new Watching(this, new Timeline(updates, updatesPerUnit, warmup));
  }

  private static final class Watching implements LearningRate {
    private final Plateau spec;
    private final Timeline time;
    private double best = Double.NaN;
    private long waited;
    private double reduction = 1;

    Watching(Plateau spec, Timeline time) {
      this.spec = spec;
      this.time = time;
    }

    @Override
    public double factor(long step) {
      return time.warmthOrOne(step) * reduction;
    }

    @Override
    public void evaluated(double score, boolean higherIsBetter) {
      if (improves(score, higherIsBetter)) {
        best = score;
        waited = 0;
        return;
      }
      waited++;
      if (waited > spec.patience) {
        reduction *= spec.factor;
        waited = 0;
      }
    }

    private boolean improves(double score, boolean higherIsBetter) {
      if (Double.isNaN(best)) {
        return !Double.isNaN(score);
      }
      double margin = spec.threshold * Math.abs(best);
      return higherIsBetter ? score > best + margin : score < best - margin;
    }

    @Override
    public void save(StateWriter out) {
      out.real("best", best);
      out.number("waited", waited);
      out.real("reduction", reduction);
    }

    @Override
    public void restore(StateReader in) {
      best = in.real("best");
      waited = in.number("waited");
      reduction = in.real("reduction");
    }
  }
}
