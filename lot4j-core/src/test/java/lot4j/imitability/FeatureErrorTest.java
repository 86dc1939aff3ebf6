package lot4j.imitability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.LinearProjection;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Piecewise;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeatureErrorTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static Output output(Tensor features) {
    return new Output(
        new Distribution.Categorical(torch.zeros(features.size(0), 3)),
        Map.of(Output.FEATURES, features));
  }

  private static Tensor own() {
    return torch.tensor(1.0, 2.0, 3.0, 5.0).view(2, 2);
  }

  private static Tensor other() {
    return torch.tensor(0.0, 2.0, 1.0, 1.0).view(2, 2);
  }

  /** (1 + 0) / 2 and (4 + 16) / 2. */
  @Test
  void isTheMeanSquaredDifferenceOfFeatures() {
    FeatureError measure = new FeatureError();
    assertThat(measure.measure(output(own()), output(other()), Mask.none()).item_double())
        .isEqualTo(5.25);
    Mask second = Mask.of(torch.tensor(0L, 1L));
    assertThat(measure.measure(output(own()), output(other()), second).item_double()).isEqualTo(10);
    assertThat(measure.measure(output(own()), output(own()), Mask.none()).item_double()).isZero();
  }

  /** ∂/∂f of the mean over 2 rows and 2 features: (f − g) / 2. */
  @Test
  void itsGradientIsTheDifference() {
    Tensor free = own().requires_grad_(true);
    new FeatureError().measure(output(free), output(other()), Mask.none()).backward();
    Tensor expected = own().sub(other()).div(new org.bytedeco.pytorch.Scalar(2));
    assertThat(torch.allclose(free.grad(), expected)).isTrue();
  }

  @Test
  void projectedAnswersHaveFeaturesAsTheyAre() {
    LinearProjection projection = new LinearProjection(torch.randn(5, 2), Optional.empty());
    Output free =
        new Output(
            new Distribution.Projected(own().to(torch.ScalarType.Float), projection), Map.of());
    Output reference =
        new Output(
            new Distribution.Projected(other().to(torch.ScalarType.Float), projection), Map.of());
    assertThat(Piecewise.measure(new FeatureError(), free, reference, Mask.none()).item_double())
        .isEqualTo(5.25);
  }

  /** Rows (1, 2) and (3, 5) against (1, 1) and (0, 2): (0 + 1) / 2 and (9 + 9) / 2. */
  @Test
  void shuffledItComparesWithTheFeaturesOfOtherSamples() {
    Shuffled measure = new Shuffled(new FeatureError());
    assertThat(measure.measure(output(own()), output(other()), Mask.none()).item_double())
        .isCloseTo(4.75, within(1e-12));
  }

  @Test
  void refusesWhatIsNotComparable() {
    FeatureError measure = new FeatureError();
    assertThatThrownBy(() -> measure.measure(output(own()), output(torch.zeros(2, 3)), Mask.none()))
        .hasMessage(
            "imitability: features of 2 and of 3 are not comparable; l2-features needs equally wide"
                + " ones");
    assertThatThrownBy(
            () -> measure.measure(output(own()), Output.logits(torch.zeros(2, 3)), Mask.none()))
        .hasMessageContaining("needs networks whose outputs carry features");
  }
}
