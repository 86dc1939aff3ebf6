package lot4j.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Work;
import lot4j.train.Pace;
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

  static Map<String, Tensor> mean(List<Map<String, Tensor>> observed, List<Double> shares) {
    Map<String, Tensor> means = new LinkedHashMap<>();
    if (observed.isEmpty()) { // another process has the batches of this step
      return means;
    }
    for (String name : observed.get(0).keySet()) {
      means.put(name, Share.sum(observed.stream().map(o -> o.get(name)).toList(), shares));
    }
    return means;
  }
}
