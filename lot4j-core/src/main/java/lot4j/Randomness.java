package lot4j;

import java.util.function.Supplier;

/** Where a stochastic network (dropout) takes its random numbers from, by the role it plays. */
@FunctionalInterface
public interface Randomness {
  /** The role in which a network is asked. */
  enum Role {
    /** It learns from the answer. */
    LEARNER,
    /** It only serves another network's loss, or is regularized on a batch that is not its own. */
    REFERENCE
  }

  /** Runs {@code forward} with the random numbers of {@code role}. */
  Output draw(Role role, Supplier<Output> forward);

  /** The engine's global generator for every role, as in a plain training loop. */
  static Randomness global() {
    return (role, forward) -> forward.get();
  }
}
