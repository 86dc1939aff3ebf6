package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassicRulesTest {
  private static final double STEEPEST = 12 * 2 * Math.PI / 360;

  static Stream<EnvironmentSpec> environments() {
    return Stream.of(
        CartPole.standard(),
        Acrobot.standard(),
        MountainCar.standard(),
        MountainCarContinuous.standard(),
        Pendulum.standard());
  }

  private static float[] see(Environment environment) {
    ByteBuffer seen = ByteBuffer.allocate(environment.spaces().observation().bytes());
    environment.observe(seen);
    float[] numbers = new float[environment.spaces().observation().count()];
    seen.flip().asFloatBuffer().get(numbers);
    return numbers;
  }

  private static void act(Environment environment, double action) {
    environment.step(new float[] {(float) action}, 0);
  }

  /** Pushes the cart under the pole. */
  private static double balancing(float[] seen) {
    return seen[2] + 0.3 * seen[3] + 0.02 * seen[0] + 0.05 * seen[1] > 0 ? 1 : 0;
  }

  @Test
  void aBalancedPoleIsTruncatedAfterFiveHundredSteps() {
    Environment environment = CartPole.standard().make(Split.TRAIN);
    environment.reset(3);
    double sum = 0;
    for (int step = 1; step <= 500; step++) {
      assertThat(environment.over()).as("after %d steps", step - 1).isFalse();
      act(environment, balancing(see(environment)));
      sum += environment.reward();
    }
    assertThat(environment.truncated()).isTrue();
    assertThat(environment.terminated()).isFalse();
    assertThat(sum).isEqualTo(500);
  }

  @Test
  void theCartMayStandAtTheLimitButNotBeyond() {
    CartPole.Running cart = new CartPole.Running(500);
    cart.place(2.4, 0, 0, 0);
    act(cart, 1);
    assertThat(cart.terminated()).isFalse();
    cart.place(Math.nextUp(2.4), 0, 0, 0);
    act(cart, 1);
    assertThat(cart.terminated()).isTrue();
    assertThat(cart.reward()).isEqualTo(1);
  }

  @Test
  void thePoleMayLeanTwelveDegreesButNotMore() {
    CartPole.Running cart = new CartPole.Running(500);
    cart.place(0, 0, STEEPEST, 0);
    act(cart, 1);
    assertThat(cart.terminated()).isFalse();
    cart.place(0, 0, -STEEPEST * (1 + 1e-12), 0);
    act(cart, 1);
    assertThat(cart.terminated()).isTrue();
  }

  @Test
  void aFallOnTheLastStepIsBothEnds() {
    CartPole.Running cart = new CartPole.Running(1);
    cart.place(3, 0, 0, 0);
    act(cart, 0);
    assertThat(cart.terminated()).isTrue();
    assertThat(cart.truncated()).isTrue();
  }

  @Test
  void theAcrobotsGoalIsOneLinkAboveThePivot() {
    // Both at rest, upright but for an angle: falls little in one step. Heights after it decide.
    Acrobot.Running low = new Acrobot.Running(500);
    low.place(Math.PI / 2, Math.PI / 2, 0, 0);
    act(low, 1);
    assertThat(low.terminated()).as("first link level, second upright, falling").isFalse();
    assertThat(low.reward()).isEqualTo(-1);
    Acrobot.Running high = new Acrobot.Running(500);
    high.place(Math.PI, 0, 0, 0);
    act(high, 1);
    assertThat(high.terminated()).as("both links upright").isTrue();
    assertThat(high.reward()).isEqualTo(0);
  }

  @Test
  void theAcrobotsAnglesStayWithinAHalfTurn() {
    assertThat(Acrobot.wrapped(Math.PI)).isEqualTo(Math.PI);
    assertThat(Acrobot.wrapped(-Math.PI)).isEqualTo(-Math.PI);
    assertThat(Acrobot.wrapped(Math.PI + 0.5)).isCloseTo(0.5 - Math.PI, within(1e-12));
    assertThat(Acrobot.wrapped(-7 * Math.PI - 0.5)).isCloseTo(Math.PI - 0.5, within(1e-12));
  }

  @Test
  void thePendulumsAngleIsTheNearestToUpright() {
    assertThat(Pendulum.wrapped(Math.PI)).isEqualTo(-Math.PI);
    assertThat(Pendulum.wrapped(-Math.PI)).isEqualTo(-Math.PI);
    assertThat(Pendulum.wrapped(2 * Math.PI)).isCloseTo(0, within(1e-12));
    assertThat(Pendulum.wrapped(-7)).isCloseTo(2 * Math.PI - 7, within(1e-12));
    Pendulum.Running hanging = new Pendulum.Running(200, 10);
    hanging.place(-Math.PI, 0);
    act(hanging, 0);
    assertThat((double) hanging.reward()).isCloseTo(-Math.PI * Math.PI, within(1e-6));
  }

  @Test
  void thePendulumIsTruncatedAndNeverTerminated() {
    Environment environment = Pendulum.standard().make(Split.TRAIN);
    environment.reset(5);
    for (int step = 1; step <= 200; step++) {
      assertThat(environment.over()).isFalse();
      act(environment, step % 3 - 1);
      assertThat(environment.terminated()).isFalse();
    }
    assertThat(environment.truncated()).isTrue();
  }

  @Test
  void thePendulumSpinsNoFasterThanEight() {
    Pendulum.Running falling = new Pendulum.Running(200, 10);
    falling.place(Math.PI / 2, 7.9);
    act(falling, 2);
    assertThat(see(falling)[2]).isEqualTo(8);
  }

  @Test
  void theMountainCarStopsAtTheWall() {
    MountainCar.Running car = new MountainCar.Running(200);
    car.place(-1.19, -0.05);
    act(car, 0);
    assertThat(see(car)).containsExactly(-1.2f, 0);
  }

  @Test
  void theMountainCarsGoalIsReachedAtHalf() {
    // cos(1.5) · 0.0025 = 0.00018 slows it, the push gives 0.001.
    MountainCar.Running car = new MountainCar.Running(200);
    car.place(0.49, 0.005);
    act(car, 2);
    assertThat(car.terminated()).isFalse();
    act(car, 2);
    assertThat(car.terminated()).isTrue();
    assertThat(car.reward()).isEqualTo(-1);
  }

  @Test
  void aCarThatRollsBackHasNotReachedTheGoal() {
    MountainCar.Running car = new MountainCar.Running(200);
    car.place(0.55, -0.02);
    act(car, 2);
    assertThat(car.terminated()).as("beyond the goal, rolling back").isFalse();
    // cos(3 · 0.6) · 0.0025 = -0.00057 speeds it up by 0.00057 at rest.
    car.place(0.6, 0);
    act(car, 1);
    assertThat(car.terminated()).as("beyond the goal, starting slowly").isTrue();
  }

  @Test
  void theContinuousCarPaysForForceAndEarnsTheGoal() {
    MountainCarContinuous.Running car = new MountainCarContinuous.Running(999);
    car.place(0.4, 0.02);
    act(car, 0.5);
    assertThat(car.reward()).isEqualTo(-0.025f);
    assertThat(car.terminated()).isFalse();
    car.place(0.44, 0.02);
    act(car, -0.5);
    assertThat(car.terminated()).isTrue();
    assertThat(car.reward()).isEqualTo(99.975f);
  }

  @ParameterizedTest
  @MethodSource("environments")
  void beginsWithinItsPublishedRange(EnvironmentSpec spec) {
    Environment environment = spec.make(Split.TRAIN);
    float[] least = new float[6];
    float[] most = new float[6];
    for (int seed = 0; seed < 400; seed++) {
      environment.reset(seed);
      float[] seen = see(environment);
      for (int i = 0; i < seen.length; i++) {
        least[i] = seed == 0 ? seen[i] : Math.min(least[i], seen[i]);
        most[i] = seed == 0 ? seen[i] : Math.max(most[i], seen[i]);
      }
    }
    double[][] range =
        switch (spec.title()) {
          case "cartpole" -> new double[][] {{-.05, .05}, {-.05, .05}, {-.05, .05}, {-.05, .05}};
          case "acrobot" ->
              new double[][] {
                {Math.cos(0.1), 1}, {-Math.sin(0.1), Math.sin(0.1)},
                {Math.cos(0.1), 1}, {-Math.sin(0.1), Math.sin(0.1)},
                {-0.1, 0.1}, {-0.1, 0.1}
              };
          case "pendulum" -> new double[][] {{-1, 1}, {-1, 1}, {-1, 1}};
          default -> new double[][] {{-0.6, -0.4}, {0, 0}};
        };
    for (int i = 0; i < range.length; i++) {
      double width = range[i][1] - range[i][0];
      assertThat((double) least[i]).isBetween(range[i][0] - 1e-6, range[i][0] + 0.05 * width);
      assertThat((double) most[i]).isBetween(range[i][1] - 0.05 * width, range[i][1] + 1e-6);
    }
  }

  @ParameterizedTest
  @MethodSource("environments")
  void refusesAStepThatNoResetPrecedes(EnvironmentSpec spec) {
    Environment environment = spec.make(Split.TRAIN);
    assertThatThrownBy(() -> act(environment, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("reset");
    environment.reset(1);
    while (!environment.over()) {
      act(environment, 0);
    }
    assertThatThrownBy(() -> act(environment, 0)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("environments")
  void refusesAnActionThatIsNone(EnvironmentSpec spec) {
    Environment environment = spec.make(Split.TRAIN);
    environment.reset(1);
    List<Float> wrong =
        spec.make(Split.TRAIN).spaces().action() instanceof ActionSpace.Discrete
            ? List.of(-1f, 3f, 0.5f, Float.NaN)
            : List.of(Float.NaN);
    for (float action : wrong) {
      assertThatThrownBy(() -> act(environment, action))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("action");
    }
  }

  @ParameterizedTest
  @MethodSource("environments")
  void drawsWhatMoves(EnvironmentSpec spec) {
    Environment environment = spec.make(Split.TRAIN);
    environment.reset(1);
    BufferedImage first = environment.render().orElseThrow();
    for (int i = 0; i < 8; i++) {
      act(environment, 1);
    }
    act(environment, 0);
    BufferedImage later = environment.render().orElseThrow();
    int differing = 0;
    int drawn = 0;
    for (int y = 0; y < first.getHeight(); y++) {
      for (int x = 0; x < first.getWidth(); x++) {
        differing += first.getRGB(x, y) == later.getRGB(x, y) ? 0 : 1;
        drawn += first.getRGB(x, y) == 0xffffffff ? 0 : 1;
      }
    }
    assertThat(differing).isPositive();
    assertThat(drawn).isGreaterThan(200);
  }

  @ParameterizedTest
  @MethodSource("environments")
  void isNamedByItsTitle(EnvironmentSpec spec) {
    Catalog catalog = new Catalog();
    BuiltIns.register(catalog);
    assertThat(catalog.entry(Category.ENVIRONMENT, spec.title()).orElseThrow().defaults())
        .isEqualTo(spec);
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() -> new CartPole(0)).hasMessageContaining("max-steps = 0");
    assertThatThrownBy(() -> new Acrobot(0)).hasMessageContaining("max-steps = 0");
    assertThatThrownBy(() -> new MountainCar(-1)).hasMessageContaining("max-steps = -1");
    assertThatThrownBy(() -> new MountainCarContinuous(0)).hasMessageContaining("max-steps");
    assertThatThrownBy(() -> new Pendulum(200, Double.NaN)).hasMessageContaining("g = NaN");
  }
}
