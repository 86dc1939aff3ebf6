package lot4j.train;

import java.util.List;
import java.util.Map;
import lot4j.checkpoint.Stateful;

/**
 * An endless, resumable stream of batches. Its order depends on its own random streams alone and is
 * saved with its position.
 */
public interface BatchSource<B> extends Stateful, AutoCloseable {
  /**
   * The batches of the next step: one, unless gradients are accumulated. None if there is nothing
   * to learn at this step, as when PPO has moved far enough from its rollout; the step then counts
   * for schedules alone. Their tensors belong to the caller's {@code PointerScope}.
   */
  List<B> next();

  /** The next step as this process takes part in it: as a whole, unless others train with it. */
  default Portion<B> portion(Task<B> task) {
    return Portion.whole(task, next());
  }

  /**
   * What the stream itself has met since the last call, by metric name, for a training line: the
   * returns of episodes that ended, for instance. Usually nothing.
   */
  default Map<String, Double> report() {
    return Map.of();
  }

  /** FLOPs spent on making its batches by networks that are no learners; usually none. */
  default double flops() {
    return 0;
  }

  /** Releases what it holds; usually nothing. */
  @Override
  default void close() {}
}
