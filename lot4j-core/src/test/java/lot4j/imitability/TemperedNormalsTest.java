package lot4j.imitability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.UnaryOperator;
import lot4j.Distribution;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.testkit.GradientCheck;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The measures of logits on continuous policies. */
class TemperedNormalsTest {
  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void atTemperatureOneItIsTheGaussianMeasureToTheBit(Direction direction) {
    Output free = random(1);
    Output reference = random(2);
    double plain = value(new GaussianKl(direction), free, reference);
    assertThat(plain).isPositive();
    assertThat(value(new KlDivergence(direction, 1, true), free, reference)).isEqualTo(plain);
    assertThat(value(new Jeffreys(1, false), free, reference))
        .isCloseTo(value(new GaussianJeffreys(), free, reference), within(1e-12));
  }

  /** The densities themselves, each to the power 1/T and made to integrate to 1 again. */
  @ParameterizedTest
  @CsvSource({"0.5", "1", "1.5", "3"})
  void isTheIntegralOverTheTemperedDensities(double temperature) {
    double[] p = {0.3, 0.7}; // mean, standard deviation
    double[] q = {-0.4, 1.1};
    double integral = integral(p, q, temperature);
    Output free = normal(p[0], Math.log(p[1]));
    Output reference = normal(q[0], Math.log(q[1]));
    KlDivergence paper = new KlDivergence(Direction.FREE_REFERENCE, temperature, false);
    KlDivergence code = new KlDivergence(Direction.REFERENCE_FREE, temperature, false);
    assertThat(value(paper, free, reference)).isCloseTo(integral, within(1e-6));
    assertThat(value(code, reference, free)).isCloseTo(integral, within(1e-6));
    assertThat(value(new Jeffreys(temperature, false), free, reference))
        .isCloseTo(integral + integral(q, p, temperature), within(1e-6));
  }

  private static double integral(double[] p, double[] q, double temperature) {
    double step = 1e-3;
    double sumP = 0;
    double sumQ = 0;
    for (double x = -25; x < 25; x += step) {
      sumP += Math.exp(logDensity(x, p) / temperature) * step;
      sumQ += Math.exp(logDensity(x, q) / temperature) * step;
    }
    double kl = 0;
    for (double x = -25; x < 25; x += step) {
      double logP = logDensity(x, p) / temperature - Math.log(sumP);
      double logQ = logDensity(x, q) / temperature - Math.log(sumQ);
      kl += Math.exp(logP) * (logP - logQ) * step;
    }
    return kl;
  }

  private static double logDensity(double x, double[] normal) {
    double z = (x - normal[0]) / normal[1];
    return -z * z / 2 - Math.log(normal[1]) - Math.log(2 * Math.PI) / 2;
  }

  /** Equal deviations: only (gap)² / (2·T·σ²) is left, and T² times that. */
  @Test
  void ofEqualDeviationsIsTheGapOverTheTemperedVariance() {
    Output free = normal(1, Math.log(0.5));
    Output reference = normal(2, Math.log(0.5));
    assertThat(value(new KlDivergence(2), free, reference)).isCloseTo(1, within(1e-12));
    assertThat(value(new KlDivergence(Direction.FREE_REFERENCE, 2, true), free, reference))
        .isCloseTo(4, within(1e-12));
    assertThat(value(new Jeffreys(2, true), free, reference)).isCloseTo(8, within(1e-12));
  }

  @Test
  void oneDeviationForAllSamplesIsTakenToo() {
    Tensor mean = torch.randn(3, 2).to(ScalarType.Double);
    Tensor shared = torch.randn(2).to(ScalarType.Double);
    Output each = output(mean, shared.expand_as(mean));
    Output other = random(4);
    KlDivergence measure = new KlDivergence(1.5);
    assertThat(value(measure, output(mean, shared), other))
        .isEqualTo(value(measure, each, other))
        .isPositive();
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void theGradientOfTheDeviationsIsThatOfDifferences(Direction direction) {
    KlDivergence measure = new KlDivergence(direction, 1.5, true);
    Output reference = random(7);
    Distribution.DiagonalNormal at = (Distribution.DiagonalNormal) random(8).distribution();
    UnaryOperator<Tensor> ofLogStd =
        x -> measure.measure(output(at.mean(), x), reference, Mask.none());
    UnaryOperator<Tensor> ofMean =
        x -> measure.measure(output(x, at.logStd()), reference, Mask.none());
    GradientCheck.of(ofLogStd, at.logStd()).requireWithin(1e-7);
    GradientCheck.of(ofMean, at.mean()).requireWithin(1e-7);
  }

  @Test
  void aMixOfKindsIsRefused() {
    Output logits = Output.logits(torch.randn(3, 2));
    for (Imitability measure : new Imitability[] {new KlDivergence(1), new Jeffreys(1.5, true)}) {
      assertThatThrownBy(() -> measure.measure(random(1), logits, Mask.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one output is a diagonal normal and the other is not");
      assertThatThrownBy(() -> measure.measure(logits, random(1), Mask.none()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static double value(Imitability measure, Output free, Output reference) {
    return measure.measure(free, reference, Mask.none()).item_double();
  }

  private static Output random(long seed) {
    torch.manual_seed(seed);
    return output(torch.randn(3, 2).to(ScalarType.Double), torch.randn(3, 2).to(ScalarType.Double));
  }

  private static Output normal(double mean, double logStd) {
    return output(
        torch.tensor(new double[] {mean}).reshape(1, 1),
        torch.tensor(new double[] {logStd}).reshape(1, 1));
  }

  private static Output output(Tensor mean, Tensor logStd) {
    return new Output(new Distribution.DiagonalNormal(mean, logStd), Map.of());
  }
}
