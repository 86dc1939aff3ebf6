package lot4j.method;

import java.util.List;
import java.util.Optional;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import lot4j.imitability.KlDivergence;
import lot4j.method.TeacherStep.Answer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Label smoothing: the teacher alone, a part of every label spread evenly over all classes. With u
 * the uniform distribution over C classes it is LoT whose student finds everything equally likely:
 *
 * <pre>{@code
 * L = (1 − ε) · task + ε · (KL(u ‖ p) + ln C)
 * }</pre>
 *
 * <p>The penalty's measure is KL(u ‖ p), its term ε times it. Whatever a task adds to its
 * cross-entropy (activation regularization, for one) is weighted by 1 − ε too. For tasks whose
 * labels are classes or words. Source: C. Szegedy et al., "Rethinking the Inception architecture
 * for computer vision", 2016, section 7.
 *
 * @param epsilon ε, 0 or more and below 1; 0 trains the teacher alone, to the bit
 */
public record LabelSmoothing(double epsilon) implements MethodSpec {
  private static final Imitability MEASURE =
      new KlDivergence(KlDivergence.Direction.REFERENCE_FREE, 1, false);

  public LabelSmoothing {
    Require.below("epsilon", epsilon, 0, 1);
  }

  @Override
  public boolean needsClasses() {
    return true;
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return epsilon == 0
        ? step -> TeacherOnly.update(setting)
        : step -> TeacherStep.make(setting, (exercise, batch) -> smooth(setting, exercise, batch));
  }

  private <B> Answer smooth(Setting<B> setting, Exercise exercise, B batch) {
    Answer plain = TeacherStep.study(setting, exercise, batch);
    Tensor away =
        Piecewise.measure(MEASURE, plain.output(), Uniform.like(plain.output()), exercise.mask());
    Tensor term = away.mul(new Scalar(epsilon));
    double constant = epsilon * Math.log(Uniform.classes(plain.output()));
    Tensor loss = plain.taskLoss().mul(new Scalar(1 - epsilon)).add(term).add(new Scalar(constant));
    return new Answer(
        plain.output(),
        plain.taskLoss(),
        loss,
        Optional.of(new Penalty(term, away.detach(), List.of())));
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return new TeacherOnly().bill(updates, students, paces);
  }
}
