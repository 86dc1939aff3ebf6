package lot4j.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Require;
import org.bytedeco.pytorch.Tensor;

/**
 * Trainings of equal length that follow one another.
 *
 * @param count how many, 1 or more
 * @param updates of all together
 */
record Stages(int count, long updates) {
  Stages {
    Require.atLeast("stages", count, 1);
  }

  /** The training that an update belongs to, from 0. */
  int of(long step) {
    return Math.toIntExact(Math.min(count - 1, step / length()));
  }

  /** Updates before the last training. */
  long before() {
    return length() * (count - 1);
  }

  /** Updates of one training. */
  long length() {
    return updates / count;
  }

  /** The update of a training that is not the teacher's: some students learn labels and more. */
  static Update ofStudents(List<Map<String, Tensor>> numbers) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    numbers.forEach(all::putAll);
    return Update.nothing().withOthers(all);
  }
}
