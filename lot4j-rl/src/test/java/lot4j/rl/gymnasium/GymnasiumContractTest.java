package lot4j.rl.gymnasium;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import lot4j.rl.EnvironmentContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stand-in's environments through the bridge, held to what every environment has to keep; those
 * that show pictures and places: {@link GymnasiumSightsContractTest}, since two classes run at a
 * time.
 */
@Tag("slow") // it starts some hundred Pythons
class GymnasiumContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"Counter-v0", "Nudge-v0"})
  void keepsTheContract(String id) {
    Gymnasium spec =
        new Gymnasium(id, StandIn.python(directory), 0, Map.of("limit", 60), Channels.AUTO);
    assertThat(EnvironmentContract.violations(spec)).isEmpty();
  }

  @Test
  void whatDoesNotFollowItsSeedBreaksIt() {
    Gymnasium spec =
        new Gymnasium(
            "Forgets-v0", StandIn.python(directory), 0, Map.of("limit", 60), Channels.AUTO);
    assertThat(EnvironmentContract.violations(spec)).isNotEmpty();
  }
}
