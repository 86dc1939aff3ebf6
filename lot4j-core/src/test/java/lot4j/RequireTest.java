package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequireTest {
  @Test
  void returnsWhatIsAllowed() {
    assertThat(Require.positive("lr", 0.1)).isEqualTo(0.1);
    assertThat(Require.atLeast("steps", 3, 3)).isEqualTo(3);
    assertThat(Require.within("floor", 1, 0, 1)).isEqualTo(1);
  }

  @Test
  void saysWhatIsAllowed() {
    assertThatThrownBy(() -> Require.positive("temperature", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("temperature = -1 is not allowed; a number above 0");
    assertThatThrownBy(() -> Require.atLeast("lot.alpha", -0.25, 0.0))
        .hasMessage("lot.alpha = -0.25 is not allowed; 0 or more");
    assertThatThrownBy(() -> Require.atLeast("lot.steps", -1, 0))
        .hasMessage("lot.steps = -1 is not allowed; 0 or more");
    assertThatThrownBy(() -> Require.within("fraction", 1.5, 0, 1))
        .hasMessage("fraction = 1.5 is not allowed; from 0 to 1");
    assertThatThrownBy(() -> Require.below("momentum", 1, 0, 1))
        .hasMessage("momentum = 1 is not allowed; 0 or more and below 1");
  }

  @Test
  void nothingThatIsNotANumberPasses() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Require.positive("x", bad)).hasMessageContaining("x = ");
      assertThatThrownBy(() -> Require.atLeast("x", bad, 0.0)).hasMessageContaining("x = ");
      assertThatThrownBy(() -> Require.within("x", bad, 0, 1)).hasMessageContaining("x = ");
      assertThatThrownBy(() -> Require.below("x", bad, 0, 1)).hasMessageContaining("x = ");
    }
  }
}
