package lot4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Stream;
import lot4j.train.DivergedException;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DescenderTest {
  private PointerScope scope;
  private Weights weights;

  @BeforeEach
  void makeWeights() {
    scope = new PointerScope();
    torch.manual_seed(3);
    weights = Weights.of(new LinearImpl(4, 3));
  }

  @AfterEach
  void closeScope() {
    weights.close();
    scope.close();
  }

  static Stream<OptimizerSpec> specs() {
    return Stream.of(
        Sgd.defaults(),
        new Sgd(0.1, 0.9, true, 1e-4, Clip.at(1)),
        Adam.defaults(),
        AdamW.defaults(),
        Asgd.defaults());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void aGradientThatIsNotANumberChangesNothing(OptimizerSpec spec) {
    Descender descent = Descender.of("student1", weights, spec);
    descent.at(41);
    gradient(1);
    descent.step();
    Tensor before = weights.values().clone();
    MemoryState state = new MemoryState();
    descent.save(state);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      gradient(1);
      Tensor bias = weights.parameters().get("bias").grad();
      try (NoGradGuard constant = new NoGradGuard()) {
        bias.select(0, 1).fill_(new Scalar(bad));
      }
      assertThatThrownBy(descent::step)
          .isInstanceOf(DivergedException.class)
          .hasMessage("student1: gradient is not finite");
      assertThat(weights.values().equal(before)).isTrue();
    }
    Descender twin = Descender.of("student1", weights, spec);
    twin.restore(state);
    gradient(0.5);
    descent.step();
    Tensor after = weights.values().clone();
    try (NoGradGuard constant = new NoGradGuard()) {
      weights.values().copy_(before);
    }
    gradient(0.5);
    twin.step();
    assertThat(weights.values().equal(after)).as("moments are as before").isTrue();
  }

  @Test
  void theRateFollowsTheTeachersStep() {
    Descender descent =
        Descender.of("student0", weights, Sgd.plain(0.5), Linear.defaults().over(4, 1));
    assertThat(descent.lr()).isEqualTo(0.5);
    descent.at(3);
    assertThat(descent.lr()).isEqualTo(0.125);
    Tensor before = weights.values().clone();
    gradient(1);
    descent.step();
    Tensor moved = before.sub(weights.values());
    assertThat(moved.sub(weights.gradients().mul(new Scalar(0.125))).abs().max().item_double())
        .isLessThan(1e-7);
  }

  @Test
  void shortGradientsAreNotClipped() {
    Descender descent = Descender.of("teacher", weights, new Sgd(1, 0, false, 0, Clip.at(100)));
    gradient(1);
    descent.step();
    assertThat(weights.gradients().max().item_double()).isEqualTo(1);
  }

  @Test
  void longGradientsHaveTheLargestNormAllowed() {
    Descender descent = Descender.of("teacher", weights, new Sgd(1, 0, false, 0, Clip.at(0.25)));
    gradient(7);
    descent.step();
    assertThat(weights.gradients().norm().item_double()).isCloseTo(0.25, within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void stepsKeepNoTensorsAlive(OptimizerSpec spec) {
    Descender descent = Descender.of("teacher", weights, spec);
    Ema ema = new Ema(weights, 0.9);
    gradient(1);
    descent.step();
    ema.update(0);
    long before = Pointer.totalCount();
    for (int step = 0; step < 50; step++) {
      descent.step();
      ema.update(0);
    }
    // Fewer if the garbage collector has just released another test's.
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void theAverageIsSwappedInAndOutToTheBit() {
    Ema ema = new Ema(weights, 0.75);
    Tensor first = weights.values().clone();
    Descender descent = Descender.of("teacher", weights, Sgd.plain(1));
    gradient(1);
    descent.step();
    ema.update(0);
    Tensor second = weights.values().clone();
    try (Average.Swap averaged = ema.swapIn()) {
      Tensor expected = first.mul(new Scalar(0.75)).add(second.mul(new Scalar(0.25)));
      assertThat(torch.allclose(weights.values(), expected)).isTrue();
      assertThatThrownBy(() -> ema.update(0)).hasMessageContaining("in use");
    }
    assertThat(weights.values().equal(second)).isTrue();
    MemoryState state = new MemoryState();
    ema.save(state);
    Ema other = new Ema(weights, 0.75);
    other.restore(state);
    assertThat(other.average().equal(ema.average())).isTrue();
  }

  @Test
  void theAverageOfAStretchedRunForgetsAsMuch() {
    assertThat(Math.pow(Ema.stretched(0.99, 3), 300)).isCloseTo(Math.pow(0.99, 100), within(1e-12));
  }

  @Test
  void clipIsNoneOrANumberInJson() throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    assertThat(json.writeValueAsString(Clip.none())).isEqualTo("\"none\"");
    assertThat(json.writeValueAsString(Clip.at(0.5))).isEqualTo("0.5");
    assertThat(json.readValue("\"none\"", Clip.class)).isEqualTo(Clip.none());
    assertThat(json.readValue("2", Clip.class)).isEqualTo(Clip.at(2));
    assertThatThrownBy(() -> json.readValue("-2", Clip.class))
        .hasMessageContaining("clip = -2 is not allowed; a number above 0, or none");
    assertThatThrownBy(() -> json.readValue("\"often\"", Clip.class))
        .hasMessageContaining("clip = often is not allowed; a number above 0, or none");
  }

  @Test
  void optimizersNameTheKeyThatIsWrong() {
    assertThatThrownBy(() -> new Sgd(0.1, 0, true, 0, Clip.none()))
        .hasMessage("nesterov = true is not allowed; false unless momentum is above 0");
    assertThatThrownBy(() -> new AdamW(0.1, 0.9, 1, 1e-8, 0, Clip.none()))
        .hasMessage("beta2 = 1 is not allowed; 0 or more and below 1");
    assertThatThrownBy(() -> new Asgd(0.1, 0, 0, 0, -1, Trigger.none(), Clip.none()))
        .hasMessage("weight-decay = -1 is not allowed; 0 or more");
  }

  private void gradient(double value) {
    try (NoGradGuard constant = new NoGradGuard()) {
      weights.parameters().values().forEach(p -> p.grad().fill_(new Scalar(value)));
    }
  }
}
