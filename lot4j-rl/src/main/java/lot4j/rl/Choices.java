package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.tensor;

import lot4j.Distribution.Categorical;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Output;
import lot4j.random.RandomStream;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Turns a policy's answers into actions. */
final class Choices {
  private final ActionSpace space;
  private final RandomStream random;
  private final ActBy by;

  Choices(ActionSpace space, RandomStream random, ActBy by) {
    this.space = space;
    this.random = random;
    this.by = by;
  }

  /**
   * Chooses an action for each row.
   *
   * @param actions takes them, [row, width], as they were drawn
   * @param logProbabilities takes their logarithms, [row]; may be empty if nobody asks
   */
  void choose(Output output, float[] actions, float[] logProbabilities) {
    if (output.distribution() instanceof DiagonalNormal normal) {
      numbers(normal, actions, logProbabilities);
    } else {
      choices(new Categorical(output.logits()), actions, logProbabilities);
    }
  }

  private void choices(Categorical policy, float[] actions, float[] logProbabilities) {
    int outputs = space.outputs();
    float[] logs = floats(log_softmax(policy.logits(), -1));
    for (int row = 0; row < logs.length / outputs; row++) {
      int chosen =
          by == ActBy.MODE ? best(logs, row * outputs) : drawn(logs, row * outputs, random);
      actions[row] = chosen;
      if (logProbabilities.length > 0) {
        logProbabilities[row] = logs[row * outputs + chosen];
      }
    }
  }

  private int drawn(float[] logs, int from, RandomStream stream) {
    double left = stream.uniform();
    int last = space.outputs() - 1;
    for (int action = 0; action < last; action++) {
      left -= Math.exp(logs[from + action]);
      if (left < 0) {
        return action;
      }
    }
    return last;
  }

  private int best(float[] logs, int from) {
    int best = 0;
    for (int action = 1; action < space.outputs(); action++) {
      best = logs[from + action] > logs[from + best] ? action : best;
    }
    return best;
  }

  private void numbers(DiagonalNormal policy, float[] actions, float[] logProbabilities) {
    float[] mean = floats(policy.mean());
    float[] logStd = floats(policy.logStd().expand_as(policy.mean()));
    ZigguratSampler.NormalizedGaussian normal =
        ZigguratSampler.NormalizedGaussian.of(random.generator());
    for (int i = 0; i < mean.length; i++) {
      actions[i] =
          by == ActBy.MODE ? mean[i] : (float) (mean[i] + Math.exp(logStd[i]) * normal.sample());
    }
    if (logProbabilities.length > 0) {
      int rows = mean.length / space.width();
      Tensor drawn = tensor(actions).narrow(0, 0, mean.length).view(rows, space.width());
      Tensor log = Policies.judge(policy.constant(), drawn).logProbability();
      System.arraycopy(floats(log), 0, logProbabilities, 0, rows);
    }
  }

  /** Cuts actions to the space's bounds, as environments take them. */
  void bound(float[] actions) {
    if (space instanceof ActionSpace.Box box) {
      for (int i = 0; i < actions.length; i++) {
        int dimension = i % box.width();
        double low = box.low().get(dimension);
        double high = box.high().get(dimension);
        actions[i] = (float) Math.min(high, Math.max(low, actions[i]));
      }
    }
  }

  /** A tensor's numbers. */
  static float[] floats(Tensor values) {
    Tensor own = plain(values) ? values : values.detach().cpu().to(ScalarType.Float).contiguous();
    float[] read = new float[Math.toIntExact(own.numel())];
    own.data_ptr_float().get(read);
    return read;
  }

  /** Whether its numbers lie in memory as they are asked for; most do, and each call costs. */
  private static boolean plain(Tensor values) {
    return values.is_cpu()
        && values.is_contiguous()
        && values.is_floating_point()
        && values.itemsize() == Float.BYTES;
  }
}
