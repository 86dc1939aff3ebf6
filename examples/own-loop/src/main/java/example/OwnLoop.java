package example;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.stream.Stream;
import lot4j.Lot;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A training loop of one's own with LoT: the lines marked {@code +} are all that is added. */
public final class OwnLoop {
  private OwnLoop() {}

  /** Prints the loss before and after 400 steps. */
  public static void main(String[] arguments) {
    System.out.printf("loss %.3f, then %.3f%n", train(1), train(400));
  }

  /** The last step's loss: do two numbers have the same sign? */
  static double train(int steps) {
    manual_seed(2);
    try (PointerScope run = new PointerScope()) {
      Net net = new Net(16);
      Net small = new Net(8);
      SGD optimizer = new SGD(net.parameters(), new SGDOptions(0.2));
      SGD other = new SGD(small.parameters(), new SGDOptions(0.2)); // +
      Lot lot = Lot.teacher(net::forward).student(small::forward, other).alpha(1.0).build(); // +
      double last = 0;
      for (int step = 0; step < steps; step++) {
        try (PointerScope scope = new PointerScope()) { // frees what a step makes
          Tensor points = randn(32, 2);
          Tensor labels = points.prod(1).gt(new Scalar(0)).to(ScalarType.Long);
          optimizer.zero_grad();
          Tensor logits = net.forward(points); // [batch, classes]
          Tensor penalty = lot.penalty(points, logits).term(); // +
          Tensor loss = cross_entropy(logits, labels).add(penalty); // +
          loss.backward();
          optimizer.step();
          lot.teach(Stream.generate(() -> randn(32, 2)).iterator()); // +
          last = loss.item_double();
        }
      }
      return last;
    }
  }

  private static final class Net extends Module {
    private final LinearImpl in;
    private final LinearImpl out;

    Net(long width) {
      super("Net");
      in = register_module("in", new LinearImpl(2, width));
      out = register_module("out", new LinearImpl(width, 2));
    }

    Tensor forward(Tensor x) {
      return out.forward(in.forward(x).relu());
    }
  }
}
