package lot4j.imitability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.imitability.KlDivergence.Direction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * At high temperatures both sides are nearly uniform and a divergence is a small difference, which
 * T² makes large again: in float32 it has to be as good as float32 is.
 */
class HighTemperatureTest {
  private static final List<Double> TEMPERATURES = List.of(8.0, 100.0, 1000.0);

  static Stream<BiFunction<Double, Boolean, Imitability>> measures() {
    return Stream.of(
        (t, squared) -> new KlDivergence(Direction.FREE_REFERENCE, t, squared),
        (t, squared) -> new KlDivergence(Direction.REFERENCE_FREE, t, squared),
        Jeffreys::new,
        JensenShannon::new,
        SquaredError::new,
        TotalVariation::new,
        LogitError::new);
  }

  private static Tensor logits(int seed) {
    torch.manual_seed(seed);
    return torch.randn(new long[] {4, 10}, new TensorOptions(ScalarType.Float)).mul_(new Scalar(2));
  }

  @ParameterizedTest
  @MethodSource("measures")
  void float32IsAsGoodAsItsOwnPrecision(BiFunction<Double, Boolean, Imitability> made) {
    for (double temperature : TEMPERATURES) {
      Imitability measure = made.apply(temperature, true);
      try (PointerScope scope = new PointerScope()) {
        Tensor free = logits(1);
        Tensor reference = logits(2);
        Tensor narrow = free.clone().set_requires_grad(true);
        Tensor wide = free.to(ScalarType.Double).set_requires_grad(true);
        Tensor value = value(measure, narrow, reference);
        Tensor expected = value(measure, wide, reference.to(ScalarType.Double));
        value.backward();
        expected.backward();

        assertThat(value.scalar_type().intern()).isEqualTo(ScalarType.Float);
        assertThat(value.item_double())
            .as("%s", measure)
            .isCloseTo(expected.item_double(), within(1e-6 + 1e-5 * expected.item_double()));
        assertThat(narrow.grad().sub(wide.grad()).abs().max().item_double())
            .as("gradient of %s", measure)
            .isLessThan(1e-6);
      }
    }
  }

  private static Tensor value(Imitability measure, Tensor free, Tensor reference) {
    return measure.measure(Output.logits(free), Output.logits(reference), Mask.none());
  }
}
