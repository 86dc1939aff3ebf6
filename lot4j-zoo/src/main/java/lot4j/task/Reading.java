package lot4j.task;

import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.List;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Networks reading a text together, piece by piece, each carrying its own memory; without
 * gradients. Owns the memories.
 */
public final class Reading implements AutoCloseable {
  private final List<Network> networks;
  private final List<Memory> memories = new ArrayList<>();

  /** At the beginning of a text. */
  public Reading(List<Network> networks) {
    this.networks = List.copyOf(networks);
    networks.forEach(network -> memories.add(new Memory()));
  }

  /**
   * Reads on.
   *
   * @param piece what follows, with its targets
   * @return the negative log-likelihood, in nats, summed over the piece's targets in float64: of
   *     each network, and of the mean of their probabilities if there are several
   */
  public double[] read(TextBatch piece) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      TensorVector each = new TensorVector();
      TensorVector sums = new TensorVector();
      for (int i = 0; i < networks.size(); i++) {
        Output output = networks.get(i).forward(piece.inputs(), memories.get(i));
        Tensor targets = LanguageTask.on(output, piece.targets().orElseThrow());
        Tensor answer = Piecewise.logProbabilities(output, targets);
        each.push_back(answer);
        sums.push_back(answer.sum());
      }
      if (networks.size() > 1) {
        Tensor mean = logsumexp(stack(each), 0).sub(new Scalar(Math.log(networks.size())));
        sums.push_back(mean.sum());
      }
      Tensor together = stack(sums).neg().cpu();
      double[] values = new double[(int) sums.size()];
      together.data_ptr_double().get(values);
      return values;
    }
  }

  /**
   * Reads on with the first network alone.
   *
   * @param piece what follows, with its targets, one column
   * @return the log-likelihood of each target, in nats
   */
  double[] each(TextBatch piece) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Output output = networks.get(0).forward(piece.inputs(), memories.get(0));
      Tensor targets = LanguageTask.on(output, piece.targets().orElseThrow());
      Tensor answer = Piecewise.logProbabilities(output, targets).cpu().contiguous();
      double[] values = new double[(int) answer.numel()];
      answer.data_ptr_double().get(values);
      return values;
    }
  }

  /** What a network carries at this place. */
  public Memory memory(int network) {
    return memories.get(network);
  }

  @Override
  public void close() {
    memories.forEach(Memory::close);
  }
}
