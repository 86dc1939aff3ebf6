package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Learner;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.train.Portion;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/**
 * One step of a teacher that learns without students: a batch, or several whose gradients are
 * gathered, and the loss that a method makes of each.
 */
final class TeacherStep {
  private TeacherStep() {}

  /** What a method makes of one batch. */
  @FunctionalInterface
  interface Loss<B> {
    /** The teacher's answer to a batch and its loss; called once for each batch of a step. */
    Answer of(Exercise exercise, B batch);
  }

  /**
   * The teacher's answer to a batch.
   *
   * @param output of the network
   * @param taskLoss the task's loss, shape []
   * @param loss what is minimised, shape []
   * @param penalty what the method added
   */
  record Answer(Output output, Tensor taskLoss, Tensor loss, Optional<Penalty> penalty) {
    /** The task's loss alone. */
    static Answer plain(Output output, Tensor taskLoss) {
      return new Answer(output, taskLoss, taskLoss, Optional.empty());
    }

    /** The same with a term added to what is minimised. */
    Answer plus(Penalty added) {
      return new Answer(output, taskLoss, loss.add(added.term()), Optional.of(added));
    }
  }

  /** The next batches of the task's stream, one step. */
  static <B> Update make(Setting<B> setting, Loss<B> loss) {
    Portion<B> portion = setting.taskStream().portion(setting.task());
    if (portion.nothing()) {
      return Update.nothing();
    }
    setting.teacher().zeroGrad();
    Update update = gather(setting, portion, loss, true);
    setting.teacher().step();
    return update;
  }

  /**
   * Adds the batches' gradients to what the teacher has gathered; it does not step.
   *
   * @param steps whether the teacher steps next, on what is gathered here
   */
  static <B> Update gather(Setting<B> setting, Portion<B> portion, Loss<B> loss, boolean steps) {
    Task<B> task = setting.task();
    List<B> batches = portion.batches();
    List<Double> shares = portion.shares();
    List<Tensor> taskLosses = new ArrayList<>();
    List<Tensor> losses = new ArrayList<>();
    List<Penalty> penalties = new ArrayList<>();
    List<Map<String, Tensor>> observed = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      Answer answer = loss.of(task.exercise(batches.get(i)), batches.get(i));
      boolean last = steps && i == batches.size() - 1;
      setting.teacher().accumulate(Share.of(answer.loss(), shares.get(i)), last);
      Tensor taskLoss = answer.taskLoss().detach();
      taskLosses.add(taskLoss);
      losses.add(answer.loss() == answer.taskLoss() ? taskLoss : answer.loss().detach());
      answer.penalty().ifPresent(penalties::add);
      observed.add(task.observe(answer.output().constant(), batches.get(i)));
    }
    return new Update(
        portion.samples(),
        portion.taken(),
        Share.sum(taskLosses, shares),
        Share.sum(losses, shares),
        penalties.isEmpty()
            ? Optional.empty()
            : Optional.of(Share.penalties(penalties, shares, penalties.get(0).each().size())),
        List.of(),
        TeacherOnly.mean(observed, shares));
  }

  /** The teacher studies a batch, and the task judges its answer. */
  static <B> Answer study(Setting<B> setting, Exercise exercise, B batch) {
    Learner teacher = setting.teacher();
    Output output = teacher.study(exercise, DataStream.TASK);
    return Answer.plain(output, setting.task().loss(output, batch));
  }
}
