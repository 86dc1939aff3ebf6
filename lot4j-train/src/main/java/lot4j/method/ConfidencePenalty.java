package lot4j.method;

import java.util.List;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import lot4j.imitability.KlDivergence;
import lot4j.method.TeacherStep.Answer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The confidence penalty: the teacher alone, rewarded for the entropy of its answers. With u the
 * uniform distribution over C classes it is LoT in the paper's direction whose student finds
 * everything equally likely; in reinforcement learning it is a further entropy bonus.
 *
 * <pre>{@code
 * L = task − β · H(p) = task + β · (KL(p ‖ u) − ln C)
 * }</pre>
 *
 * <p>The penalty's measure is −H(p), its term β times it. Source: G. Pereyra et al., "Regularizing
 * neural networks by penalizing confident output distributions", 2017, equation 2.
 *
 * @param beta β, 0 or more; 0 trains the teacher alone, to the bit
 */
public record ConfidencePenalty(double beta) implements MethodSpec {
  private static final Imitability MEASURE =
      new KlDivergence(KlDivergence.Direction.FREE_REFERENCE, 1, false);

  /** ½ ln 2πe, the entropy of a normal of standard deviation 1, nats. */
  private static final double UNIT_NORMAL = 0.5 * Math.log(2 * Math.PI * Math.E);

  public ConfidencePenalty {
    Require.atLeast("beta", beta, 0.0);
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return beta == 0
        ? step -> TeacherOnly.update(setting)
        : step ->
            TeacherStep.make(
                setting,
                (exercise, batch) -> {
                  Answer plain = TeacherStep.study(setting, exercise, batch);
                  return plain.plus(penalty(exercise, plain.output()));
                });
  }

  Penalty penalty(Exercise exercise, Output output) {
    Tensor negative =
        output.distribution() instanceof DiagonalNormal normal
            ? exercise.mask().mean(entropy(normal)).neg()
            : Piecewise.measure(MEASURE, output, Uniform.like(output), exercise.mask())
                .sub(new Scalar(Math.log(Uniform.classes(output))));
    return new Penalty(negative.mul(new Scalar(beta)), negative.detach(), List.of());
  }

  /** Of each sample, [batch]: the same for all where the deviation is the policy's own. */
  private static Tensor entropy(DiagonalNormal normal) {
    return normal.logStd().expand_as(normal.mean()).add(new Scalar(UNIT_NORMAL)).sum(-1);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return new TeacherOnly().bill(updates, students, paces);
  }
}
