package lot4j.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private static int[] first(long seed, String name) {
    return new Streams(seed).named(name).permutation(100);
  }

  @Test
  void aStreamIsAFunctionOfSeedAndName() {
    assertThat(first(1, "order.task")).isEqualTo(first(1, "order.task"));
    assertThat(first(1, "order.task")).isNotEqualTo(first(2, "order.task"));
    assertThat(first(1, "order.task")).isNotEqualTo(first(1, "order.student"));
    assertThat(first(1, "a")).isNotEqualTo(first(-1, "a"));
  }

  @Test
  void whatAnotherStreamDrawsDoesNotMatter() {
    Streams streams = new Streams(4);
    RandomStream other = streams.named("order.student");
    RandomStream own = streams.named("order.task");
    other.permutation(1000);
    assertThat(own.permutation(100)).isEqualTo(first(4, "order.task"));
  }

  @Test
  void theEnginesSeedsDifferByNameAndSeed() {
    List<Long> seeds =
        List.of(
            new Streams(0).engineSeed("init.teacher"),
            new Streams(0).engineSeed("init.student0"),
            new Streams(0).engineSeed("dropout.teacher.learner"),
            new Streams(1).engineSeed("init.teacher"));
    assertThat(seeds).doesNotHaveDuplicates();
    assertThat(new Streams(0).engineSeed("init.teacher")).isEqualTo(seeds.get(0));
  }

  /**
   * SHA-256 worked out elsewhere. Results of earlier versions stay reproducible: these numbers must
   * never change.
   */
  @Test
  void theFirstNumbersAreTheseForEver() {
    assertThat(new Streams(0).engineSeed("init.teacher")).isEqualTo(8586514356373701177L);
    assertThat(new Streams(7).named("order.task").permutation(8))
        .containsExactly(2, 5, 4, 7, 1, 3, 0, 6);
  }
}
