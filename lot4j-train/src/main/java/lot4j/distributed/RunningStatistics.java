package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A network's running statistics, which each process moves by its own batches, brought together.
 *
 * <ul>
 *   <li>A batch norm's, {@code running_mean} and {@code running_var}, are averaged.
 *   <li>Those of a norm over everything that was ever seen, {@code mean} and {@code var} beside a
 *       {@code count}, become the mean and the variance of what all processes saw: the mean of the
 *       means, and the mean of the variances and the variance of the means. All have seen as much;
 *       {@code count} goes on to be each one's own.
 * </ul>
 */
final class RunningStatistics {
  private final int processes;
  private final List<Tensor> averages = new ArrayList<>();
  private final List<Tensor> means = new ArrayList<>();
  private final List<Tensor> variances = new ArrayList<>(); // of the means beside them

  /**
   * Those of a network.
   *
   * @param buffers its buffers by name; they stay their owner's
   * @param processes how many there are
   */
  RunningStatistics(Map<String, Tensor> buffers, int processes) {
    this.processes = processes;
    buffers.forEach(
        (name, buffer) -> {
          if (name.endsWith("running_mean") || name.endsWith("running_var")) {
            averages.add(buffer);
          } else if (name.equals("count") || name.endsWith(".count")) {
            String of = name.substring(0, name.length() - "count".length());
            if (buffers.containsKey(of + "mean") && buffers.containsKey(of + "var")) {
              means.add(buffers.get(of + "mean"));
              variances.add(buffers.get(of + "var"));
            }
          }
        });
  }

  /**
   * What is to be added up over all processes, as this one has it: new tensors. In double precision
   * where a variance is taken from the difference of two squares.
   */
  List<Tensor> own() {
    List<Tensor> own = new ArrayList<>();
    if (!averages.isEmpty()) {
      own.add(flat(averages));
    }
    if (!means.isEmpty()) {
      Tensor mean = flat(means).to(torch.ScalarType.Double);
      Tensor squares = flat(variances).to(torch.ScalarType.Double).add(mean.square());
      own.add(torch.stack(new TensorVector(mean, squares)));
    }
    return own;
  }

  /**
   * Takes over what all processes have together.
   *
   * @param sums of {@link #own}, in its order; used up
   */
  void take(List<Tensor> sums) {
    sums.forEach(sum -> sum.div_(new Scalar((double) processes)));
    if (!averages.isEmpty()) {
      put(sums.get(0), averages);
    }
    if (!means.isEmpty()) {
      Tensor both = sums.get(sums.size() - 1);
      Tensor all = both.select(0, 0);
      put(all, means);
      put(both.select(0, 1).sub(all.square()).clamp_min(new Scalar(0.0)), variances);
    }
  }

  private static Tensor flat(List<Tensor> tensors) {
    TensorVector flat = new TensorVector();
    tensors.forEach(each -> flat.push_back(each.data().reshape(-1)));
    return torch.cat(flat);
  }

  private static void put(Tensor numbers, List<Tensor> into) {
    long from = 0;
    for (Tensor each : into) {
      each.data().copy_(numbers.narrow(0, from, each.numel()).view(each.sizes()));
      from += each.numel();
    }
  }
}
