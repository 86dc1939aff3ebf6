package lot4j;

import static org.bytedeco.pytorch.global.torch.full_like;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * {@link Lot}'s losses where each is known by its parts: their gradients in all logits come from
 * {@link OnePass}, and the engine differentiates the networks from the logits on. Every method is
 * empty, and nothing has happened, where the plain way has to be taken.
 */
final class FromLogits {
  private final Lot lot;
  private final Mask mask;
  private final double share;
  private final boolean last;

  /** Of a batch with this part in its step. */
  FromLogits(Lot lot, Mask mask, Part part) {
    this.lot = lot;
    this.mask = mask;
    this.share = part.share();
    this.last = part.last();
  }

  /** What {@link Lot#accumulate} does. */
  Optional<Lesson> lesson(
      Optional<Function<Output, Tensor>> task, Output teacher, List<Output> students) {
    return studentsGoal(task)
        .flatMap(goal -> OnePass.of(teacher, Goal.none(), students, goal))
        .map(results -> lesson(task, students, results));
  }

  /** What {@link Lot#together} does. */
  Optional<Joint> joint(
      Function<Output, Tensor> own,
      Optional<Function<Output, Tensor>> task,
      Output teacher,
      List<Output> students) {
    return teachersGoal(share, Optional.of(own))
        .flatMap(
            mine -> studentsGoal(task).flatMap(goal -> OnePass.of(teacher, mine, students, goal)))
        .map(
            results -> {
              Lesson lesson = lesson(task, students, results);
              OnePass.Result mine = results.get(0);
              descend(lot.teacher(), teacher, Optional.of(own), share, mine);
              return new Joint(mine.task().orElseThrow(), penalty(mine), lesson);
            });
  }

  /** What {@link Lot#regularize} does with answers. */
  Optional<Penalty> penalty(Output teacher, List<Output> students) {
    return teachersGoal(0, Optional.empty())
        .flatMap(mine -> OnePass.of(teacher, mine, students, Goal.none()))
        .map(
            results -> {
              descend(lot.teacher(), teacher, Optional.empty(), 0, results.get(0));
              return penalty(results.get(0));
            });
  }

  /** With α = 0 the teacher's gradient is to keep the bits that the engine gives it. */
  private Optional<Goal> teachersGoal(double task, Optional<Function<Output, Tensor>> loss) {
    if (mask.positions().isPresent() || lot.alpha() == 0) {
      return Optional.empty();
    }
    List<Double> weights =
        lot.students().stream().map(student -> share * lot.alpha() * student.weight()).toList();
    return Goal.of(task, loss, lot.teacherMetric(), weights);
  }

  private Optional<Goal> studentsGoal(Optional<Function<Output, Tensor>> task) {
    if (mask.positions().isPresent()) {
      return Optional.empty();
    }
    StudentLoss loss = lot.studentLoss();
    return Goal.of(
        share * loss.taskWeight(), task, lot.studentMetric(), List.of(share * loss.metricWeight()));
  }

  private Lesson lesson(
      Optional<Function<Output, Tensor>> task, List<Output> outputs, List<OnePass.Result> results) {
    StudentLoss weights = lot.studentLoss();
    List<Lesson.Mark> marks = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      OnePass.Result result = results.get(i + 1);
      Learner student = lot.students().get(i).learner();
      descend(student, outputs.get(i), task, share * weights.taskWeight(), result);
      Tensor mu = result.measures().get(0);
      Tensor imitation = mu.mul(new Scalar(weights.metricWeight()));
      Tensor loss =
          result
              .task()
              .map(own -> own.mul(new Scalar(weights.taskWeight())).add(imitation))
              .orElse(imitation);
      marks.add(new Lesson.Mark(result.task(), mu, loss));
    }
    return new Lesson(marks);
  }

  private Penalty penalty(OnePass.Result result) {
    Tensor sum = result.measures().get(0).mul(new Scalar(lot.students().get(0).weight()));
    for (int i = 1; i < lot.students().size(); i++) {
      Scalar lambda = new Scalar(lot.students().get(i).weight());
      sum = sum.add(result.measures().get(i).mul(lambda));
    }
    return new Penalty(sum.mul(new Scalar(lot.alpha())), sum, result.measures());
  }

  /** Into the network, with what its task's loss has beside the logits. */
  private void descend(
      Learner learner,
      Output output,
      Optional<Function<Output, Tensor>> task,
      double weight,
      OnePass.Result result) {
    TensorVector roots = new TensorVector();
    TensorVector gradients = new TensorVector();
    for (OnePass.Flow flow : result.gradients()) {
      roots.push_back(flow.root());
      gradients.push_back(flow.gradient());
    }
    if (weight > 0) {
      task.filter(LabelLoss.class::isInstance)
          .flatMap(loss -> ((LabelLoss) loss).more(output))
          .filter(Tensor::requires_grad)
          .ifPresent(
              more -> {
                roots.push_back(more);
                gradients.push_back(full_like(more, new Scalar(weight)));
              });
    }
    learner.accumulate(roots, gradients, last);
  }
}
