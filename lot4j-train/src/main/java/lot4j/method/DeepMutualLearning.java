package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Lesson;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Student;
import lot4j.Work;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.train.Portion;
import lot4j.train.Task;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Deep mutual learning: teacher and students learn the labels and each other's answers on the same
 * batches. Of K networks each minimises {@code CE(p_k) + 1/(K−1) · Σ_{l≠k} KL(sg[p_l] ‖ p_k)}, at
 * temperature 1.
 *
 * <p>Source: Zhang, Xiang, Hospedales, Lu, "Deep mutual learning", CVPR 2018, equations 3 to 8 and
 * Algorithm 1. There the networks step in turn, each toward the others' answers of that moment;
 * simultaneously with one student it is LoT as in the authors' released code with N = 1, α = 1, T =
 * 1, to the bit.
 *
 * @param order in turn, or all from the old weights
 */
public record DeepMutualLearning(Turns order) implements MethodSpec {
  private static final Imitability KL = new KlDivergence(Direction.REFERENCE_FREE, 1, false);

  /** When a network's peers have stepped. */
  public enum Turns {
    /** One network after the other: those before it have stepped already. */
    SEQUENTIAL,
    /** All at once: every gradient is from the old weights. */
    SIMULTANEOUS
  }

  /** As Algorithm 1 prints it: the teacher first, then the students in their order. */
  public static DeepMutualLearning defaults() {
    return new DeepMutualLearning(Turns.SEQUENTIAL);
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    List<Learner> learners =
        Stream.concat(
                Stream.of(setting.teacher()), setting.students().stream().map(Student::learner))
            .toList();
    return step -> {
      Portion<B> portion = setting.taskStream().portion(setting.task());
      if (portion.nothing()) {
        return Update.nothing();
      }
      List<LabelStep<B>> steps = new ArrayList<>();
      learners.forEach(each -> steps.add(new LabelStep<>(setting.task(), portion, each)));
      if (order == Turns.SIMULTANEOUS) {
        together(setting.task(), portion.batches(), learners, steps);
      } else {
        inTurn(setting.task(), portion.batches(), learners, steps);
      }
      List<Lesson.Mark> marks = steps.stream().skip(1).map(LabelStep::mark).toList();
      return steps.get(0).update(List.of(new Lesson(marks)));
    };
  }

  private static <B> void together(
      Task<B> task, List<B> batches, List<Learner> learners, List<LabelStep<B>> steps) {
    learners.forEach(Learner::zeroGrad);
    for (int i = 0; i < batches.size(); i++) {
      Exercise exercise = task.exercise(batches.get(i));
      List<Output> outputs =
          learners.stream().map(each -> each.study(exercise, DataStream.TASK)).toList();
      for (int k = 0; k < learners.size(); k++) {
        steps.get(k).gather(i, outputs.get(k), Optional.of(toward(outputs, k, exercise)));
      }
    }
    learners.forEach(Learner::step);
  }

  private static <B> void inTurn(
      Task<B> task, List<B> batches, List<Learner> learners, List<LabelStep<B>> steps) {
    learners.forEach(each -> each.memory(DataStream.TASK).mark());
    for (int k = 0; k < learners.size(); k++) {
      if (k > 0) { // the same batches are read once more
        learners.forEach(each -> each.memory(DataStream.TASK).rewind());
      }
      learners.get(k).zeroGrad();
      for (int i = 0; i < batches.size(); i++) {
        Exercise exercise = task.exercise(batches.get(i));
        List<Output> outputs = new ArrayList<>();
        for (int l = 0; l < learners.size(); l++) {
          outputs.add(
              l == k
                  ? learners.get(l).study(exercise, DataStream.TASK)
                  : learners.get(l).answer(exercise, DataStream.TASK));
        }
        steps.get(k).gather(i, outputs.get(k), Optional.of(toward(outputs, k, exercise)));
      }
      learners.get(k).step();
    }
  }

  /** The mean divergence from the others' answers, which are constants. */
  private static Penalty toward(List<Output> outputs, int own, Exercise exercise) {
    Scalar weight = new Scalar(1.0 / (outputs.size() - 1));
    List<Tensor> each = new ArrayList<>();
    Optional<Tensor> sum = Optional.empty();
    for (int l = 0; l < outputs.size(); l++) {
      if (l != own) {
        Output peer = outputs.get(l).constant(); // sg[p_l]
        Tensor kl = Piecewise.measure(KL, outputs.get(own), peer, exercise.mask());
        Tensor part = kl.mul(weight);
        sum = Optional.of(sum.map(s -> s.add(part)).orElse(part));
        each.add(kl.detach());
      }
    }
    Tensor term = sum.orElseThrow();
    return new Penalty(term, term.detach(), each);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    long studied = paces.task().studied(updates);
    int forwards = order == Turns.SIMULTANEOUS ? 1 : students + 1;
    Work each = new Work(Math.multiplyExact(studied, forwards), studied, updates);
    return new Bill(
        paces.task().total(updates), each, Stream.generate(() -> each).limit(students).toList());
  }
}
