package lot4j;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lot4j.imitability.KlDivergence;

/**
 * What a network minimises, where that is known by its parts: {@code task} · (its task's loss) + Σᵢ
 * {@code weights[i]} · μ(own, otherᵢ).
 *
 * @param task weight of the task's loss; 0 if there is none
 * @param loss the task's loss, where its weight is not 0
 * @param measure μ; empty of a network that is a constant here
 * @param weights of μ toward each other network
 */
record Goal(
    double task, Optional<LabelLoss> loss, Optional<KlDivergence> measure, List<Double> weights) {
  Goal {
    weights = List.copyOf(weights);
  }

  /** A constant's. */
  static Goal none() {
    return new Goal(0, Optional.empty(), Optional.empty(), List.of());
  }

  /** Empty where the task's loss or the measure is known as a whole only. */
  static Optional<Goal> of(
      double task,
      Optional<? extends Function<Output, ?>> loss,
      Imitability measure,
      List<Double> weights) {
    if (!(measure instanceof KlDivergence divergence)) {
      return Optional.empty();
    }
    if (task == 0) {
      return Optional.of(new Goal(0, Optional.empty(), Optional.of(divergence), weights));
    }
    return loss.filter(LabelLoss.class::isInstance)
        .map(LabelLoss.class::cast)
        .map(known -> new Goal(task, Optional.of(known), Optional.of(divergence), weights));
  }

  /** Whether a gradient is wanted. */
  boolean learns() {
    return measure.isPresent();
  }
}
