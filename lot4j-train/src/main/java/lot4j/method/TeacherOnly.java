package lot4j.method;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Output;
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
    Pace pace = paces.task();
    long studied = pace.studied(updates);
    Work work = new Work(Math.addExact(studied, pace.acted(updates)), studied, updates);
    return new Bill(pace.total(updates), work, List.of());
  }

  static <B> Update update(Setting<B> setting) {
    Task<B> task = setting.task();
    List<B> batches = setting.taskStream().next();
    if (batches.isEmpty()) {
      return Update.nothing();
    }
    List<Double> shares = shares(task, batches);
    List<Tensor> losses = new ArrayList<>();
    List<Map<String, Tensor>> observed = new ArrayList<>();
    setting.teacher().zeroGrad();
    for (int i = 0; i < batches.size(); i++) {
      Exercise exercise = task.exercise(batches.get(i));
      Output output = setting.teacher().study(exercise, DataStream.TASK);
      Tensor loss = task.loss(output, batches.get(i));
      setting.teacher().accumulate(Share.of(loss, shares.get(i)));
      losses.add(loss.detach());
      observed.add(task.observe(output.constant(), batches.get(i)));
    }
    setting.teacher().step();
    Tensor loss = Share.sum(losses, shares);
    return new Update(
        samples(task, batches),
        taken(task, batches),
        loss,
        loss,
        Optional.empty(),
        List.of(),
        mean(observed, shares));
  }

  static <B> List<Double> shares(Task<B> task, List<B> batches) {
    if (batches.size() == 1) {
      return List.of(1.0);
    }
    double all = samples(task, batches);
    return batches.stream().map(batch -> task.samples(batch) / all).toList();
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
