package lot4j.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Work;
import lot4j.train.Pace;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/** The baseline: the teacher learns its task alone. LoT with α = 0 is the same to the bit. */
public record TeacherOnly() implements MethodSpec {

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return step -> update(setting);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return passes(1, updates, paces);
  }

  /** Of a teacher without students that goes through each batch {@code times} times. */
  static Bill passes(int times, long updates, Paces paces) {
    Pace pace = paces.task();
    long studied = Math.multiplyExact(times, pace.studied(updates));
    Work work = new Work(Math.addExact(studied, pace.acted(updates)), studied, updates);
    return new Bill(pace.total(updates), work, List.of());
  }

  static <B> Update update(Setting<B> setting) {
    return TeacherStep.make(
        setting, (exercise, batch) -> TeacherStep.study(setting, exercise, batch));
  }

  static <B> List<Double> shares(Task<B> task, List<B> batches) {
    if (batches.size() == 1) {
      return List.of(1.0);
    }
    double all = batches.stream().mapToDouble(task::weight).sum();
    return batches.stream().map(batch -> task.weight(batch) / all).toList();
  }

  static <B> long samples(Task<B> task, List<B> batches) {
    return batches.stream().mapToLong(task::samples).sum();
  }

  static <B> long taken(Task<B> task, List<B> batches) {
    return batches.stream().mapToLong(task::taken).sum();
  }

  static Map<String, Tensor> mean(List<Map<String, Tensor>> observed, List<Double> shares) {
    Map<String, Tensor> means = new LinkedHashMap<>();
    for (String name : observed.get(0).keySet()) {
      means.put(name, Share.sum(observed.stream().map(o -> o.get(name)).toList(), shares));
    }
    return means;
  }
}
