package lot4j.rl;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A part of a rollout, or states from the students' memory. It keeps what the loss worked out on
 * the way, so that nothing is computed again to be shown.
 */
public final class Minibatch {
  private final Tensor observations;
  private final Optional<Experience> experience;
  private final long taken;
  private Optional<Ppo.Terms> terms = Optional.empty();
  private double drift;

  private Minibatch(Tensor observations, Optional<Experience> experience, long taken) {
    this.observations = observations;
    this.experience = experience;
    this.taken = taken;
  }

  /**
   * A part of a rollout.
   *
   * @param observations [batch, …] as networks see them, float
   * @param taken agent steps of the rollout if this is its first minibatch, else 0
   */
  public static Minibatch of(Tensor observations, Experience experience, long taken) {
    return new Minibatch(observations, Optional.of(experience), taken);
  }

  /** States alone, for students. */
  public static Minibatch states(Tensor observations) {
    return new Minibatch(observations, Optional.empty(), 0);
  }

  /** What was seen, [batch, …]. */
  public Tensor observations() {
    return observations;
  }

  /** What was done then; empty for states alone. */
  public Optional<Experience> experience() {
    return experience;
  }

  /** Agent steps that this minibatch stands for in counts of samples. */
  public long taken() {
    return taken;
  }

  /** The loss's terms, once it has been computed. */
  Optional<Ppo.Terms> terms() {
    return terms;
  }

  void keep(Ppo.Terms worked) {
    terms = Optional.of(worked);
  }

  /** The approximate KL from the rollout's policy, where someone goes by it; else 0. */
  double drift() {
    return drift;
  }

  void drift(double approximateKl) {
    drift = approximateKl;
  }
}
