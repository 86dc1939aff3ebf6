package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.relu;

import java.util.stream.Stream;
import lot4j.imitability.KlDivergence;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** LoT in a training loop of one's own: the lines marked {@code +} are all that is added. */
class OwnLoopExampleTest {
  private static final class Net extends Module {
    private final LinearImpl in;
    private final LinearImpl out;

    Net(long width) {
      super("Net");
      in = register_module("in", new LinearImpl(2, width));
      out = register_module("out", new LinearImpl(width, 2));
    }

    Tensor forward(Tensor x) {
      return out.forward(relu(in.forward(x)));
    }
  }

  @Test
  void theLossFallsAndTheStudentImitates() {
    manual_seed(2);
    try (PointerScope run = new PointerScope()) {
      Net net = new Net(16);
      Net small = new Net(8);
      SGD optimizer = new SGD(net.parameters(), new SGDOptions(0.2));

      Lot lot = // +
          Lot.teacher(net::forward)
              .student(small::forward, new SGD(small.parameters(), new SGDOptions(0.2)))
              .imitability(new KlDivergence(1.5))
              .alpha(1.0)
              .studentSteps(2)
              .build();

      double firstLoss = 0;
      double firstImitability = 0;
      double lastLoss = 0;
      double lastImitability = 0;
      for (int step = 0; step < 400; step++) {
        try (PointerScope scope = new PointerScope()) {
          Tensor images = randn(32, 2);
          Tensor labels = images.prod(1).gt(new Scalar(0)).to(ScalarType.Long);
          optimizer.zero_grad();
          Tensor logits = net.forward(images); // [batch, classes]
          Penalty penalty = lot.penalty(images, logits); // +  α·Σ λᵢ·μ(t, sᵢ)
          Tensor loss = cross_entropy(logits, labels).add(penalty.term()); // +
          loss.backward();
          optimizer.step();
          lot.teach(Stream.generate(() -> randn(32, 2)).iterator()); // +  unlabelled is fine

          lastLoss = loss.item_double();
          lastImitability = penalty.imitability().item_double();
          firstLoss = step == 0 ? lastLoss : firstLoss;
          firstImitability = step == 0 ? lastImitability : firstImitability;
        }
      }
      assertThat(lastLoss).isLessThan(0.7 * firstLoss);
      assertThat(lastImitability).isLessThan(firstImitability);
    }
  }
}
