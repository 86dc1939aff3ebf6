package lot4j.method;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Learner;
import lot4j.Lesson;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.train.Portion;
import lot4j.train.Task;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * One step of one learner on the labels of a task's batches, and on what a method adds to them. It
 * gathers gradients batch by batch; the caller zeroes them before and steps afterwards, so that
 * several learners can step at once.
 */
final class LabelStep<B> {
  private final Task<B> task;
  private final Portion<B> portion;
  private final List<B> batches;
  private final List<Double> shares;
  private final Learner learner;
  private final double labelWeight;
  private final List<Tensor> losses = new ArrayList<>();
  private final List<Penalty> additions = new ArrayList<>();
  private final List<Map<String, Tensor>> observed = new ArrayList<>();

  LabelStep(Task<B> task, Portion<B> portion, Learner learner) {
    this(task, portion, learner, 1);
  }

  /** With the labels' loss times {@code labelWeight}. */
  LabelStep(Task<B> task, Portion<B> portion, Learner learner, double labelWeight) {
    this.task = task;
    this.portion = portion;
    this.batches = portion.batches();
    this.shares = portion.shares();
    this.learner = learner;
    this.labelWeight = labelWeight;
  }

  /** A whole step on the labels alone. */
  static <B> LabelStep<B> made(Task<B> task, Portion<B> portion, Learner learner) {
    return new LabelStep<>(task, portion, learner).whole((batch, output) -> Optional.empty());
  }

  /** A whole step: every batch with what is added to its labels, then the learner moves. */
  LabelStep<B> whole(BiFunction<Integer, Output, Optional<Penalty>> additions) {
    learner.zeroGrad();
    for (int i = 0; i < batches.size(); i++) {
      Output output = learner.study(exercise(i), DataStream.TASK);
      gather(i, output, additions.apply(i, output));
    }
    learner.step();
    return this;
  }

  /** A batch as networks see it. */
  Exercise exercise(int batch) {
    return task.exercise(batches.get(batch));
  }

  /**
   * Gathers the gradient of {@code labelWeight · task + addition} on one batch; batches come in
   * their order.
   */
  void gather(int batch, Output output, Optional<Penalty> addition) {
    Tensor labels = task.loss(output, batches.get(batch));
    Tensor weighted = Share.of(labels, labelWeight);
    Tensor sum = addition.map(a -> weighted.add(a.term())).orElse(weighted);
    learner.accumulate(Share.of(sum, shares.get(batch)), batch == batches.size() - 1);
    losses.add(labels.detach());
    addition.ifPresent(additions::add);
    observed.add(task.observe(output.constant(), batches.get(batch)));
  }

  /** What is added is the weighted measure of one other network. */
  static Penalty penalty(Tensor measure, double weight) {
    return new Penalty(
        measure.mul(new Scalar(weight)), measure.detach(), List.of(measure.detach()));
  }

  private Tensor taskLoss() {
    return Share.sum(losses, shares);
  }

  private Optional<Penalty> addition() {
    return additions.isEmpty()
        ? Optional.empty()
        : Optional.of(Share.penalties(additions, shares, additions.get(0).each().size()));
  }

  private Tensor loss() {
    Tensor labels = Share.of(taskLoss(), labelWeight);
    return addition().map(a -> labels.add(a.term().detach())).orElse(labels);
  }

  /** As the teacher's update. */
  Update update(List<Lesson> lessons) {
    return new Update(
        portion.samples(),
        portion.taken(),
        taskLoss(),
        loss(),
        addition(),
        lessons,
        TeacherOnly.mean(observed, shares));
  }

  /** As a student's part of a lesson, if something was added to the labels. */
  Lesson.Mark mark() {
    Tensor measure = // none: another process has the batches of this step
        addition().map(Penalty::imitability).orElseGet(() -> Share.sum(List.of(), shares));
    return new Lesson.Mark(Optional.of(taskLoss()), measure, loss());
  }

  /** As numbers of a student, by their full names. */
  Map<String, Tensor> numbers(int student) {
    String name = "student" + student + "/";
    Map<String, Tensor> numbers = new LinkedHashMap<>();
    numbers.put(name + "loss", loss());
    numbers.put(name + "task_loss", taskLoss());
    addition().ifPresent(a -> numbers.put(name + "imitability", a.imitability()));
    return numbers;
  }
}
