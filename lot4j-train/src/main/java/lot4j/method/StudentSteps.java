package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Lesson;
import lot4j.Lot;
import lot4j.Output;
import lot4j.Part;
import lot4j.train.Portion;

/** Student steps on the students' own stream, toward the teacher's fresh answers. */
final class StudentSteps<B> {
  private final LotMethod method;
  private final Setting<B> setting;
  private final Lot lot;

  StudentSteps(LotMethod method, Setting<B> setting, Lot lot) {
    this.method = method;
    this.setting = setting;
    this.lot = lot;
  }

  /** The next batch of the stream, cut to its fraction. */
  Draw draw() {
    return of(setting.studentStream().portion(setting.task()));
  }

  /** A step's batches, each cut to its fraction. */
  Draw of(Portion<B> portion) {
    List<Exercise> parts = new ArrayList<>();
    portion.batches().forEach(batch -> parts.add(method.part(setting.task(), batch)));
    return new Draw(parts, portion.shares(), portion.nothing());
  }

  /** One step of every student. */
  Lesson teach(Draw batch) {
    List<Lesson> marks = new ArrayList<>();
    lot.zeroGrad();
    for (int i = 0; i < batch.exercises().size(); i++) {
      Exercise exercise = batch.exercises().get(i);
      Output target = setting.teacher().answer(exercise, DataStream.STUDENT);
      List<Output> students = lot.study(exercise, DataStream.STUDENT);
      Part part = new Part(batch.shares().get(i), i == batch.exercises().size() - 1);
      marks.add(lot.accumulate(exercise, target, students, part));
    }
    lot.step();
    return Share.lessons(marks, batch.shares(), setting.students().size());
  }

  /** Batches for one step, the share of each, and whether no process has any. */
  record Draw(List<Exercise> exercises, List<Double> shares, boolean nothing) {
    static Draw none() {
      return new Draw(List.of(), List.of(), true);
    }
  }
}
