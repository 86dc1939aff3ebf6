package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.LinearProjection;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrecisionTest {
  private PointerScope scope;
  private Tensor weight;
  private final List<ScalarType> inside = new ArrayList<>();

  @BeforeEach
  void makeWeight() {
    scope = new PointerScope();
    torch.manual_seed(1);
    weight = torch.randn(5, 16).set_requires_grad(true);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private Output product(Tensor inputs, Memory memory) {
    Tensor product = torch.linear(inputs, weight);
    inside.add(product.scalar_type().intern());
    return new Output(new Distribution.Categorical(product), Map.of("value", product));
  }

  private static Output forward(Network network) {
    torch.manual_seed(2);
    return network.forward(torch.randn(3, 16), new Memory());
  }

  @Test
  void float32LeavesTheNetworkAsItIs() {
    Network network = this::product;
    assertThat(Precision.FLOAT32.around(network)).isSameAs(network);
  }

  @Test
  void bfloat16ComputesProductsInItAndHandsOnFloat32() {
    Output exact = forward(this::product);
    Output output = forward(Precision.BFLOAT16.around(this::product));
    assertThat(inside).containsExactly(ScalarType.Float, ScalarType.BFloat16);
    assertThat(output.logits().scalar_type().intern()).isEqualTo(ScalarType.Float);
    assertThat(output.extras().get("value").scalar_type().intern()).isEqualTo(ScalarType.Float);
    double worst = output.logits().sub(exact.logits()).abs().max().item_double();
    assertThat(worst).isPositive().isLessThan(0.1);
  }

  @Test
  void theGradientReachesTheFloat32Weight() {
    forward(Precision.BFLOAT16.around(this::product)).logits().sum().backward();
    Tensor gradient = weight.grad();
    assertThat(gradient.scalar_type().intern()).isEqualTo(ScalarType.Float);
    assertThat(gradient.abs().sum().item_double()).isPositive();
  }

  @Test
  void aWeightThatMovedIsCastAgain() {
    Network network = Precision.BFLOAT16.around(this::product);
    double before = forward(network).logits().sum().item_double();
    weight.data().zero_();
    assertThat(forward(network).logits().abs().sum().item_double()).isZero();
    assertThat(before).isNotCloseTo(0, within(1e-6));
  }

  @Test
  void outsideNothingIsLower() {
    forward(Precision.BFLOAT16.around(this::product));
    assertThat(torch.linear(torch.randn(3, 16), weight).scalar_type().intern())
        .isEqualTo(ScalarType.Float);
    Network broken =
        Precision.BFLOAT16.around(
            (inputs, memory) -> {
              throw new IllegalStateException("broken");
            });
    assertThatThrownBy(() -> forward(broken)).hasMessage("broken");
    assertThat(torch.linear(torch.randn(3, 16), weight).scalar_type().intern())
        .isEqualTo(ScalarType.Float);
  }

  @Test
  void normalsAreWidenedToo() {
    Network policy =
        (inputs, memory) -> {
          Tensor product = torch.linear(inputs, weight);
          return new Output(new Distribution.DiagonalNormal(product, product), Map.of());
        };
    Output output = forward(Precision.BFLOAT16.around(policy));
    Distribution.DiagonalNormal normal = (Distribution.DiagonalNormal) output.distribution();
    assertThat(normal.mean().scalar_type().intern()).isEqualTo(ScalarType.Float);
    assertThat(normal.logStd().scalar_type().intern()).isEqualTo(ScalarType.Float);
  }

  @Test
  void aProjectionComputesProductsInItToo() {
    Tensor last = torch.randn(7, 5).set_requires_grad(true);
    Network network =
        (inputs, memory) ->
            new Output(
                new Distribution.Projected(
                    torch.linear(inputs, weight), new LinearProjection(last, Optional.empty())),
                Map.of());
    Output exact = forward(network);
    Output lower = forward(Precision.BFLOAT16.around(network));
    Tensor targets = torch.tensor(new long[] {0, 3, 6});
    Tensor loss = Piecewise.crossEntropy(lower, targets);
    double difference = loss.sub(Piecewise.crossEntropy(exact, targets)).item_double();
    assertThat(Math.abs(difference)).isPositive().isLessThan(0.1);
    assertThat(lower.logits().scalar_type().intern()).isEqualTo(ScalarType.Float);
    assertThat(loss.scalar_type().intern()).isEqualTo(ScalarType.Float);
    loss.backward();
    for (Tensor parameter : List.of(weight, last)) {
      assertThat(parameter.grad().scalar_type().intern()).isEqualTo(ScalarType.Float);
      assertThat(parameter.grad().abs().sum().item_double()).isPositive();
    }
  }
}
