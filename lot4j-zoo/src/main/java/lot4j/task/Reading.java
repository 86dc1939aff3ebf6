package lot4j.task;

import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

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
    return read(piece, answers -> {});
  }

  /**
   * Reads on and passes what the networks expect.
   *
   * @param piece what follows, with its targets
   * @param expected takes, a few positions at a time, the log-probabilities of each network,
   *     [positions, words] float64, which are gone when it returns
   * @return as {@link #read(TextBatch)}
   */
  double[] read(TextBatch piece, Consumer<List<Tensor>> expected) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      List<Output> outputs = new ArrayList<>();
      for (int i = 0; i < networks.size(); i++) {
        outputs.add(networks.get(i).forward(piece.inputs(), memories.get(i)));
      }
      TensorVector each = ofTargets(outputs, piece, expected);
      TensorVector sums = new TensorVector();
      for (int i = 0; i < networks.size(); i++) {
        sums.push_back(each.get(i).sum());
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

  /** The log-probability of each target, [time, batch] float64, of each output. */
  private static TensorVector ofTargets(
      List<Output> outputs, TextBatch piece, Consumer<List<Tensor>> expected) {
    Tensor targets = LanguageTask.on(outputs.get(0), piece.targets().orElseThrow());
    Tensor flat = targets.reshape(-1);
    List<Tensor> rights =
        outputs.stream().map(each -> zeros_like(flat).to(ScalarType.Double)).toList();
    Piecewise.forEach(
        outputs,
        (answers, from, to) -> {
          Tensor some = flat.narrow(0, from, to - from).unsqueeze(1);
          for (int i = 0; i < answers.size(); i++) {
            Tensor right = answers.get(i).gather(1, some).squeeze(1);
            rights.get(i).narrow(0, from, to - from).copy_(right);
          }
          expected.accept(answers);
        });
    TensorVector shaped = new TensorVector();
    rights.forEach(right -> shaped.push_back(right.view_as(targets)));
    return shaped;
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
