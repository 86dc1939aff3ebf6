package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Output;
import lot4j.Piecewise;
import lot4j.ReferenceMode;
import lot4j.Require;
import lot4j.Student;
import lot4j.Work;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.train.Portion;

/**
 * Born-again networks: generations of equal networks, each trained from initial weights of its own
 * on the labels and on the answers of the one before it, which is finished. Generation g minimises
 * {@code CE(p_g) + weight · KL(sg[p_{g−1}] ‖ p_g)}, the first one the labels alone; the last is the
 * teacher, the model that is kept, and the earlier ones are the students.
 *
 * <p>Source: Furlanello, Lipton, Tschannen, Itti, Anandkumar, "Born again neural networks", ICML
 * 2018, section 3.1; equal weights as in the LoT paper's baseline. A finished generation answers in
 * eval mode. Two generations cost what LoT costs with a student as large as the teacher and N = 1,
 * save for the answers.
 *
 * @param generations networks that are trained one after the other, 2 or more
 * @param weight of the divergence beside the labels, 0 or more; 0 trains each alone
 */
public record BornAgain(int generations, double weight) implements MethodSpec {
  private static final Imitability KL = new KlDivergence(Direction.REFERENCE_FREE, 1, false);

  public BornAgain {
    Require.atLeast("generations", generations, 2);
    Require.atLeast("weight", weight, 0.0);
  }

  /** Two generations, labels and predecessor of equal weight. */
  public static BornAgain defaults() {
    return new BornAgain(2, 1);
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public int copies() {
    return generations - 1;
  }

  @Override
  public int stages() {
    return generations;
  }

  @Override
  public Optional<ReferenceMode> referenceMode() {
    return Optional.of(ReferenceMode.EVAL);
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    Stages stages = new Stages(generations, setting.updates());
    List<Learner> line = new ArrayList<>();
    setting.students().stream().map(Student::learner).forEach(line::add);
    line.add(setting.teacher());
    return step -> {
      int generation = stages.of(step);
      Portion<B> batches = setting.taskStream().portion(setting.task());
      LabelStep<B> made =
          generation == 0
              ? LabelStep.made(setting.task(), batches, line.get(0))
              : after(line.get(generation - 1), line.get(generation), setting, batches);
      return generation == generations - 1
          ? made.update(List.of())
          : Stages.ofStudents(List.of(made.numbers(generation)));
    };
  }

  private <B> LabelStep<B> after(
      Learner finished, Learner own, Setting<B> setting, Portion<B> portion) {
    return new LabelStep<>(setting.task(), portion, own)
        .whole(
            (batch, output) -> {
              Exercise exercise = setting.task().exercise(portion.batches().get(batch));
              Output target = finished.answer(exercise, DataStream.TASK).constant();
              return Optional.of(
                  LabelStep.penalty(
                      Piecewise.measure(KL, output, target, exercise.mask()), weight));
            });
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    long each = updates / generations;
    long studied = paces.task().studied(each);
    List<Work> works = new ArrayList<>();
    for (int i = 0; i < students; i++) {
      works.add(new Work(Math.multiplyExact(studied, 2), studied, each)); // learns, then answers
    }
    return new Bill(paces.task().total(each), new Work(studied, studied, each), works);
  }
}
