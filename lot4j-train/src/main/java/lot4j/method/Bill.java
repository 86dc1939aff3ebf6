package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import lot4j.Work;

/**
 * What a run computes.
 *
 * @param samples samples of the data that the teacher takes in; in reinforcement learning, agent
 *     steps
 * @param teacher the teacher's work
 * @param students each student's work
 */
public record Bill(long samples, Work teacher, List<Work> students) {
  public Bill {
    students = List.copyOf(students);
  }

  /**
   * FLOPs of the whole run.
   *
   * @param teacherForward FLOPs of the teacher's forward, a sample
   * @param studentForward the same of every student
   */
  public double flops(double teacherForward, List<Double> studentForward) {
    double sum = teacher.flops(teacherForward);
    for (int i = 0; i < students.size(); i++) {
      sum += students.get(i).flops(studentForward.get(i));
    }
    return sum;
  }

  /** Adds up a bill while its steps are walked through. */
  static final class Tally {
    private long samples;
    private long teacherForward;
    private long teacherBackward;
    private long teacherSteps;
    private long studentForward;
    private long studentBackward;
    private long studentSteps;

    /** The teacher's own step on {@code n} samples, which uses up {@code taken} of the data. */
    void teacherStep(long n, long taken) {
      samples += taken;
      teacherForward += n;
      teacherBackward += n;
      teacherSteps++;
    }

    /** The teacher rehearses {@code n} samples with gradient. */
    void teacherRehearses(long n) {
      teacherForward += n;
      teacherBackward += n;
    }

    /** The teacher answers {@code n} samples. */
    void teacherAnswers(long n) {
      teacherForward += n;
    }

    /** Every student answers {@code n} samples. */
    void studentsAnswer(long n) {
      studentForward += n;
    }

    /** Every student steps on {@code n} samples. */
    void studentsStep(long n) {
      studentForward += n;
      studentBackward += n;
      studentSteps++;
    }

    /** Everything that another one counted, so many times. */
    void add(Tally other, long times) {
      samples = plus(samples, other.samples, times);
      teacherForward = plus(teacherForward, other.teacherForward, times);
      teacherBackward = plus(teacherBackward, other.teacherBackward, times);
      teacherSteps = plus(teacherSteps, other.teacherSteps, times);
      studentForward = plus(studentForward, other.studentForward, times);
      studentBackward = plus(studentBackward, other.studentBackward, times);
      studentSteps = plus(studentSteps, other.studentSteps, times);
    }

    private static long plus(long sum, long part, long times) {
      return Math.addExact(sum, Math.multiplyExact(part, times));
    }

    Bill bill(int students) {
      List<Work> each = new ArrayList<>();
      for (int i = 0; i < students; i++) {
        each.add(new Work(studentForward, studentBackward, studentSteps));
      }
      return new Bill(samples, new Work(teacherForward, teacherBackward, teacherSteps), each);
    }
  }
}
