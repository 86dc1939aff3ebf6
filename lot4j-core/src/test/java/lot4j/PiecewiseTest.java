package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PiecewiseTest {
  private static final double EXACT = 1e-12;
  private static final long FEATURES = 3;
  private static final long CLASSES = 3_000_000;
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    torch.manual_seed(5);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static Tensor variable(long... shape) {
    return torch.randn(shape).to(ScalarType.Double).set_requires_grad(true);
  }

  @Test
  void crossEntropyEqualsThePlainForm() {
    Tensor features = variable(5, FEATURES);
    Tensor weight = variable(CLASSES, FEATURES);
    Tensor bias = variable(CLASSES);
    Tensor targets = torch.randint(CLASSES, new long[] {5});
    Projection projection = new LinearProjection(weight, Optional.of(bias));
    Output projected = new Output(new Distribution.Projected(features, projection), Map.of());
    Tensor loss = Piecewise.crossEntropy(projected, targets);
    Tensor plain = Piecewise.crossEntropy(Output.logits(projection.logits(features)), targets);
    assertThat(loss.item_double()).isCloseTo(plain.item_double(), within(EXACT));
    for (Tensor variable : List.of(features, weight, bias)) {
      loss = Piecewise.crossEntropy(projected, targets);
      plain = Piecewise.crossEntropy(Output.logits(projection.logits(features)), targets);
      assertThat(
              torch.allclose(gradient(loss, variable), gradient(plain, variable), 0, EXACT, false))
          .isTrue();
    }
    Tensor each = Piecewise.logProbabilities(projected, targets);
    assertThat(each.mean().neg().item_double()).isCloseTo(plain.item_double(), within(EXACT));
  }

  private static Tensor gradient(Tensor of, Tensor in) {
    return torch
        .grad(new org.bytedeco.pytorch.TensorVector(of), new org.bytedeco.pytorch.TensorVector(in))
        .get(0);
  }
}
