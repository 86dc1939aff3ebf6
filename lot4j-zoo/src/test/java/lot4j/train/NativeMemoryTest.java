package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long run takes no more native memory than a short one. */
class NativeMemoryTest {
  static final String BUSY =
      """
      name: busy
      task: {kind: image, data: digits, train-examples: 80, augment: crop-flip}
      method: lot
      teacher: {model: cnn, channels: [4], hidden: 8, dropout: 0.3}
      students:
        - {model: cnn, channels: [4], hidden: 8, dropout: 0.2}
        - {model: mlp, hidden: [8]}
      lot: {steps: 2}
      optimizer: {kind: sgd, lr: 0.01, momentum: 0.9, weight-decay: 1e-4, clip: 1}
      schedule: {kind: plateau}
      batch-size: 8
      ema: 0.99
      eval-every: 100
      checkpoint: {every: 50}
      threads: 1
      """;
  static final long MEBIBYTE = 1 << 20;

  @TempDir Path temporary;

  static NativeMemory watch(Path directory, int updates, int every, String precision) {
    Path run =
        Runs.create(
            directory,
            Runs.config(BUSY, "budget={updates: " + updates + "}", "precision=" + precision));
    NativeMemory memory = new NativeMemory(every);
    NativeMemory.fillHeap();
    Runs.session().proceed(run, memory, () -> false);
    return memory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "bfloat16"})
  void nothingIsKeptFromStepsEvaluationsAndCheckpoints(String precision) {
    var samples = watch(temporary.resolve("run"), 320, 20, precision).samples();
    // Both 20 steps after a checkpoint and an evaluation; the collector may free some in between.
    NativeMemory.Sample early = samples.get(5);
    NativeMemory.Sample late = samples.get(15);
    assertThat(late.live()).isLessThanOrEqualTo(early.live());
    assertThat(late.held()).isEqualTo(early.held());
  }

  @Test
  void residentMemoryStaysFlat() {
    assumeTrue(NativeMemory.canBeRead(), "no /proc/self/status: resident memory is not checked");
    var samples = watch(temporary.resolve("run"), 1500, 250, "bfloat16").samples();
    long growth = samples.get(5).resident() - samples.get(1).resident();
    assertThat(growth).isLessThan(30 * MEBIBYTE);
  }
}
