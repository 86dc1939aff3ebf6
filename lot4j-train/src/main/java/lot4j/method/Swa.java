package lot4j.method;

import java.util.Optional;
import lot4j.Require;
import lot4j.config.WhenAbsent;
import lot4j.optim.Average;
import lot4j.optim.HeldRate;
import lot4j.optim.LearningRate;
import lot4j.optim.RunningMean;
import lot4j.optim.Weights;

/**
 * Stochastic weight averaging: the teacher alone, judged by and deployed with the mean of the
 * weights that it had now and then toward the end of the run.
 *
 * <p>Running statistics are averaged like weights, as PyTorch's {@code use_buffers=True} does; the
 * paper computes batch statistics anew in a pass over the training data, which this does not. Until
 * the first weights are counted, the teacher is judged by its own; the choice of the best
 * checkpoint is between both. Source: P. Izmailov et al., "Averaging weights leads to wider optima
 * and better generalization", 2018, Algorithm 1 with a constant learning rate.
 *
 * @param start part of the run after which averaging begins, 0 or more and below 1
 * @param every weights count after each so many teacher steps, 1 or more; empty: after each epoch
 *     of the task's stream, which is a rollout in reinforcement learning. The last step's count in
 *     any case
 * @param holdRate whether the learning rate stays from the start of averaging on what it is then,
 *     else it follows its schedule
 */
public record Swa(double start, @WhenAbsent("epoch") Optional<Long> every, boolean holdRate)
    implements MethodSpec {
  public Swa {
    Require.below("start", start, 0, 1);
    every.ifPresent(steps -> Require.atLeast("every", steps, 1L));
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public Swa at(Paces paces) {
    return every.isPresent()
        ? this
        : new Swa(start, Optional.of(paces.task().stepsPerEpoch()), holdRate);
  }

  /** The first teacher step that may count. */
  private long first(long updates) {
    return (long) Math.floor(start * updates);
  }

  /** Whether the weights count that teacher step {@code step}, from 0, leaves. */
  boolean counts(long step, long updates) {
    boolean due = (step + 1) % every.orElse(1L) == 0 || step == updates - 1;
    return step >= first(updates) && due;
  }

  @Override
  public Optional<Average> average(Weights teacher, long updates) {
    return Optional.of(new RunningMean(teacher, step -> counts(step, updates)));
  }

  @Override
  public LearningRate rate(LearningRate planned, long updates) {
    return holdRate ? new HeldRate(planned, first(updates)) : planned;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return step -> TeacherOnly.update(setting);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return TeacherOnly.passes(1, updates, paces);
  }
}
