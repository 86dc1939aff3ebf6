package example;

import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A network of one's own: one hidden layer.
 *
 * @param hidden its size, 1 or more; the key {@code hidden} of a configuration
 */
public record TinyNet(int hidden) implements ModelSpec {
  public TinyNet {
    Require.atLeast("hidden", hidden, 1);
  }

  @Override
  public Model build(Shape input, int outputs) {
    return new Net(input.count(), hidden, outputs);
  }

  @Override
  public Census census(Shape input, int outputs) {
    return Census.linear(input.count(), hidden, true).plus(Census.linear(hidden, outputs, true));
  }

  private static final class Net extends Module implements Model {
    private final LinearImpl in;
    private final LinearImpl out;

    Net(long inputs, long hidden, long outputs) {
      super("TinyNet");
      in = register_module("in", new LinearImpl(inputs, hidden));
      out = register_module("out", new LinearImpl(hidden, outputs));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      Tensor flat = inputs.flatten(1, -1); // [batch, inputs]
      return Output.logits(out.forward(torch.relu(in.forward(flat)))); // [batch, classes]
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return false; // no dropout: no random stream to switch
    }
  }
}
