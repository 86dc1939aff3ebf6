package lot4j.sweep.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import lot4j.config.ConfigError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlurmOptionsTest {
  private static SlurmOptions with(String... more) {
    return new SlurmOptions(
        Optional.empty(),
        Optional.empty(),
        3,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(more));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array=0-3",
        "output=x",
        "wrap=true",
        "requeue",
        "signal=TERM@60",
        "p=main",
        "--qos=x",
        "",
        "=x",
        "comment=a\nb"
      })
  void refusesWhatItSetsItselfAndWhatIsNoLongOption(String option) {
    assertThatThrownBy(() -> with(option))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("--sbatch " + option.replace("\n", "\\n"))
        .hasMessageContaining("not allowed");
  }

  @Test
  void allProblemsAreSaidTogether() {
    assertThatThrownBy(
            () ->
                new SlurmOptions(
                    Optional.empty(),
                    Optional.of(0),
                    -1,
                    Optional.of(" "),
                    Optional.empty(),
                    Optional.of("1\n2"),
                    Optional.of(0),
                    Optional.empty(),
                    List.of()))
        .isInstanceOfSatisfying(
            ConfigError.class, error -> assertThat(error.problems()).hasSize(5));
  }

  @Test
  void readsWhatItWrote() {
    SlurmOptions full =
        new SlurmOptions(
            Optional.of(2),
            Optional.of(5),
            0,
            Optional.of("gpu"),
            Optional.of("lab"),
            Optional.of("0-12"),
            Optional.of(4),
            Optional.of("8G"),
            List.of("gres=gpu:1", "exclusive"));
    for (SlurmOptions options : List.of(full, with())) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      options.write(node);
      assertThat(SlurmOptions.read(node)).isEqualTo(options);
    }
  }

  @Test
  void anArrayStaysWithinSlurmsLimit() {
    assertThat(with().perTask(1)).isEqualTo(1);
    assertThat(with().perTask(1000)).isEqualTo(1);
    assertThat(with().perTask(1001)).isEqualTo(2);
    assertThat(with().perTask(10_000)).isEqualTo(10);
  }
}
