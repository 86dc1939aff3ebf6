package lot4j.imitability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import lot4j.Distribution;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.imitability.KlDivergence.Direction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values worked out by hand or by another implementation. */
class KnownAnswersTest {
  private static final double TOLERANCE = 1e-9;
  private PointerScope scope;
  private Tensor own;
  private Tensor other;

  @BeforeEach
  void makeLogits() {
    scope = new PointerScope();
    own = rows(1, 2, 3, 0.2, -0.1, 0.4).set_requires_grad(true);
    other = rows(0.5, 0, -1, 1, 1, 1);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void bothDirectionsAtTemperatureOne() {
    assertValue(new KlDivergence(Direction.REFERENCE_FREE, 1, true), 0.4500282489);
    assertValue(new KlDivergence(Direction.FREE_REFERENCE, 1, true), 0.4560361839);
  }

  @Test
  void bothDirectionsAtTemperatureOneAndAHalf() {
    assertValue(new KlDivergence(Direction.REFERENCE_FREE, 1.5, true), 0.4809054772);
    assertValue(new KlDivergence(Direction.FREE_REFERENCE, 1.5, true), 0.4919833869);
    assertValue(new KlDivergence(1.5), 0.4919833869 / 2.25);
    assertValue(new Jeffreys(1.5, true), 0.4809054772 + 0.4919833869);
  }

  @Test
  void gradientOfTheCodesDirection() {
    assertGradient(
        new KlDivergence(Direction.REFERENCE_FREE, 1.5, true),
        -.2485610948,
        -.0411270269,
        .2896881217,
        .0032618809,
        -.0426467095,
        .0393848286);
  }

  @Test
  void gradientOfThePapersDirection() {
    assertGradient(
        new KlDivergence(Direction.FREE_REFERENCE, 1.5, true),
        -.1782253713,
        -.1304447110,
        .3086700823,
        .0009745565,
        -.0406727587,
        .0396982021);
  }

  @Test
  void theTeachersWholeLoss() {
    Tensor labels = torch.tensor(new long[] {2, 0});
    Tensor mu = measure(new KlDivergence(Direction.REFERENCE_FREE, 1.5, true));
    double task = torch.cross_entropy(own, labels).item_double();
    assertThat(task).isCloseTo(.7467726411, within(TOLERANCE));
    assertThat(task + 0.5 * mu.item_double()).isCloseTo(.9872253797, within(TOLERANCE));
  }

  @Test
  void oneSidedExclusionIsInfiniteOnlyInOneDirection() {
    double minus = Double.NEGATIVE_INFINITY;
    own = rows(0, 0, minus, 0, 0, minus);
    other = rows(0, 0, 0, 0, 0, 0);
    // KL((½, ½, 0) ‖ (⅓, ⅓, ⅓)) = ln 3/2
    assertValue(new KlDivergence(1), Math.log(1.5));
    assertThat(measure(new KlDivergence(Direction.REFERENCE_FREE, 1, false)).item_double())
        .isEqualTo(Double.POSITIVE_INFINITY);
    // m = (5/12, 5/12, 1/6): ½·ln 6/5 + ½·(⅔·ln 4/5 + ⅓·ln 2)
    double half = Math.log(1.2) + 2.0 / 3 * Math.log(0.8) + Math.log(2) / 3;
    assertValue(new JensenShannon(1, false), half / 2);
    assertValue(new TotalVariation(1, false), 1.0 / 3);
    assertValue(new SquaredError(1, false), 2.0 / 36 + 1.0 / 9);
  }

  @Test
  void logitErrorAveragesOverClassesThatArePresent() {
    double minus = Double.NEGATIVE_INFINITY;
    own = rows(1, 2, 3, 0, 4, minus);
    other = rows(1, 0, 0, 2, 0, minus);
    // ((0 + 4 + 9)/3 + (4 + 16)/2)/2 over T² = 4
    assertValue(new LogitError(2, false), (13.0 / 3 + 10) / 2 / 4);
    assertValue(new LogitError(2, true), (13.0 / 3 + 10) / 2);
  }

  @Test
  void normalsOfDifferentSpread() {
    Tensor mean = torch.tensor(new double[] {1, 0}).view(1, 2);
    Output wide = normal(mean, torch.tensor(new double[] {Math.log(2), 0}));
    Output unit = normal(torch.zeros_like(mean), torch.tensor(new double[] {0, 0}));
    // N(1, 2²) ‖ N(0, 1): ln ½ + (4 + 1)/2 − ½; the other dimension is equal.
    double there = -Math.log(2) + 2;
    // N(0, 1) ‖ N(1, 2²): ln 2 + (1 + 1)/8 − ½
    double back = Math.log(2) - 0.25;
    assertThat(gaussian(new GaussianKl(Direction.FREE_REFERENCE), wide, unit))
        .isCloseTo(there, within(TOLERANCE));
    assertThat(gaussian(new GaussianKl(Direction.REFERENCE_FREE), wide, unit))
        .isCloseTo(back, within(TOLERANCE));
    assertThat(gaussian(new GaussianJeffreys(), wide, unit))
        .isCloseTo(there + back, within(TOLERANCE));
  }

  @Test
  void gaussianMeasuresRefuseLogits() {
    assertThatThrownBy(() -> measure(new GaussianJeffreys()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("imitability: a gaussian measure needs outputs that are diagonal normals");
  }

  @Test
  void temperaturesMustBePositive() {
    assertThatThrownBy(() -> new JensenShannon(0, false))
        .hasMessage("temperature = 0 is not allowed; a number above 0");
    assertThatThrownBy(() -> new KlDivergence(Double.NaN))
        .hasMessage("temperature = NaN is not allowed; a number above 0");
  }

  private void assertValue(Imitability measure, double expected) {
    assertThat(measure(measure).item_double()).isCloseTo(expected, within(TOLERANCE));
  }

  private void assertGradient(Imitability measure, double... expected) {
    measure(measure).backward();
    Tensor gradient = own.grad().reshape(-1);
    for (int i = 0; i < expected.length; i++) {
      assertThat(gradient.get(i).item_double()).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  private Tensor measure(Imitability measure) {
    return measure.measure(Output.logits(own), Output.logits(other), Mask.none());
  }

  private static double gaussian(Imitability measure, Output free, Output reference) {
    return measure.measure(free, reference, Mask.none()).item_double();
  }

  private static Output normal(Tensor mean, Tensor logStd) {
    return new Output(new Distribution.DiagonalNormal(mean, logStd), Map.of());
  }

  private static Tensor rows(double... numbers) {
    return torch.tensor(numbers).view(2, 3);
  }
}
