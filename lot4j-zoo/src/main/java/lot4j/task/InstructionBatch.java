package lot4j.task;

import java.util.List;
import lot4j.data.Tokens;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Examples side by side, each from the first row on, with rows behind the shorter ones that count
 * for nothing.
 *
 * @param inputs [time, batch] int64 token ids
 * @param targets [time, batch] int64, the token after each
 * @param counted [time, batch] bool, whether the target is of an answer
 * @param answers how many targets are
 */
public record InstructionBatch(Tensor inputs, Tensor targets, Tensor counted, long answers) {
  /** Rows are a multiple of it, so that few shapes occur. */
  private static final int ROUND = 8;

  private static final int PADDING = 0;

  /**
   * An example in tokens.
   *
   * @param prompt what is in front of the answer, 1 or more
   * @param answer with its end, unless it was cut, 1 or more
   * @param reference the right answer in full
   */
  record Example(Tokens prompt, Tokens answer, String reference) {
    int rows() {
      return Math.toIntExact(prompt.size() + answer.size() - 1);
    }

    int at(int place) {
      return place < prompt.size() ? prompt.at(place) : answer.at(place - prompt.size());
    }
  }

  /**
   * Examples as a batch, as many rows as the longest needs, rounded up.
   *
   * @param most rows that a network takes
   */
  static InstructionBatch of(List<Example> examples, int most) {
    int longest = examples.stream().mapToInt(Example::rows).max().orElseThrow();
    return padded(
        examples, Math.max(longest, Math.min(most, (longest + ROUND - 1) / ROUND * ROUND)));
  }

  /** The same with a number of rows. */
  static InstructionBatch padded(List<Example> examples, int rows) {
    int count = examples.size();
    long[] inputs = new long[rows * count];
    long[] targets = new long[rows * count];
    byte[] counted = new byte[rows * count];
    long answers = 0;
    for (int b = 0; b < count; b++) {
      Example example = examples.get(b);
      for (int t = 0; t < rows; t++) {
        boolean within = t < example.rows();
        inputs[t * count + b] = within ? example.at(t) : PADDING;
        targets[t * count + b] = within ? example.at(t + 1) : PADDING;
        boolean answer = within && t + 1 >= example.prompt().size();
        counted[t * count + b] = (byte) (answer ? 1 : 0);
        answers += answer ? 1 : 0;
      }
    }
    return new InstructionBatch(
        torch.tensor(inputs).view(rows, count),
        torch.tensor(targets).view(rows, count),
        torch.tensor(counted).view(rows, count).to(ScalarType.Bool),
        answers);
  }

  /** Number of examples. */
  public long size() {
    return inputs.size(1);
  }
}
