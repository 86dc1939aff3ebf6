package lot4j.method;

import java.util.List;
import lot4j.Learner;
import lot4j.Student;
import lot4j.distributed.Company;
import lot4j.distributed.Solo;
import lot4j.optim.Weights;
import lot4j.train.BatchSource;
import lot4j.train.Task;

/**
 * Everything a method works with.
 *
 * @param task what the teacher has to learn
 * @param teacher the model that is kept
 * @param students the configured students with their weights; empty for methods without
 * @param taskStream the teacher's batches
 * @param studentStream the students' batches
 * @param networks the learners' weights
 * @param updates calls of {@link Method#update} in the whole run, all stages together
 * @param company the processes that train together; what is worked out of one process's batches is
 *     a part, and the parts of all sum to the whole
 */
public record Setting<B>(
    Task<B> task,
    Learner teacher,
    List<Student> students,
    BatchSource<B> taskStream,
    BatchSource<B> studentStream,
    Networks networks,
    long updates,
    Company company) {
  public Setting {
    students = List.copyOf(students);
  }

  /** A setting for methods that leave weights to the optimizers and do not ask for the end. */
  public Setting(
      Task<B> task,
      Learner teacher,
      List<Student> students,
      BatchSource<B> taskStream,
      BatchSource<B> studentStream) {
    this(task, teacher, students, taskStream, studentStream, new NoNetworks(), Long.MAX_VALUE);
  }

  /** A setting for one process. */
  public Setting(
      Task<B> task,
      Learner teacher,
      List<Student> students,
      BatchSource<B> taskStream,
      BatchSource<B> studentStream,
      Networks networks,
      long updates) {
    this(task, teacher, students, taskStream, studentStream, networks, updates, new Solo());
  }

  /** Whoever asks for weights here has been put together wrongly. */
  private record NoNetworks() implements Networks {
    @Override
    public Weights teacher() {
      throw new IllegalStateException("method: this setting gives no weights");
    }

    @Override
    public Weights student(int index) {
      throw new IllegalStateException("method: this setting gives no weights");
    }

    @Override
    public void renew(int index, long generation) {
      throw new IllegalStateException("method: this setting renews no students");
    }
  }
}
