package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.bytedeco.pytorch.global.torch;

/** Layers of 4 numbers, gone through in some order. */
final class Chain extends Module {
  private final List<LinearImpl> layers = new ArrayList<>();
  private final List<Integer> order;
  private final List<VoidTensorHook> hooks = new ArrayList<>();

  Chain(int layers, List<Integer> order) {
    super("Chain");
    for (int i = 0; i < layers; i++) {
      this.layers.add(register_module("layer" + i, new LinearImpl(4, 4)));
    }
    this.order = order;
  }

  /** The sum of squares of what comes out. */
  Tensor loss(Tensor input) {
    return square(input, -1);
  }

  /**
   * The same; the backward pass fails before it comes to the layer that is used as number {@code
   * at}.
   */
  Tensor lossThatFailsAt(int at, Tensor input) {
    return square(input, at);
  }

  private Tensor square(Tensor input, int failing) {
    Tensor x = input;
    for (int i = 0; i < order.size(); i++) {
      x = torch.tanh(layers.get(order.get(i)).forward(x));
      if (i == failing - 1) {
        hooks.add(
            new VoidTensorHook() {
              @Override
              public void call(TensorBase gradient) {
                throw new IllegalStateException("out of memory");
              }
            });
        x.register_hook(hooks.get(hooks.size() - 1));
      }
    }
    return x.square().sum().mul(new Scalar(0.5));
  }
}
