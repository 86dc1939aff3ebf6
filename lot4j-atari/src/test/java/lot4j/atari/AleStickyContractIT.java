package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;

import lot4j.rl.EnvironmentContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same with sticky actions; a class of its own, since two run at a time. */
@Tag("slow")
class AleStickyContractIT {
  @Test
  void keepsTheContract() {
    assertThat(EnvironmentContract.violations(AleTest.sticky())).isEmpty();
    assertThat(EnvironmentContract.hasChance(AleTest.sticky())).isTrue();
  }
}
