package lot4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void acceptsARightGradient() {
    Tensor point = torch.tensor(new double[] {0.5, -2, 3});
    assertThat(GradientCheck.of(x -> x.exp().sum(), point).error()).isLessThan(1e-8);
  }

  @Test
  void namesTheElementOfAWrongGradient() {
    // x² + sg[3x₁]: autograd gives 2x, the slope at element 1 is 2x + 3.
    GradientCheck check =
        GradientCheck.of(
            x -> x.square().sum().add(x.detach().get(1).mul(new Scalar(3))),
            torch.tensor(new double[] {1, 2, 3}));
    assertThat(check.element()).isEqualTo(1);
    assertThat(check.analytic()).isEqualTo(4);
    assertThatThrownBy(() -> check.requireWithin(1e-3))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("gradient of element 1 is 4.0, finite differences give 7.0000");
  }

  @Test
  void neverAcceptsNotANumber() {
    GradientCheck check =
        GradientCheck.of(x -> x.sqrt().sum(), torch.tensor(new double[] {4, 0, 9}));
    assertThat(check.error()).isNaN();
    assertThatThrownBy(() -> check.requireWithin(1)).isInstanceOf(AssertionError.class);
  }
}
