package lot4j.method;

import java.util.Optional;
import lot4j.Require;
import lot4j.config.WhenAbsent;
import lot4j.optim.Snapshot;

/**
 * The copy is the teacher as it was a while ago: a student that imitates exactly, but late. The
 * control for what of LoT is a pull toward one's own past; in reinforcement learning, toward the
 * policy before the last rollout's updates.
 *
 * @param every the copy is taken anew after each so many teacher steps, 1 or more; empty: after
 *     each epoch of the task's stream, which is a rollout in reinforcement learning
 */
public record SelfLagged(@WhenAbsent("epoch") Optional<Long> every) implements Following {
  public SelfLagged {
    every.ifPresent(steps -> Require.atLeast("every", steps, 1L));
  }

  @Override
  public SelfLagged at(Paces paces) {
    return every.isPresent() ? this : new SelfLagged(Optional.of(paces.task().stepsPerEpoch()));
  }

  @Override
  public void follow(Snapshot copy, long step) {
    if ((step + 1) % every.orElseThrow() == 0) {
      copy.take();
    }
  }
}
