package lot4j;

import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.exp_out;
import static org.bytedeco.pytorch.global.torch.max;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a network expects at some positions; constants.
 *
 * @param logProbabilities [positions, classes] float64, natural logarithms, contiguous
 * @param probabilities [positions, classes] float64, contiguous
 * @param mostProbable [positions] int64, the first of the most probable classes
 */
public record Expectation(Tensor logProbabilities, Tensor probabilities, Tensor mostProbable) {

  /** The same from log-probabilities alone, [positions, classes] float64. */
  public static Expectation of(Tensor logProbabilities) {
    Tensor logs = logProbabilities.detach().contiguous();
    return new Expectation(logs, logs.exp(), new Tensor(max(logs, 1).get1()));
  }

  /** The probabilities once more, for one who wrote over them. */
  public void renew() {
    exp_out(probabilities, logProbabilities);
  }

  /**
   * Memory in which expectations are made, one after the other: memory that is new each time would
   * first have to be fetched into the cache, which takes longer than the arithmetic.
   */
  static final class Room {
    private final Tensor logs;
    private final Tensor probabilities;

    /** For at most so many positions. */
    Room(long positions, Tensor like) {
      Tensor made = empty(positions, like.size(1)).to(like.device(), ScalarType.Double);
      this.logs = made;
      this.probabilities = made.clone();
    }

    /**
     * What logits say, in this memory; each row by itself, whatever stands beside it.
     *
     * @param logits [positions, classes]
     */
    Expectation of(Tensor logits) {
      long positions = logits.size(0);
      T_TensorTensor_T best = max(logits, 1, true);
      Tensor z = logs.narrow(0, 0, positions);
      z.copy_(logits);
      z.sub_(best.get0().to(ScalarType.Double));
      Tensor p = exp_out(probabilities.narrow(0, 0, positions), z);
      Tensor sum = p.sum(new long[] {1}, true, new ScalarTypeOptional());
      z.sub_(sum.log());
      p.mul_(sum.reciprocal());
      return new Expectation(z, p, best.get1().squeeze(1));
    }
  }
}
