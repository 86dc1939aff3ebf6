package lot4j.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lot4j.Work;
import lot4j.train.Portion;
import org.bytedeco.pytorch.Tensor;

/**
 * Two networks of the teacher's kind that learn the same labels and know nothing of each other;
 * their mean probabilities are judged. What LoT's second network could be used for instead.
 *
 * <p>Both read the same batches, as in mutual learning, so that nothing but the imitation differs
 * from it; their initial weights and their dropout are their own.
 *
 * <p>Source: Lakshminarayanan, Pritzel, Blundell, "Simple and scalable predictive uncertainty
 * estimation using deep ensembles", NeurIPS 2017, without adversarial examples.
 */
public record TwoNetworkEnsemble() implements MethodSpec {

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public int copies() {
    return 1;
  }

  @Override
  public String judged() {
    return "ensemble";
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return step -> {
      Portion<B> batches = setting.taskStream().portion(setting.task());
      if (batches.nothing()) {
        return Update.nothing();
      }
      Update update = LabelStep.made(setting.task(), batches, setting.teacher()).update(List.of());
      Map<String, Tensor> others = new LinkedHashMap<>();
      for (int i = 0; i < setting.students().size(); i++) {
        others.putAll(
            LabelStep.made(setting.task(), batches, setting.students().get(i).learner())
                .numbers(i));
      }
      return update.withOthers(others);
    };
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    long studied = paces.task().studied(updates);
    Work each = new Work(studied, studied, updates);
    return new Bill(
        paces.task().total(updates), each, Stream.generate(() -> each).limit(students).toList());
  }
}
