package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Require;
import lot4j.Student;
import lot4j.Work;
import lot4j.train.Portion;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/**
 * What the distillations from finished networks share: those students that are not ready learn the
 * labels in a training of their own, then the teacher learns from labels and from the mean answer
 * of all of them, which do not move any more.
 *
 * @param ready for each student, whether it came with trained weights
 */
record Distillation(List<Boolean> ready) {
  Distillation {
    Require.that(!ready.isEmpty(), "students", "[]", "at least one");
    ready = List.copyOf(ready);
  }

  /** What the teacher minimises beside {@code labelWeight} times the labels' loss. */
  interface Loss {
    /** Weight of the labels. */
    double labelWeight();

    /** The temperature at which several answers are averaged. */
    double temperature();

    /**
     * The distilled part.
     *
     * @param classes the right classes, where the task has them
     * @param done the part of the teacher's training that ends with this step, above 0, at most 1
     */
    Penalty toward(
        Output target, Output own, Exercise exercise, Optional<Tensor> classes, double done);
  }

  int stages() {
    return ready.contains(false) ? 2 : 1;
  }

  <B> Method over(Setting<B> setting, Loss loss) {
    Stages stages = new Stages(stages(), setting.updates());
    return step -> {
      Portion<B> batches = setting.taskStream().portion(setting.task());
      return stages.of(step) < stages.count() - 1
          ? first(setting, batches)
          : distilled(setting, batches, loss, (step - stages.before() + 1.0) / stages.length());
    };
  }

  private <B> Update first(Setting<B> setting, Portion<B> batches) {
    List<Map<String, Tensor>> numbers = new ArrayList<>();
    for (int i = 0; i < ready.size(); i++) {
      if (!ready.get(i)) {
        numbers.add(
            LabelStep.made(setting.task(), batches, setting.students().get(i).learner())
                .numbers(i));
      }
    }
    return Stages.ofStudents(numbers);
  }

  private static <B> Update distilled(
      Setting<B> setting, Portion<B> portion, Loss loss, double done) {
    Task<B> task = setting.task();
    List<B> batches = portion.batches();
    return new LabelStep<>(task, portion, setting.teacher(), loss.labelWeight())
        .whole(
            (batch, output) -> {
              Exercise exercise = task.exercise(batches.get(batch));
              List<Output> answers = new ArrayList<>();
              for (Student student : setting.students()) {
                answers.add(student.learner().answer(exercise, DataStream.TASK).constant());
              }
              return Optional.of(
                  loss.toward(
                      MeanAnswer.of(answers, loss.temperature()),
                      output,
                      exercise,
                      task.classes(batches.get(batch)),
                      done));
            })
        .update(List.of());
  }

  Bill bill(long updates, Paces paces) {
    long each = updates / stages();
    long studied = paces.task().studied(each);
    List<Work> works = new ArrayList<>();
    for (boolean trained : ready) {
      works.add(
          trained
              ? new Work(studied, 0, 0)
              : new Work(Math.multiplyExact(studied, 2), studied, each));
    }
    return new Bill(paces.task().total(each), new Work(studied, studied, each), works);
  }
}
