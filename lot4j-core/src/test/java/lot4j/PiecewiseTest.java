package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.allclose;
import static org.bytedeco.pytorch.global.torch.grad;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.Distribution.Projected;
import lot4j.imitability.Jeffreys;
import lot4j.imitability.JensenShannon;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.imitability.LogitError;
import lot4j.imitability.SquaredError;
import lot4j.imitability.TotalVariation;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PiecewiseTest {
  private static final double EXACT = 1e-12;
  private static final long TIME = 5;
  private static final long BATCH = 2;
  private static final long FEATURES = 3;
  private static final long CLASSES = 7;

  /** Pieces that divide the ten positions, that do not, that are one position, that are all. */
  private static final long[] MOST = {1, 3, 5, 9, 10, 100};

  private PointerScope scope;
  private Tensor features;
  private Tensor weight;
  private Tensor bias;
  private Tensor reference;
  private Tensor targets;

  @BeforeEach
  void makeTensors() {
    scope = new PointerScope();
    torch.manual_seed(5);
    features = variable(TIME, BATCH, FEATURES);
    weight = variable(CLASSES, FEATURES);
    bias = variable(CLASSES);
    reference = randn(TIME, BATCH, CLASSES).to(ScalarType.Double);
    targets = randint(CLASSES, new long[] {TIME, BATCH});
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  static Map<String, Imitability> measures() {
    Map<String, Imitability> measures = new LinkedHashMap<>();
    for (boolean squared : new boolean[] {false, true}) {
      for (double temperature : new double[] {1, 1.5}) {
        for (Imitability each :
            List.of(
                new KlDivergence(Direction.FREE_REFERENCE, temperature, squared),
                new KlDivergence(Direction.REFERENCE_FREE, temperature, squared),
                new Jeffreys(temperature, squared),
                new JensenShannon(temperature, squared),
                new LogitError(temperature, squared),
                new SquaredError(temperature, squared),
                new TotalVariation(temperature, squared))) {
          measures.put(each.toString(), each);
        }
      }
    }
    return measures;
  }

  static List<Imitability> all() {
    return List.copyOf(measures().values());
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyMeasureEqualsThePlainForm(Imitability measure) {
    // The last piece of three has nothing that counts; what stands there must not matter.
    Tensor counted = tensor(new long[] {1, 0, 1, 1, 1, 0}).reshape(3, 2);
    Tensor padded =
        torch.cat(new TensorVector(counted, torch.zeros_like(counted).narrow(0, 0, 2)), 0);
    reference.narrow(0, 3, 2).fill_(new Scalar(Double.NEGATIVE_INFINITY));
    Mask masked = Mask.of(padded);
    for (long most : MOST) {
      assertSame(
          () -> Piecewise.measure(measure, projected(), of(reference), masked, most),
          () -> measure.measure(plain(), Output.logits(reference), masked));
    }
    reference.narrow(0, 3, 2).fill_(new Scalar(0.25));
    for (long most : MOST) {
      assertSame(
          () -> Piecewise.measure(measure, projected(), of(reference), Mask.none(), most),
          () -> measure.measure(plain(), Output.logits(reference), Mask.none()));
    }
  }

  @Test
  void aMeasureOfOnesOwnNeedsToKnowNothingOfPieces() {
    Imitability own = Imitability.of((a, b) -> a.sub(b).abs().sum(-1).mean());
    assertSame(
        () -> Piecewise.measure(own, projected(), of(reference), Mask.none(), 3),
        () -> own.measure(plain(), Output.logits(reference), Mask.none()));
  }

  @Test
  void isZeroWhereNothingCounts() {
    Mask nothing = Mask.of(torch.zeros(TIME, BATCH));
    Tensor mu = Piecewise.measure(new KlDivergence(1.5), projected(), of(reference), nothing, 3);
    assertThat(mu.item_double()).isZero();
    assertThat(gradient(mu, features).abs().max().item_double()).isZero();
  }

  @Test
  void aClassThatOnlyTheReferenceExcludesIsInfinitelyFar() {
    reference.select(2, 4).fill_(new Scalar(Double.NEGATIVE_INFINITY));
    Tensor mu = Piecewise.measure(new KlDivergence(1), projected(), of(reference), Mask.none(), 3);
    assertThat(mu.item_double()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aReferenceMayBeProjectedToo() {
    Projection other =
        new LinearProjection(variable(CLASSES, FEATURES), Optional.of(variable(CLASSES)));
    Tensor theirs = variable(TIME, BATCH, FEATURES);
    Projected constant = new Projected(theirs, other).constant();
    Imitability measure = new KlDivergence(1.5);
    assertSame(
        () -> Piecewise.measure(measure, projected(), constant, Mask.none(), 3),
        () -> measure.measure(plain(), Output.logits(other.logits(theirs).detach()), Mask.none()));
    assertThat(gradient(plainKl(Output.logits(reference)), features).defined()).isTrue();
    Tensor mu = plainKl(new Output(constant, Map.of()));
    assertThat(gradient(mu, other.parameters().get(0)).defined()).isFalse();
  }

  @Test
  void aReferenceThatLearnsIsDifferentiatedAsInThePlainForm() {
    Tensor logits = reference.set_requires_grad(true);
    Imitability measure = new KlDivergence(1.5);
    Tensor mu = Piecewise.measure(measure, projected(), of(logits), Mask.none(), 3);
    Tensor plain = measure.measure(plain(), Output.logits(logits), Mask.none());
    assertClose(gradient(mu, logits), gradient(plain, logits));
    assertClose(gradient(mu, weight), gradient(plain, weight));
  }

  @Test
  void crossEntropyEqualsThePlainForm() {
    for (long most : MOST) {
      assertSame(
          () -> Piecewise.crossEntropy(projected(), targets, most),
          () -> Piecewise.crossEntropy(plain(), targets));
    }
  }

  /** Blocks are for speed alone: what is said of a position is the same bits in any company. */
  @Test
  void severalOutputsArePassedBlockByBlockToTheBit() {
    long words = 10_007;
    Tensor first = randn(3, 11, words).mul(new Scalar(4.0));
    Tensor second = first.mul(new Scalar(.5)).to(ScalarType.BFloat16);
    List<Tensor> whole = new ArrayList<>();
    for (Tensor logits : List.of(first, second)) {
      whole.add(
          torch
              .log_softmax(logits, -1, new ScalarTypeOptional(ScalarType.Double))
              .reshape(-1, words));
    }
    List<Long> ends = new ArrayList<>(List.of(0L));
    Piecewise.forEach(
        List.of(Output.logits(first), Output.logits(second)),
        (answers, from, to) -> {
          assertThat(from).isEqualTo(ends.get(ends.size() - 1));
          ends.add(to);
          for (int i = 0; i < 2; i++) {
            assertThat(answers.get(i).equal(whole.get(i).narrow(0, from, to - from))).isTrue();
            assertThat(answers.get(i).requires_grad()).isFalse();
          }
        });

    assertThat(ends).hasSizeGreaterThan(3).endsWith(33L);
  }

  @Test
  void logProbabilitiesAreThoseOfTheTargetsInFloat64() {
    Tensor all = torch.log_softmax(plain().logits(), -1);
    Tensor expected = all.gather(2, targets.unsqueeze(2)).squeeze(2);
    for (long most : MOST) {
      Tensor each = Piecewise.logProbabilities(projected(), targets, most);
      assertClose(each, expected);
      assertThat(each.requires_grad()).isFalse();
    }
    assertClose(Piecewise.logProbabilities(plain(), targets), expected);
    assertThat(Piecewise.logProbabilities(plain(), targets).scalar_type().intern())
        .isEqualTo(ScalarType.Double);
  }

  @Test
  void anEmbeddingThatIsTheLastLayerTooGetsBothGradients() {
    Tensor ids = randint(CLASSES, new long[] {TIME, BATCH});
    Supplier<Tensor> read = () -> torch.tanh(torch.embedding(weight, ids));
    assertSame(
        () ->
            Piecewise.crossEntropy(
                new Projected(read.get(), new LinearProjection(weight, Optional.empty())),
                targets,
                3),
        () -> Piecewise.crossEntropy(Output.logits(linear(read.get(), weight)), targets));
  }

  @Test
  void anyProjectionMayStandThere() {
    Tensor inner = variable(FEATURES, 2);
    Tensor tail = variable(CLASSES, 2);
    Projection twice =
        new Projection() {
          @Override
          public Tensor logits(Tensor rows) {
            return torch.tanh(rows.matmul(inner)).matmul(tail.t()).add(linear(rows, weight));
          }

          @Override
          public List<Tensor> parameters() {
            return List.of(inner, tail, weight, bias); // it has a bias that it does not use
          }
        };
    Projected own = new Projected(features, twice);
    for (Tensor variable : List.of(features, inner, tail, weight)) {
      assertClose(
          gradient(Piecewise.crossEntropy(own, targets, 3), variable),
          gradient(Piecewise.crossEntropy(Output.logits(own.logits()), targets), variable));
    }
    assertThat(own.kept()).isInstanceOf(Distribution.Categorical.class);
  }

  @Test
  void lossesAreScaledAndAddedLikeAnyOther() {
    Scalar third = new Scalar(1.0 / 3);
    Imitability measure = new JensenShannon(2, false);
    assertSame(
        () ->
            Piecewise.crossEntropy(projected(), targets, 3)
                .mul(third)
                .add(
                    Piecewise.measure(measure, projected(), of(reference), Mask.none(), 4)
                        .square()),
        () ->
            Piecewise.crossEntropy(plain(), targets)
                .mul(third)
                .add(measure.measure(plain(), Output.logits(reference), Mask.none()).square()));
  }

  @Test
  void goingBackwardTwiceIsRefusedAndANewLossIsNot() {
    Tensor loss = Piecewise.crossEntropy(projected(), targets, 3);
    loss.backward();
    assertThatThrownBy(loss::backward).isInstanceOf(RuntimeException.class);
    Tensor once = weight.grad().clone();
    Piecewise.crossEntropy(projected(), targets, 3).backward();
    assertClose(weight.grad(), once.mul(new Scalar(2)));
  }

  @Test
  void frozenParametersGetNothing() {
    Tensor whole = gradient(Piecewise.crossEntropy(projected(), targets, 3), features);
    weight.set_requires_grad(false);
    Piecewise.crossEntropy(projected(), targets, 3).backward();
    assertThat(weight.grad().defined()).isFalse();
    assertThat(bias.grad().defined()).isTrue();
    assertClose(features.grad(), whole);
  }

  @Test
  void withoutGradientThereIsTheValueAlone() {
    double value = Piecewise.crossEntropy(projected(), targets, 3).item_double();
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor loss = Piecewise.crossEntropy(projected(), targets, 3);
      assertThat(loss.requires_grad()).isFalse();
      assertThat(loss.item_double()).isEqualTo(value);
    }
    Tensor loss = Piecewise.crossEntropy(projected().constant(), targets, 3);
    assertThat(loss.requires_grad()).isFalse();
    assertThat(loss.item_double()).isEqualTo(value);
  }

  @Test
  void keptLogitsDoNotFollowTheWeights() {
    Tensor before = plain().logits().detach().clone();
    Output kept = new Output(projected(), Map.of()).kept();
    weight.data().zero_();
    bias.data().zero_();
    assertClose(kept.logits(), before);
    assertThat(kept.logits().requires_grad()).isFalse();
  }

  @Test
  void leavesNothingBehind() {
    Imitability measure = new KlDivergence(1.5);
    NativeObjects.assertUnchangedBy(
        () -> {
          try (PointerScope step = new PointerScope()) {
            Tensor sum =
                Piecewise.crossEntropy(projected(), targets, 3)
                    .add(Piecewise.measure(measure, projected(), of(reference), Mask.none(), 3));
            grad(new TensorVector(sum), new TensorVector(weight));
            Piecewise.logProbabilities(projected(), targets, 3);
          }
        });
  }

  @Test
  void whatAPieceMadeIsGoneBeforeTheNext() {
    List<Long> counts = new ArrayList<>();
    Piecewise.sum(
        projected(),
        (logits, from, to) -> {
          counts.add(org.bytedeco.javacpp.Pointer.totalCount());
          return logits.square().sum();
        },
        2);
    assertThat(counts).hasSize(5);
    assertThat(counts.get(4)).isLessThanOrEqualTo(counts.get(1));
  }

  private Projected projected() {
    return new Projected(features, new LinearProjection(weight, Optional.of(bias)));
  }

  private Output plain() {
    return Output.logits(projected().logits());
  }

  private Tensor plainKl(Output other) {
    return new KlDivergence(1.5).measure(plain(), other, Mask.none());
  }

  private static Projected of(Tensor logits) {
    return Piecewise.projected(Output.logits(logits));
  }

  private void assertSame(Supplier<Tensor> pieces, Supplier<Tensor> plain) {
    assertThat(pieces.get().item_double()).isCloseTo(plain.get().item_double(), within(EXACT));
    assertThat(pieces.get().dim()).isZero();
    for (Tensor variable : List.of(features, weight, bias)) {
      Tensor expected = gradient(plain.get(), variable);
      Tensor actual = gradient(pieces.get(), variable);
      assertThat(actual.defined()).isEqualTo(expected.defined());
      if (expected.defined()) {
        assertClose(actual, expected);
      }
    }
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(allclose(actual, expected, 0, EXACT, false)).isTrue();
    assertThat(expected.abs().max().item_double()).isPositive();
  }

  private static Tensor gradient(Tensor of, Tensor in) {
    return grad(
            new TensorVector(of),
            new TensorVector(in),
            new TensorVector(),
            new org.bytedeco.pytorch.BoolOptional(true),
            false,
            true)
        .get(0);
  }

  private static Tensor variable(long... shape) {
    return randn(shape).to(ScalarType.Double).set_requires_grad(true);
  }
}
