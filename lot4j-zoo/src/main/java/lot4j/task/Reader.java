package lot4j.task;

import static org.bytedeco.pytorch.global.torch.log_softmax;

import java.util.Arrays;
import lot4j.Distribution;
import lot4j.KeyValues;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network reading one text, of which it can say at any place what it expects next.
 *
 * <p>A network with memory reads on from where it is. One without sees a window: the last tokens,
 * as many as a piece of its training had. (Positions beyond such a piece it has never learned.) As
 * long as the whole text is within the window, a network that keeps {@link KeyValues} reads each
 * token once; others, and everyone from there on, as every token's place moves with the window,
 * read the window anew for each token. What is expected is the same either way.
 */
final class Reader implements AutoCloseable {
  private final Network network;
  private final int window;
  private final KeyValues kept = new KeyValues();
  private final Memory memory = new Memory(kept);
  private int[] text = new int[0];
  private double[] expected = new double[0];
  private boolean windowed;

  /**
   * At a text's beginning.
   *
   * @param network in eval mode
   * @param window tokens of a piece
   */
  Reader(Network network, int window) {
    this.network = network;
    this.window = Require.atLeast("window", window, 1);
  }

  /** Reads on, one token or more. */
  void read(int... tokens) {
    int from = text.length;
    text = Arrays.copyOf(text, from + tokens.length);
    System.arraycopy(tokens, 0, text, from, tokens.length);
    while (!windowed && from < text.length) {
      int to = Math.min(text.length, from + window);
      expected = ask(from, to, memory);
      from = to;
      windowed = memory.read().isEmpty();
    }
    if (!windowed) {
      text = new int[0];
    } else if (from < text.length && kept.length() == from && text.length <= window) {
      expected = ask(from, text.length, memory);
    } else if (from < text.length) {
      text = Arrays.copyOfRange(text, Math.max(0, text.length - window), text.length);
      try (Memory none = new Memory()) {
        expected = ask(0, text.length, none);
      }
    }
  }

  /** Log-probabilities of the next token, [vocab] in nats. */
  double[] expected() {
    return expected;
  }

  private double[] ask(int from, int to, Memory memory) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      long[] ids = Arrays.stream(text, from, to).asLongStream().toArray();
      Tensor inputs = torch.tensor(ids).view(ids.length, 1);
      Output output = network.forward(inputs, memory);
      Tensor answer =
          log_softmax(last(output), -1, new ScalarTypeOptional(ScalarType.Double))
              .cpu()
              .contiguous();
      double[] numbers = new double[(int) answer.numel()];
      answer.data_ptr_double().get(numbers);
      return numbers;
    }
  }

  /** The logits of the last token; those of the others are not made if that can be helped. */
  private static Tensor last(Output output) {
    if (output.distribution() instanceof Distribution.Projected projected) {
      Tensor features = projected.features();
      return projected.projection().logits(features.narrow(0, features.size(0) - 1, 1)).flatten();
    }
    Tensor logits = output.logits();
    return logits.select(0, logits.size(0) - 1).flatten();
  }

  @Override
  public void close() {
    memory.close();
    kept.close();
  }
}
