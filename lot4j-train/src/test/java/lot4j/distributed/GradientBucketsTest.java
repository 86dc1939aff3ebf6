package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.pytorch.global.torch.equal;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.ArrayList;
import java.util.List;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process: what is handed on, when, and what the gradient is afterwards. */
class GradientBucketsTest {
  // Of every layer of Chain a weight and a bias, each of which begins at a multiple of 64 bytes.
  private static final long LAYER = 4 * 4 * 4 + 64;

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
    manual_seed(3);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Weights weights(Module module) {
    Weights weights = Weights.of(module);
    weights.zeroGrad();
    return weights;
  }

  private static GradientBuckets buckets(Weights weights, long bytes) {
    return GradientBuckets.of(weights, new Bucketing(0, bytes)).orElseThrow();
  }

  /** What a plain backward pass gathers. */
  private static Tensor plain(Chain chain, Weights weights, Tensor... inputs) {
    weights.zeroGrad();
    for (Tensor input : inputs) {
      chain.loss(input).backward();
    }
    Tensor gradient = weights.gradients().clone();
    weights.zeroGrad();
    return gradient;
  }

  private static Tensor layer(Tensor gradient, int index) {
    return gradient.narrow(0, index * LAYER / 4, LAYER / 4);
  }

  @Test
  void lastLayersGoFirstAndEachIsCompleteWhenItGoes() {
    Chain chain = new Chain(4, List.of(0, 1, 2, 3));
    Weights weights = weights(chain);
    Tensor input = randn(5, 4);
    Tensor expected = plain(chain, weights, input);
    List<Tensor> handedOn = new ArrayList<>();
    try (GradientBuckets buckets = buckets(weights, LAYER)) {
      assertThat(buckets.size()).isEqualTo(4);
      buckets.backward(
          () -> chain.loss(input).backward(),
          part -> {
            int layer = 3 - handedOn.size();
            assertThat(equal(part, layer(expected, layer))).isTrue();
            for (int before = 0; before < layer; before++) {
              assertThat(layer(weights.gradients(), before).abs().sum().item_double()).isZero();
            }
            handedOn.add(part.clone());
          });
      assertThat(handedOn).hasSize(4);
      assertThat(equal(weights.gradients(), expected)).isTrue();
    }
  }

  @Test
  void aLayerUsedTwiceGoesOnceAndOneThatIsNotUsedHoldsUpThoseBeforeIt() {
    Chain chain = new Chain(4, List.of(0, 1, 1, 3)); // 2 is not used
    Weights weights = weights(chain);
    Tensor input = randn(5, 4);
    Tensor expected = plain(chain, weights, input);
    List<Tensor> handedOn = new ArrayList<>();
    List<Double> firstLayer = new ArrayList<>();
    try (GradientBuckets buckets = buckets(weights, LAYER)) {
      buckets.backward(
          () -> chain.loss(input).backward(),
          part -> {
            firstLayer.add(layer(weights.gradients(), 0).abs().sum().item_double());
            handedOn.add(part.clone());
          });
    }
    assertThat(handedOn).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(equal(handedOn.get(i), layer(expected, 3 - i))).isTrue();
    }
    assertThat(firstLayer.get(0)).isZero();
    assertThat(firstLayer.get(1)).isPositive(); // the pass was over
    assertThat(equal(weights.gradients(), expected)).isTrue();
  }

  @Test
  void onlyTheLastOfSeveralPassesHandsOn() {
    Chain chain = new Chain(3, List.of(0, 1, 2));
    Weights weights = weights(chain);
    Tensor[] inputs = {randn(5, 4), randn(5, 4), randn(5, 4)};
    Tensor expected = plain(chain, weights, inputs);
    try (GradientBuckets buckets = buckets(weights, 1)) {
      for (int step = 0; step < 2; step++) {
        weights.zeroGrad();
        chain.loss(inputs[0]).backward();
        chain.loss(inputs[1]).backward();
        List<Tensor> handedOn = new ArrayList<>();
        buckets.backward(
            () -> chain.loss(inputs[2]).backward(), part -> handedOn.add(part.clone()));
        assertThat(handedOn).hasSize(6);
        assertThat(equal(weights.gradients(), expected)).isTrue();
        List<Tensor> again = new ArrayList<>();
        buckets.handOnRest(again::add);
        assertThat(again).isEmpty();
        buckets.begin();
      }
    }
  }

  @Test
  void withoutAnyPassEverythingIsHandedOnAtTheEnd() {
    Chain chain = new Chain(3, List.of(0, 1, 2));
    Weights weights = weights(chain);
    try (GradientBuckets buckets = buckets(weights, LAYER)) {
      List<Tensor> handedOn = new ArrayList<>();
      buckets.handOnRest(handedOn::add);
      assertThat(handedOn).hasSize(3);
      assertThat(handedOn.stream().mapToLong(Tensor::numel).sum())
          .isEqualTo(weights.gradients().numel());
    }
  }

  @Test
  void aGradientAfterTheLastIsRefused() {
    Chain chain = new Chain(2, List.of(0, 1));
    Weights weights = weights(chain);
    try (GradientBuckets buckets = buckets(weights, LAYER)) {
      buckets.requireOpen();
      buckets.backward(() -> chain.loss(randn(5, 4)).backward(), part -> {});
      assertThatThrownBy(buckets::requireOpen).hasMessageContaining("said to be the step's last");
      chain.loss(randn(5, 4)).backward(); // by whatever way it comes
      assertThatThrownBy(() -> buckets.handOnRest(part -> {}))
          .hasMessageContaining("said to be the step's last");
    }
  }

  @Test
  void whatFailsInTheMiddleIsThrownAfterThePassAndLeavesTheGradientsInPlace() {
    Chain chain = new Chain(4, List.of(0, 1, 2, 3));
    Weights weights = weights(chain);
    Tensor input = randn(5, 4);
    Tensor expected = plain(chain, weights, input);
    IllegalStateException failure = new IllegalStateException("the line is cut");
    List<Tensor> handedOn = new ArrayList<>();
    try (GradientBuckets buckets = buckets(weights, LAYER)) {
      assertThatThrownBy(
              () ->
                  buckets.backward(
                      () -> chain.loss(input).backward(),
                      part -> {
                        if (handedOn.size() == 1) {
                          throw failure;
                        }
                        handedOn.add(part);
                      }))
          .isSameAs(failure);
    }
    weights.zeroGrad();
    chain.loss(input).backward();
    assertThat(equal(weights.gradients(), expected)).isTrue();
  }

  @Test
  void aPassThatFailsInTheMiddleLeavesTheGradientsInPlace() {
    Chain chain = new Chain(4, List.of(0, 1, 2, 3));
    Weights weights = weights(chain);
    Tensor input = randn(5, 4);
    Tensor expected = plain(chain, weights, input);
    List<Tensor> handedOn = new ArrayList<>();
    try (GradientBuckets buckets = buckets(weights, LAYER)) {
      assertThatThrownBy(
              () ->
                  buckets.backward(() -> chain.lossThatFailsAt(2, input).backward(), handedOn::add))
          .hasMessageContaining("out of memory");
      assertThat(handedOn).hasSize(2);
    }
    weights.zeroGrad();
    chain.loss(input).backward();
    assertThat(equal(weights.gradients(), expected)).isTrue();
  }

  @Test
  void smallGradientsStayWhole() {
    Weights weights = weights(new Chain(2, List.of(0, 1)));
    assertThat(GradientBuckets.of(weights, Bucketing.usual())).isEmpty();
    assertThat(GradientBuckets.of(weights, Bucketing.never())).isEmpty();
    assertThat(GradientBuckets.of(weights, new Bucketing(2 * LAYER, 1))).isPresent();
    assertThat(GradientBuckets.of(weights, new Bucketing(2 * LAYER + 1, 1))).isEmpty();
  }
}
