package lot4j.method;

import java.util.Optional;
import lot4j.Require;

/**
 * What of LoT goes by the epochs of the task's stream, which are rollouts in reinforcement
 * learning.
 *
 * @param startAfterFirst whether α waits for the end of the first epoch
 * @param review what the students go through once more after each epoch, if anything
 * @param steps teacher steps of an epoch; 0 until {@link MethodSpec#at} tells
 */
public record Epochs(boolean startAfterFirst, Optional<Review> review, long steps) {
  public Epochs {
    Require.atLeast("steps of an epoch", steps, 0L);
  }

  /** To be told how long an epoch is. */
  public Epochs(boolean startAfterFirst, Optional<Review> review) {
    this(startAfterFirst, review, 0);
  }

  /** Nothing does. */
  public static Epochs none() {
    return new Epochs(false, Optional.empty(), 0);
  }

  /** The same with an epoch's length. */
  Epochs of(long stepsPerEpoch) {
    return new Epochs(startAfterFirst, review, stepsPerEpoch);
  }

  /**
   * Checks that the length is known where it matters.
   *
   * @throws IllegalStateException if it is not
   */
  void requireKnown() {
    if ((startAfterFirst || review.isPresent()) && steps == 0) {
      throw new IllegalStateException("method: at(paces) has to say how long an epoch is");
    }
  }

  /** Whether the first epoch is still going on at a teacher step. */
  boolean delays(long step) {
    return startAfterFirst && step < steps;
  }

  /** Whether a review follows a teacher step. */
  boolean endsAt(long step) {
    return review.isPresent() && (step + 1) % steps == 0;
  }
}
