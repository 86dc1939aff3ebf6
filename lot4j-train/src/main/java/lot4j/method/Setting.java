package lot4j.method;

import java.util.List;
import lot4j.Learner;
import lot4j.Student;
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
 */
public record Setting<B>(
    Task<B> task,
    Learner teacher,
    List<Student> students,
    BatchSource<B> taskStream,
    BatchSource<B> studentStream) {
  public Setting {
    students = List.copyOf(students);
  }
}
