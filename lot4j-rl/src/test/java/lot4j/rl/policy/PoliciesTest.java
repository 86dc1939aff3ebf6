package lot4j.rl.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.List;
import java.util.stream.Stream;
import lot4j.DataStream;
import lot4j.Descent;
import lot4j.Distribution;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Shape;
import lot4j.model.vision.Mlp;
import lot4j.optim.Weights;
import lot4j.rl.ActionSpace;
import lot4j.rl.PolicySpec;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PoliciesTest {
  private static final ActionSpace THREE = new ActionSpace.Discrete(3);
  private static final ActionSpace NUMBERS =
      new ActionSpace.Box(List.of(-1.0, -1.0), List.of(1.0, 1.0));
  private static final Shape FEATURES = Shape.of(4);
  private static final Shape GRID = Shape.of(5, 10, 10);

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
    torch.manual_seed(1);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<Arguments> policies() {
    return Stream.of(THREE, NUMBERS)
        .flatMap(
            actions ->
                Stream.of(
                    Arguments.of(new ActorCritic(), FEATURES, actions),
                    Arguments.of(
                        new ActorCritic(
                            List.of(7, 5), ActorCritic.Nonlinearity.RELU, true, -1, true),
                        FEATURES,
                        actions),
                    Arguments.of(new GridCnn(List.of(3, 6), 11), GRID, actions),
                    Arguments.of(new NatureCnn(13), Shape.of(2, 40, 44), actions),
                    Arguments.of(new TwoNetworks(new Mlp()), FEATURES, actions)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void areCountedAsTheyAreBuiltAndSayWhatTheSpaceAsks(
      PolicySpec spec, Shape input, ActionSpace actions) {
    Model model = spec.build(input, actions);
    try (Weights weights = Weights.of(model.module())) {
      assertThat(weights.count()).isEqualTo(spec.census(input, actions).parameters());
    }
    long[] batch = Stream.concat(Stream.of(6L), input.sizes().stream()).mapToLong(n -> n).toArray();
    Output output = model.forward(randn(batch), new Memory());
    assertThat(output.extras().get("value").sizes().vec().get()).containsExactly(6);
    if (actions instanceof ActionSpace.Box) {
      Distribution.DiagonalNormal normal = (Distribution.DiagonalNormal) output.distribution();
      assertThat(normal.mean().sizes().vec().get()).containsExactly(6, 2);
      assertThat(normal.logStd().numel()).isEqualTo(2);
    } else {
      assertThat(output.logits().sizes().vec().get()).containsExactly(6, 3);
    }
  }

  /** Without a gradient some of it is done in place, past the engine's bookkeeping. */
  @ParameterizedTest
  @MethodSource("policies")
  void whereNoGradientIsAskedForTheyAnswerTheSameToTheBit(
      PolicySpec spec, Shape input, ActionSpace actions) {
    Model model = spec.build(input, actions);
    model.mode(false);
    long[] batch = Stream.concat(Stream.of(6L), input.sizes().stream()).mapToLong(n -> n).toArray();
    Tensor inputs = randn(batch);
    Tensor before = inputs.clone();
    List<Tensor> learning = numbers(model.forward(inputs, new Memory()));
    List<Tensor> asked;
    try (NoGradGuard constant = new NoGradGuard()) {
      asked = numbers(model.forward(inputs, new Memory()));
    }
    assertThat(inputs.equal(before)).isTrue();
    for (int i = 0; i < asked.size(); i++) {
      assertThat(asked.get(i).equal(learning.get(i))).isTrue();
      assertThat(learning.get(i).requires_grad()).isTrue();
      assertThat(asked.get(i).requires_grad()).isFalse();
    }
    // Constants in another's loss, as students' answers are.
    learning.get(0).mul(asked.get(0)).sum().add(learning.get(1).mul(asked.get(1)).sum()).backward();
  }

  private static List<Tensor> numbers(Output output) {
    Tensor said =
        output.distribution() instanceof Distribution.DiagonalNormal normal
            ? normal.mean()
            : output.logits();
    return List.of(said, output.extras().get("value"));
  }

  /** 1,684,641 + 513 · A, the network of the Atari experiments. */
  @ParameterizedTest
  @CsvSource({"4, 1686693", "6, 1687719", "9, 1689258", "18, 1693875"})
  void theAtariNetworkHasThePublishedSize(int actions, long parameters) {
    ActionSpace space = new ActionSpace.Discrete(actions);
    Shape screen = Shape.of(4, 84, 84);
    assertThat(new NatureCnn().census(screen, space).parameters()).isEqualTo(parameters);
    try (Weights weights = Weights.of(new NatureCnn().build(screen, space).module())) {
      assertThat(weights.count()).isEqualTo(parameters);
    }
  }

  /**
   * Convolutions: 20·20·32·4·8·8 + 9·9·64·32·4·4 + 7·7·64·64·3·3; then 3136·512 and 512·(A + 1).
   */
  @Test
  void itsWorkIsThatOfItsLayers() {
    long macs = 3_276_800 + 2_654_208 + 1_806_336 + 3136 * 512 + 512 * 5;
    assertThat(new NatureCnn().census(Shape.of(4, 84, 84), new ActionSpace.Discrete(4)).macs())
        .isEqualTo(macs);
  }

  @Test
  void beginOrthogonalWithTheActorsChoicesAboutAsLikely() {
    Model model = new ActorCritic().build(FEATURES, THREE);
    try (Weights weights = Weights.of(model.module())) {
      assertRowsOrthogonal(weights.parameter("actor.2.weight").orElseThrow(), 2);
      assertRowsOrthogonal(weights.parameter("actor.4.weight").orElseThrow(), 1e-4);
      assertRowsOrthogonal(weights.parameter("critic.4.weight").orElseThrow(), 1);
      assertThat(weights.parameter("actor.2.bias").orElseThrow().abs().sum().item_double())
          .isZero();
    }
  }

  private static void assertRowsOrthogonal(Tensor weight, double square) {
    Tensor products = weight.matmul(weight.t());
    Tensor expected = torch.eye(weight.size(0)).mul(new org.bytedeco.pytorch.Scalar(square));
    assertThat(products.sub(expected).abs().max().item_double()).isLessThan(1e-5);
  }

  @Test
  void computesWhatItsLayersSay() {
    Model model = new ActorCritic().build(FEATURES, THREE);
    try (Weights weights = Weights.of(model.module())) {
      Tensor x = randn(5, 4);
      Output output = model.forward(x, new Memory());
      assertClose(output.logits(), byHand(weights, "actor", x));
      assertClose(output.extras().get("value"), byHand(weights, "critic", x).squeeze(-1));
    }
  }

  private static Tensor byHand(Weights weights, String part, Tensor x) {
    Tensor h = x;
    for (int layer = 0; layer <= 4; layer += 2) {
      Tensor weight = weights.parameter(part + "." + layer + ".weight").orElseThrow();
      h = h.matmul(weight.t()).add(weights.parameter(part + "." + layer + ".bias").orElseThrow());
      h = layer < 4 ? torch.tanh(h) : h;
    }
    return h;
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.sub(expected).abs().max().item_double()).isLessThan(1e-6);
  }

  @Test
  void statisticsAreThoseOfAllThatWasLearntFromAndStayWhereOneIsOnlyAsked() {
    Model model =
        new ActorCritic(List.of(8), ActorCritic.Nonlinearity.TANH, false, 0, true)
            .build(FEATURES, THREE);
    try (Weights weights = Weights.of(model.module());
        Learner learner = Learner.of(model, Descent.none())) {
      Tensor first = randn(200, 4).mul(new org.bytedeco.pytorch.Scalar(3));
      Tensor second = randn(100, 4).add(new org.bytedeco.pytorch.Scalar(5));
      Output acted = learner.answer(first.narrow(0, 0, 8), DataStream.TASK);
      learner.peek(second, DataStream.TASK);
      Output studied = learner.study(first, DataStream.TASK);
      // The first minibatch after a rollout is seen as it was acted on, a few rows at a time.
      assertClose(acted.logits(), studied.logits().narrow(0, 0, 8));
      learner.study(second, DataStream.TASK);
      Tensor all = torch.cat(new org.bytedeco.pytorch.TensorVector(first, second), 0);
      assertThat(weights.buffers().get("norm.mean").sub(all.mean(0)).abs().max().item_double())
          .isCloseTo(0, within(1e-4));
      Tensor spread = all.sub(all.mean(0)).square().mean(0);
      assertThat(weights.buffers().get("norm.var").sub(spread).abs().max().item_double())
          .isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void refusesWhatItCannotSee() {
    assertThatThrownBy(() -> new NatureCnn().build(Shape.of(4, 20, 20), THREE))
        .hasMessageContaining("36x36 or more");
    assertThatThrownBy(() -> new GridCnn().census(FEATURES, THREE))
        .hasMessageContaining("[channels, height, width]");
  }
}
