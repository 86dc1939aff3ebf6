package lot4j.model.language;

import java.util.List;
import lot4j.Census;
import lot4j.Require;
import lot4j.Shape;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One LSTM layer over time, computed by the engine, and what its parameters look like. */
final class Recurrence {
  private Recurrence() {}

  /**
   * What a layer gives.
   *
   * @param outputs [time, batch, hidden], h of every time
   * @param h [1, batch, hidden], the last
   * @param c [1, batch, hidden], the last
   */
  record Result(Tensor outputs, Tensor h, Tensor c) {}

  /**
   * Runs one layer; gates are in the order i, f, g, o.
   *
   * @param x [time, batch, in]
   * @param h [1, batch, hidden]
   * @param c [1, batch, hidden]
   * @param parameters weight_ih [4·hidden, in], weight_hh [4·hidden, hidden], bias_ih and bias_hh
   *     [4·hidden]
   */
  static Result run(Tensor x, Tensor h, Tensor c, List<Tensor> parameters, boolean training) {
    T_TensorTensorTensor_T run =
        torch.lstm(
            x,
            new TensorVector(h, c),
            new TensorVector(parameters.toArray(Tensor[]::new)),
            true,
            1,
            0,
            training,
            false,
            false);
    // The tuple's tensors are borrowed from it; these are handles of their own.
    return new Result(new Tensor(run.get0()), new Tensor(run.get1()), new Tensor(run.get2()));
  }

  /** The same numbers in the parameters' type: autocast computes them in a shorter one. */
  static Tensor wide(Tensor computed, Tensor parameter) {
    ScalarType type = parameter.scalar_type().intern();
    return computed.scalar_type().intern() == type ? computed : computed.to(type);
  }

  /** One layer for one token: two matrices and two biases for four gates. */
  static Census census(long in, long hidden) {
    long weights = Census.product(4, hidden, in + hidden);
    return new Census(Math.addExact(weights, 8 * hidden), weights);
  }

  /** Checks what a language model is built for. */
  static void check(String model, Shape input, int outputs) {
    Require.that(
        input.tokens() && input.rank() == 1 && input.size(0) >= 1,
        "input",
        input,
        model + " takes pieces of text, 1 token or longer");
    Require.atLeast("outputs", outputs, 1);
  }

  /** Checks that carried state, [layers, batch, hidden], is of this batch. */
  static void checkBatch(Tensor state, long batch) {
    Require.that(
        state.size(1) == batch,
        "batch",
        batch,
        "the carried state is of " + state.size(1) + " texts");
  }

  /** Registers a parameter from U(±range); of zeros, without drawing, if {@code range} is 0. */
  static Tensor uniform(Module owner, String name, double range, long... sizes) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor made = torch.zeros(sizes);
      if (range > 0) {
        torch.uniform_(made, -range, range);
      }
      owner.register_parameter(name, made);
      return made;
    }
  }
}
