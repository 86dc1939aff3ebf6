package lot4j.method;

import java.util.List;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Memory;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import lot4j.imitability.Jeffreys;
import lot4j.method.TeacherStep.Answer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * R-Drop: the teacher alone, whose student is itself under another dropout mask. Each batch goes
 * through twice, and the two answers are drawn together in both directions, without a
 * stop-gradient:
 *
 * <pre>{@code
 * L = ½ (task₁ + task₂) + α · ½ (KL(p₁ ‖ p₂) + KL(p₂ ‖ p₁))
 * }</pre>
 *
 * <p>Both passes are the teacher's own learning: running statistics move in both. A recurrent
 * network reads both times from the same place, and carries on what the second pass left. Without
 * dropout the two answers are one and the measure is 0. Where logits are made piece by piece, this
 * method needs those of both passes at once, for both are differentiated.
 *
 * <p>The penalty's measure is the mean of the two divergences, its term α times it. Source: X.
 * Liang et al., "R-Drop: regularized dropout for neural networks", 2021, equation 3 (with the two
 * task losses averaged, so that α keeps its meaning when it is 0).
 *
 * @param alpha α, 0 or more; 0 trains the teacher alone, in one pass and to the bit
 */
public record RDrop(double alpha) implements MethodSpec {
  private static final Imitability BOTH_WAYS = new Jeffreys(1, false);

  public RDrop {
    Require.atLeast("alpha", alpha, 0.0);
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return alpha == 0
        ? step -> TeacherOnly.update(setting)
        : step -> TeacherStep.make(setting, (exercise, batch) -> twice(setting, exercise, batch));
  }

  private <B> Answer twice(Setting<B> setting, Exercise exercise, B batch) {
    Memory memory = setting.teacher().memory(DataStream.TASK);
    memory.mark();
    Answer one = TeacherStep.study(setting, exercise, batch);
    memory.rewind();
    Answer other = TeacherStep.study(setting, exercise, batch);
    Scalar half = new Scalar(0.5);
    Tensor task = one.taskLoss().add(other.taskLoss()).mul(half);
    Tensor apart =
        Piecewise.measure(BOTH_WAYS, one.output(), other.output(), exercise.mask()).mul(half);
    Tensor term = apart.mul(new Scalar(alpha));
    return new Answer(
        one.output(),
        task,
        task.add(term),
        Optional.of(new Penalty(term, apart.detach(), List.of())));
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return TeacherOnly.passes(alpha == 0 ? 1 : 2, updates, paces);
  }
}
