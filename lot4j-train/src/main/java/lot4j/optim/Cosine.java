package lot4j.optim;

import com.fasterxml.jackson.annotation.JsonProperty;
import lot4j.Require;

/**
 * Half a cosine from 1 down to {@code floor} after the warm-up. Source: I. Loshchilov and F.
 * Hutter, "SGDR", 2017, without restarts. The released LoT code for CIFAR holds the rate during an
 * epoch ({@code per: epoch}).
 *
 * @param warmup budget units in which the rate rises linearly to its full value, 0 or more
 * @param per whether the rate moves at every update or once a unit
 * @param floor the factor at the end, from 0 to 1
 */
public record Cosine(double warmup, Per per, double floor) implements ScheduleSpec {
  /** How often the rate moves. */
  public enum Per {
    /** At every teacher step. */
    @JsonProperty("update")
    UPDATE,
    /** At the start of every budget unit; the warm-up still rises at every step. */
    @JsonProperty("epoch")
    EPOCH
  }

  public Cosine {
    Require.atLeast("warmup", warmup, 0.0);
    Require.within("floor", floor, 0, 1);
  }

  /** From 1 to 0, moving at every update, no warm-up. */
  public static Cosine defaults() {
    return new Cosine(0, Per.UPDATE, 0);
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    Timeline time = new Timeline(updates, updatesPerUnit, warmup);
    return new PlannedRate(
        step -> {
          if (time.warmingUp(step)) {
            return time.warmth(step);
          }
          double progress = per == Per.EPOCH ? time.unitProgress(step) : time.progress(step);
          return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
        });
  }
}
