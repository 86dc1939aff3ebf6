package lot4j;

import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.DropoutImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Small networks for tests. */
final class Nets {
  static final int FEATURES = 5;
  static final int CLASSES = 4;

  private Nets() {}

  /** Two layers with a batch norm or dropout between them, or neither. */
  static final class Small extends Module implements Model {
    private final LinearImpl first = register_module("first", new LinearImpl(FEATURES, 7));
    private final LinearImpl last = register_module("last", new LinearImpl(7, CLASSES));
    private final UnaryOperator<Tensor> between;

    private Small(boolean norm, boolean dropout) {
      super("Small");
      if (norm) {
        BatchNorm1dImpl layer =
            register_module("norm", new BatchNorm1dImpl(new BatchNormOptions(7)));
        between = layer::forward;
      } else if (dropout) {
        DropoutImpl layer = register_module("dropout", new DropoutImpl(0.5));
        between = layer::forward;
      } else {
        between = x -> x;
      }
    }

    Tensor logits(Tensor inputs) {
      return last.forward(between.apply(torch.relu(first.forward(inputs))));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Output.logits(logits(inputs));
    }

    @Override
    public Module module() {
      return this;
    }
  }

  static Small plain() {
    return new Small(false, false);
  }

  static Small withNorm() {
    return new Small(true, false);
  }

  static Small withDropout() {
    return new Small(false, true);
  }

  static Learner learner(Small net) {
    return Learner.of(net, Descent.of(sgd(net)));
  }

  static SGD sgd(Module net) {
    return new SGD(net.parameters(), new SGDOptions(0.1));
  }

  static Tensor inputs(long rows) {
    return torch.randn(rows, FEATURES);
  }

  static Tensor labels(long rows) {
    return torch.randint(CLASSES, new long[] {rows});
  }

  /** Makes {@code to} equal to {@code from}. */
  static void copy(Small from, Small to) {
    try (NoGradGuard constant = new NoGradGuard()) {
      copy(from.parameters(), to.parameters());
      copy(from.buffers(), to.buffers());
    }
  }

  private static void copy(TensorVector from, TensorVector to) {
    for (long i = 0; i < from.size(); i++) {
      to.get(i).copy_(from.get(i));
    }
  }

  /** All parameters and buffers in one row, a copy. */
  static Tensor state(Module net) {
    TensorVector all = new TensorVector();
    for (TensorVector tensors : List.of(net.parameters(), net.buffers())) {
      for (long i = 0; i < tensors.size(); i++) {
        all.push_back(tensors.get(i).detach().to(torch.ScalarType.Double).reshape(-1));
      }
    }
    return torch.cat(all, 0).clone();
  }

  /** Whether any parameter has a gradient other than zero. */
  static boolean hasGradient(Module net) {
    TensorVector parameters = net.parameters();
    for (long i = 0; i < parameters.size(); i++) {
      Tensor gradient = parameters.get(i).grad();
      if (gradient.defined() && gradient.abs().sum().item_double() > 0) {
        return true;
      }
    }
    return false;
  }
}
