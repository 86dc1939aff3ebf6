package lot4j.example;

import static org.bytedeco.pytorch.global.torch.log_softmax;

import java.util.List;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Output;
import lot4j.Require;
import lot4j.Work;
import lot4j.method.Bill;
import lot4j.method.Method;
import lot4j.method.MethodSpec;
import lot4j.method.Paces;
import lot4j.method.Setting;
import lot4j.method.Update;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A method of one's own, without students: the task's loss minus the entropy of the answers.
 *
 * @param beta weight of the entropy, 0 or more
 */
public record EntropyBonus(double beta) implements MethodSpec {
  public EntropyBonus {
    Require.atLeast("entropy-bonus.beta", beta, 0.0);
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return step -> update(setting);
  }

  private <B> Update update(Setting<B> setting) {
    List<B> batches = setting.taskStream().next();
    Require.that(batches.size() == 1, "accumulate", batches.size(), "1 with entropy-bonus");
    B batch = batches.get(0);
    Output output =
        setting.teacher().study(setting.task().exercise(batch).inputs(), DataStream.TASK);
    Tensor taskLoss = setting.task().loss(output, batch);
    Tensor logs = log_softmax(output.logits(), -1); // [batch, classes]
    Tensor entropy = logs.exp().mul(logs).sum(-1).mean().neg(); // []
    Tensor loss = taskLoss.sub(entropy.mul(new Scalar(beta)));
    setting.teacher().descend(loss);
    return new Update(
        setting.task().samples(batch),
        taskLoss.detach(),
        loss.detach(),
        Optional.empty(),
        List.of(),
        setting.task().observe(output.constant(), batch));
  }

  /** The cost, known before training: every sample once forward and once backward. */
  @Override
  public Bill bill(long updates, int students, Paces paces) {
    long samples = paces.task().total(updates);
    return new Bill(samples, new Work(samples, samples, updates), List.of());
  }
}
