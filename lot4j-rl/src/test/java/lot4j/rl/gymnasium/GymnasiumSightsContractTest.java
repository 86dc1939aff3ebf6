package lot4j.rl.gymnasium;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import lot4j.rl.EnvironmentContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in's pictures and places, as {@link GymnasiumContractTest} does the others. */
@Tag("slow") // it starts some hundred Pythons
class GymnasiumSightsContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"Picture-v0", "Where-v0"})
  void keepsTheContract(String id) {
    Gymnasium spec =
        new Gymnasium(id, StandIn.python(directory), 0, Map.of("limit", 60), Channels.AUTO);
    assertThat(EnvironmentContract.violations(spec)).isEmpty();
  }
}
