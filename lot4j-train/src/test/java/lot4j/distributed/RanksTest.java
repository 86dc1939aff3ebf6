package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process learns from its environment. */
class RanksTest {
  private static final Map<String, String> SECOND =
      Map.of(
          "RANK", "1",
          "WORLD_SIZE", "3",
          "LOCAL_RANK", "1",
          "LOCAL_WORLD_SIZE", "2",
          "MASTER_ADDR", "node0",
          "MASTER_PORT", "29500");

  private static Map<String, String> second(String name, String value) {
    Map<String, String> changed = new HashMap<>(SECOND);
    changed.put(name, value);
    return changed;
  }

  @Test
  void theEnvironmentNamesAPlace() {
    assertThat(Ranks.of(SECOND)).isEqualTo(new Ranks(1, 3, 1, 2, "node0", 29500));
    assertThat(Ranks.of(Map.of())).isEqualTo(Ranks.alone());
    assertThat(Ranks.of(Map.of("WORLD_SIZE", "1", "RANK", "0"))).isEqualTo(Ranks.alone());
  }

  @Test
  void whereTheAgentListensTheNextPortIsUsed() {
    assertThat(Ranks.of(second("TORCHELASTIC_USE_AGENT_STORE", "True")).port()).isEqualTo(29501);
    assertThat(Ranks.of(second("TORCHELASTIC_USE_AGENT_STORE", "False")).port()).isEqualTo(29500);
  }

  @ParameterizedTest
  @CsvSource({
    "RANK, 3, RANK = 3",
    "RANK, -1, RANK = -1",
    "RANK, first, RANK = first",
    "RANK, '', RANK is not set",
    "WORLD_SIZE, 0, WORLD_SIZE = 0",
    "WORLD_SIZE, '', RANK = 1",
    "MASTER_ADDR, '', MASTER_ADDR is not set",
    "MASTER_PORT, 70000, MASTER_PORT = 70000",
    "MASTER_PORT, '', MASTER_PORT is not set",
    "LOCAL_RANK, -1, LOCAL_RANK = -1",
    "LOCAL_WORLD_SIZE, 0, LOCAL_WORLD_SIZE = 0",
  })
  void whatMakesNoSenseIsNamed(String name, String value, String message) {
    assertThatThrownBy(() -> Ranks.of(second(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void patienceIsCountedInSeconds() {
    assertThat(Patience.of(Map.of())).isEqualTo(patience(300, 15, 30));
    assertThat(
            Patience.of(
                Map.of("LOT_TIMEOUT", "2", "LOT_JOIN_TIMEOUT", "7", "LOT_STALL_TIMEOUT", "9")))
        .isEqualTo(patience(7, 2, 9));
    assertThat(patience(7, 2, 9).beat()).isEqualTo(Duration.ofMillis(400));
    for (String wrong : new String[] {"0", "-1", "soon"}) {
      assertThatThrownBy(() -> Patience.of(Map.of("LOT_TIMEOUT", wrong)))
          .hasMessageContaining("LOT_TIMEOUT = " + wrong);
      assertThatThrownBy(() -> Patience.of(Map.of("LOT_STALL_TIMEOUT", wrong)))
          .hasMessageContaining("LOT_STALL_TIMEOUT = " + wrong);
    }
  }

  private static Patience patience(int join, int silence, int stall) {
    return new Patience(
        Duration.ofSeconds(join), Duration.ofSeconds(silence), Duration.ofSeconds(stall));
  }
}
