package lot4j.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Memory;
import lot4j.Penalty;
import lot4j.Require;
import lot4j.optim.Weights;
import lot4j.train.Portion;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Sharpness-aware minimisation: the teacher alone steps along the gradient that it has where its
 * loss is nearly the worst nearby. Two forwards and two backwards, as much as a teacher and a
 * student of its size in one joint step.
 *
 * <pre>{@code
 * g = ∇ task(θ);  ε = ρ · g / ‖g‖;  θ steps along ∇ task(θ + ε)
 * }</pre>
 *
 * <p>The norm is over all trainable numbers. Both gradients are of the whole step's batches; the
 * second one is what clipping, weight decay and the optimizer see. Running statistics move in the
 * first pass only; the second one draws its own dropout; a recurrent network reads both times from
 * the same place, and carries on what the second pass left. θ is back, every bit, before the step.
 *
 * <p>The penalty is task(θ + ε) − task(θ), the sharpness. Source: P. Foret et al., "Sharpness-aware
 * minimization for efficiently improving generalization", 2021, Algorithm 1 with p = 2.
 *
 * @param rho ρ, 0 or more; 0 trains the teacher alone, to the bit and at its cost
 */
public record Sam(double rho) implements MethodSpec {
  private static final double LEAST_NORM = 1e-12;

  public Sam {
    Require.atLeast("rho", rho, 0.0);
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return rho == 0 ? step -> TeacherOnly.update(setting) : step -> update(setting);
  }

  private <B> Update update(Setting<B> setting) {
    Portion<B> portion = setting.taskStream().portion(setting.task());
    if (portion.nothing()) {
      return Update.nothing();
    }
    Memory memory = setting.teacher().memory(DataStream.TASK);
    memory.mark();
    setting.teacher().zeroGrad();
    Update here = pass(setting, portion, false);
    memory.rewind();
    Update there = disturbed(setting, portion);
    setting.teacher().step();
    Tensor sharpness = there.taskLoss().sub(here.taskLoss());
    return new Update(
        here.samples(),
        here.taken(),
        here.taskLoss(),
        there.taskLoss(),
        Optional.of(new Penalty(sharpness, sharpness, List.of())),
        List.of(),
        here.observed());
  }

  /** Replaces the gathered gradient by the one at θ + ε. */
  private <B> Update disturbed(Setting<B> setting, Portion<B> portion) {
    Weights weights = setting.networks().teacher();
    setting.company().sum(weights.gradients()); // ε goes by the gradient of all processes
    Tensor own = weights.values().detach().clone();
    Map<String, Tensor> statistics = new LinkedHashMap<>();
    weights.buffers().forEach((name, buffer) -> statistics.put(name, buffer.data().clone()));
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor gradient = weights.gradients();
      Tensor norm = gradient.norm().add(new Scalar(LEAST_NORM));
      weights.values().add_(gradient.mul(norm.reciprocal().mul(new Scalar(rho))));
    }
    setting.teacher().zeroGrad();
    try {
      return pass(setting, portion, true);
    } finally {
      try (NoGradGuard constant = new NoGradGuard()) {
        weights.values().copy_(own);
        statistics.forEach((name, kept) -> weights.buffers().get(name).data().copy_(kept));
      }
    }
  }

  private static <B> Update pass(Setting<B> setting, Portion<B> portion, boolean steps) {
    return TeacherStep.gather(
        setting, portion, (exercise, batch) -> TeacherStep.study(setting, exercise, batch), steps);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return rho == 0
        ? new TeacherOnly().bill(updates, students, paces)
        : TeacherOnly.passes(2, updates, paces);
  }
}
