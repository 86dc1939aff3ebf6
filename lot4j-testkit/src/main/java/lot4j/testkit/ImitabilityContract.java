package lot4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.allclose;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every measure of imitability does. Extend it, supply the measure. An output is one tensor
 * here, [*, classes]; a measure of normals takes it as mean and logarithmic deviation side by side
 * and says that it is not {@link #categorical}.
 */
public abstract class ImitabilityContract {
  private static final int CLASSES = 6;
  private static final double EXACT = 1e-12;
  private PointerScope scope;

  /** The measure where every position counts, shape []. */
  protected abstract Tensor measure(Tensor free, Tensor reference);

  /**
   * The measure where the positions with {@code mask} not 0 count, shape [].
   *
   * @param mask over the leading axes
   */
  protected abstract Tensor measure(Tensor free, Tensor reference, Tensor mask);

  /** Whether the last axis holds classes, which may be excluded, permuted and have any logits. */
  protected boolean categorical() {
    return true;
  }

  /** Opens the scope that owns a test's tensors. */
  @BeforeEach
  protected void openScope() {
    scope = new PointerScope();
    manual_seed(11);
  }

  /** Releases a test's tensors. */
  @AfterEach
  protected void closeScope() {
    scope.close();
  }

  @Test
  protected void isZeroForEqualOutputs() {
    Tensor outputs = outputs(4);
    assertThat(value(measure(outputs, outputs.clone()))).isCloseTo(0, within(EXACT));
  }

  @Test
  protected void hasNoGradientForEqualOutputs() {
    Tensor outputs = outputs(4);
    assertThat(largest(gradient(x -> measure(x, outputs), outputs))).isLessThan(EXACT);
    assertThat(largest(gradient(x -> measure(outputs, x), outputs))).isLessThan(EXACT);
  }

  @Test
  protected void isPositiveForDifferentOutputs() {
    for (int i = 0; i < 50; i++) {
      assertThat(value(measure(outputs(1), outputs(1)))).isPositive();
    }
  }

  @Test
  protected void isAScalarOfTheOutputsType() {
    Tensor free = outputs(3).to(ScalarType.Float);
    Tensor reference = outputs(3).to(ScalarType.Float);
    Tensor mask = tensor(new float[] {1, 0, 1});
    for (Tensor mu : List.of(measure(free, reference), measure(free, reference, mask))) {
      assertThat(mu.dim()).isZero();
      assertThat(mu.scalar_type().intern()).isEqualTo(ScalarType.Float);
    }
  }

  @Test
  protected void gradientInTheFreeOutputEqualsFiniteDifferences() {
    Tensor reference = outputs(3);
    GradientCheck.of(x -> measure(x, reference), outputs(3)).requireWithin(1e-6);
  }

  @Test
  protected void gradientInTheReferenceEqualsFiniteDifferences() {
    Tensor free = outputs(3);
    GradientCheck.of(x -> measure(free, x), outputs(3)).requireWithin(1e-6);
  }

  @Test
  protected void detachesNeither() {
    Tensor free = outputs(3);
    Tensor reference = outputs(3);
    assertThat(largest(gradient(x -> measure(x, reference), free))).isPositive();
    assertThat(largest(gradient(x -> measure(free, x), reference))).isPositive();
  }

  @Test
  protected void averagesOverAllLeadingAxes() {
    Tensor free = outputs(6);
    Tensor reference = outputs(6);
    double mean = 0;
    for (long i = 0; i < 6; i++) {
      mean += value(measure(free.narrow(0, i, 1), reference.narrow(0, i, 1))) / 6;
    }
    assertThat(value(measure(free, reference))).isCloseTo(mean, within(EXACT));
    if (categorical()) {
      Tensor folded = measure(free.view(2, 3, CLASSES), reference.view(2, 3, CLASSES));
      assertThat(value(folded)).isCloseTo(mean, within(EXACT));
    }
  }

  @Test
  protected void uncountedRowsAddNothingWhateverStandsThere() {
    Tensor mask = tensor(new float[] {1, 0, 1, 0, 1});
    for (double rubbish : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 1e30}) {
      Tensor free = outputs(5);
      Tensor reference = outputs(5);
      Tensor counted = tensor(new long[] {0, 2, 4});
      double expected =
          value(measure(free.index_select(0, counted), reference.index_select(0, counted)));
      Tensor expectedGradient = gradient(x -> masked(x, reference, counted), free);
      spoil(free, rubbish);
      spoil(reference, rubbish);
      assertThat(value(measure(free, reference, mask))).isCloseTo(expected, within(EXACT));
      Tensor inFree = gradient(x -> measure(x, reference, mask), free);
      Tensor inReference = gradient(x -> measure(free, x, mask), reference);
      assertThat(allclose(inFree, expectedGradient, 0, EXACT, false)).isTrue();
      for (long row : new long[] {1, 3}) {
        assertThat(largest(inFree.select(0, row))).isZero();
        assertThat(largest(inReference.select(0, row))).isZero();
      }
      assertThat(inReference.isfinite().all().item_bool()).isTrue();
    }
  }

  @Test
  protected void isZeroIfNoRowCounts() {
    Tensor mask = tensor(new float[] {0, 0});
    Tensor reference = outputs(2);
    Tensor free = outputs(2);
    assertThat(value(measure(free, reference, mask))).isZero();
    assertThat(largest(gradient(x -> measure(x, reference, mask), free))).isZero();
  }

  @Test
  protected void aMaskOfOnesChangesNothing() {
    Tensor free = outputs(3);
    Tensor reference = outputs(3);
    Tensor mask = tensor(new float[] {1, 1, 1});
    assertThat(value(measure(free, reference, mask)))
        .isCloseTo(value(measure(free, reference)), within(EXACT));
  }

  @Test
  protected void isFiniteForHugeLogits() {
    Assumptions.assumeTrue(categorical(), "normals have no logits");
    for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
      Tensor free = outputs(8).sign().mul(new Scalar(1e4)).to(type);
      Tensor reference = outputs(8).sign().mul(new Scalar(1e4)).to(type);
      assertThat(value(measure(free, reference))).isFinite().isNotNegative();
      assertThat(gradient(x -> measure(x, reference), free).isfinite().all().item_bool()).isTrue();
      assertThat(gradient(x -> measure(free, x), reference).isfinite().all().item_bool()).isTrue();
    }
  }

  @Test
  protected void aClassThatBothExcludeIsAbsent() {
    Assumptions.assumeTrue(categorical(), "normals have no classes");
    Tensor free = outputs(4);
    Tensor reference = outputs(4);
    Tensor present = tensor(new long[] {0, 1, 3, 4, 5});
    BinaryOperator<Tensor> without =
        (a, b) -> measure(a.index_select(1, present), b.index_select(1, present));
    double expected = value(without.apply(free, reference));
    Tensor expectedGradient = gradient(x -> without.apply(x, reference), free);
    try (NoGradGuard constant = new NoGradGuard()) {
      free.select(1, 2).fill_(new Scalar(Double.NEGATIVE_INFINITY));
      reference.select(1, 2).fill_(new Scalar(Double.NEGATIVE_INFINITY));
    }
    assertThat(value(measure(free, reference))).isCloseTo(expected, within(EXACT));
    Tensor inFree = gradient(x -> measure(x, reference), free);
    Tensor inReference = gradient(x -> measure(free, x), reference);
    assertThat(allclose(inFree, expectedGradient, 0, EXACT, false)).isTrue();
    assertThat(inReference.isfinite().all().item_bool()).isTrue();
    assertThat(largest(inReference.select(1, 2))).isZero();
  }

  @Test
  protected void theOrderOfClassesDoesNotMatter() {
    Assumptions.assumeTrue(categorical(), "normals have no classes");
    Tensor free = outputs(4);
    Tensor reference = outputs(4);
    Tensor order = tensor(new long[] {3, 0, 5, 1, 4, 2});
    assertThat(value(measure(free.index_select(1, order), reference.index_select(1, order))))
        .isCloseTo(value(measure(free, reference)), within(EXACT));
  }

  private Tensor masked(Tensor free, Tensor reference, Tensor counted) {
    return measure(free.index_select(0, counted), reference.index_select(0, counted));
  }

  private static Tensor outputs(long rows) {
    return randn(rows, CLASSES).to(ScalarType.Double);
  }

  private static void spoil(Tensor outputs, double rubbish) {
    try (NoGradGuard constant = new NoGradGuard()) {
      outputs.select(0, 1).fill_(new Scalar(rubbish));
      outputs.select(0, 3).fill_(new Scalar(rubbish));
    }
  }

  private static Tensor gradient(UnaryOperator<Tensor> function, Tensor at) {
    Tensor variable = at.detach().clone().set_requires_grad(true);
    function.apply(variable).backward();
    return variable.grad();
  }

  private static double value(Tensor scalar) {
    return scalar.item_double();
  }

  private static double largest(Tensor tensor) {
    return tensor.abs().max().item_double();
  }
}
