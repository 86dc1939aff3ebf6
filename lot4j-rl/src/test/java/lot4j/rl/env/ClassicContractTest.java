package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import lot4j.rl.EnvironmentContract;
import lot4j.rl.EnvironmentSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassicContractTest {
  static Stream<EnvironmentSpec> environments() {
    return Stream.of(
        CartPole.standard(),
        new CartPole(1),
        Acrobot.standard(),
        MountainCar.standard(),
        MountainCarContinuous.standard(),
        Pendulum.standard(),
        new Pendulum(37, 0));
  }

  @ParameterizedTest
  @MethodSource("environments")
  void keepsTheContract(EnvironmentSpec spec) {
    assertThat(EnvironmentContract.violations(spec)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("environments")
  void everySeedBeginsElsewhere(EnvironmentSpec spec) {
    assertThat(EnvironmentContract.hasChance(spec)).isTrue();
  }
}
