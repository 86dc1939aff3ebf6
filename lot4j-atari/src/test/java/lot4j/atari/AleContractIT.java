package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;

import lot4j.rl.EnvironmentContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A game as published, held to what every environment has to keep. */
@Tag("slow")
class AleContractIT {
  @Test
  void keepsTheContract() {
    assertThat(EnvironmentContract.violations(AleTest.tetris())).isEmpty();
  }
}
