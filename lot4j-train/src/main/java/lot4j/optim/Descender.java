package lot4j.optim;

import lot4j.Descent;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.train.DivergedException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * How a learner follows its gradient: weights, optimizer, learning rate and clipping.
 *
 * <p>Schedules are indexed by teacher steps, for students too: tell the current one with {@link
 * #at}. Before anything changes, each step reads one number from the device, the gradient's norm if
 * it is clipped, else its sum: a gradient that is not finite never reaches a weight or a moment.
 *
 * <p>Its state is the optimizer's and the schedule's; the weights are saved as the network's own
 * file. Owns the optimizer, not the weights.
 */
public final class Descender implements Descent, Stateful, AutoCloseable {
  private static final double CLIP_EPSILON = 1e-6;

  private final String learner;
  private final Weights weights;
  private final OptimizerSpec spec;
  private Optimizer optimizer;
  private final LearningRate schedule;
  private long teacherStep;

  private Descender(String learner, Weights weights, OptimizerSpec spec, LearningRate schedule) {
    this.learner = learner;
    this.weights = weights;
    this.spec = spec;
    this.optimizer = spec.over(weights);
    this.schedule = schedule;
  }

  /**
   * A learner's descent.
   *
   * @param learner its name in messages: {@code teacher}, {@code student0}, …
   * @param schedule the learner's own: schedules may have state
   */
  public static Descender of(
      String learner, Weights weights, OptimizerSpec spec, LearningRate schedule) {
    return new Descender(learner, weights, spec, schedule);
  }

  /** The same around weights at a constant rate. */
  public static Descender of(String learner, Weights weights, OptimizerSpec spec) {
    return new Descender(learner, weights, spec, new PlannedRate(step -> 1));
  }

  /** Tells the teacher step that is under way, counted from 0; it stays until told otherwise. */
  public void at(long teacherStep) {
    this.teacherStep = teacherStep;
  }

  /** The learning rate in force. */
  public double lr() {
    return spec.lr() * schedule.factor(teacherStep);
  }

  /** Passes a validation score of this learner to the schedule and the optimizer. */
  public void evaluated(double score, boolean higherIsBetter) {
    schedule.evaluated(score, higherIsBetter);
    optimizer.evaluated(score, higherIsBetter);
  }

  /** Begins anew: the optimizer has no moments, as at the start. */
  public void forget() {
    optimizer.close();
    optimizer = spec.over(weights);
  }

  /** The weights it moves. */
  public Weights weights() {
    return weights;
  }

  /** The optimizer with its state. */
  public Optimizer optimizer() {
    return optimizer;
  }

  @Override
  public void zeroGrad() {
    weights.zeroGrad();
  }

  /**
   * One step along the gathered gradient, which clipping may shorten.
   *
   * @throws DivergedException if the gradient is not finite; weights and moments are as before
   */
  @Override
  public void step() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor gradient = weights.gradients();
      boolean clips = spec.clip().norm().isPresent();
      double size = (clips ? gradient.norm() : gradient.sum()).item_double();
      if (!Double.isFinite(size)) {
        throw new DivergedException(learner + ": gradient is not finite");
      }
      if (clips && size > spec.clip().norm().getAsDouble()) {
        gradient.mul_(new Scalar(spec.clip().norm().getAsDouble() / (size + CLIP_EPSILON)));
      }
      optimizer.step(lr());
    }
  }

  @Override
  public void save(StateWriter out) {
    out.number("teacher-step", teacherStep);
    optimizer.save(out.section("optimizer"));
    schedule.save(out.section("schedule"));
  }

  @Override
  public void restore(StateReader in) {
    teacherStep = in.number("teacher-step");
    optimizer.restore(in.section("optimizer"));
    schedule.restore(in.section("schedule"));
  }

  @Override
  public void close() {
    optimizer.close();
  }
}
