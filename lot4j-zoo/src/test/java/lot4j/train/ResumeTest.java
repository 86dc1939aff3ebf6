package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was stopped and resumed ends in the bits of one that was not. */
class ResumeTest {
  /** Everything that has state: dropout, augmentation, batch norm, EMA, two students, plateau. */
  private static final String EVERYTHING =
      """
      name: everything
      task: {kind: image, data: digits, train-examples: 50, augment: crop-flip}
      method: lot
      teacher: {model: cnn, channels: [6], hidden: 8, dropout: 0.3}
      students:
        - {model: cnn, channels: [4], hidden: 8, dropout: 0.2, lambda: 0.3}
        - {model: mlp, hidden: [10], dropout: 0.5, lambda: 0.7}
      optimizer: {kind: adamw, lr: 0.01}
      schedule: {kind: plateau, patience: 0, factor: 0.5, warmup: 2}
      budget: {updates: 16}
      batch-size: 12
      student-batch-size: 9
      accumulate: 2
      ema: 0.9
      precision: bfloat16
      eval-every: 3
      checkpoint: {every: 4}
      threads: 1
      """;

  private static final int[][] SOME = {{3, 3, 3, 3}, {15}};
  private static final int[][] MORE = {{1}, {4, 2}, {7}};

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"bfloat16", "float32"})
  void interruptedAnywhereItEndsInTheSameBits(String precision) {
    String set = "precision=" + precision;
    Path unbroken = temporary.resolve("unbroken");
    Outcome whole = Runs.run(unbroken, EVERYTHING, set);
    assertThat(whole.status()).isEqualTo(RunStatus.DONE);

    int[][] all = precision.equals("float32") ? SOME : MORE;
    for (int[] stops : all) {
      Path broken = temporary.resolve("broken" + stops[0] + "-" + stops.length);
      Runs.create(broken, Runs.config(EVERYTHING, set));
      for (int stop : stops) {
        assertThat(Runs.proceed(broken, Runs.after(stop)).status())
            .isEqualTo(RunStatus.INTERRUPTED);
        assertThat(RunSession.status(broken)).isEqualTo("interrupted");
      }
      assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
      assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
      assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
      assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
    }
  }

  /** As after a kill: files of the time after the last checkpoint are still there. */
  @Test
  void whatWasWrittenAfterTheCheckpointIsForgotten() throws IOException {
    Path unbroken = temporary.resolve("unbroken");
    Runs.run(unbroken, EVERYTHING);
    Path killed = temporary.resolve("killed");
    Runs.create(killed, Runs.config(EVERYTHING));
    Runs.proceed(killed, Runs.after(6));
    Files.writeString(
        killed.resolve("metrics.jsonl"),
        Files.readString(killed.resolve("metrics.jsonl")) + "{\"step\":9}\n{\"half a li");
    Files.createDirectories(killed.resolve("checkpoints/.tmp-step-00000008.ckpt"));
    Runs.proceed(killed, () -> false);
    assertThat(Runs.metrics(killed)).isEqualTo(Runs.metrics(unbroken));
    assertThat(Runs.lastFiles(killed)).isEqualTo(Runs.lastFiles(unbroken));
  }

  @Test
  void killedBetweenSavingAndMarkingTheBestItStillChoosesTheBest() throws IOException {
    String still = "optimizer={kind: sgd, lr: 0.0}"; // the first evaluation stays the best
    Path unbroken = temporary.resolve("unbroken");
    assertThat(Runs.run(unbroken, Runs.SMALL, still).selectedStep()).isEqualTo(4);
    Path killed = temporary.resolve("killed");
    Runs.create(killed, Runs.config(Runs.SMALL, still));
    Runs.proceed(killed, Runs.after(4));
    Path best = killed.resolve("checkpoints/best");
    Files.delete(best);
    assertThat(Runs.proceed(killed, () -> false).selectedStep()).isEqualTo(4);
    assertThat(Runs.result(killed)).isEqualTo(Runs.result(unbroken));
    assertThat(Runs.text(best)).isEqualTo("step-00000004.ckpt\n");
  }

  @Test
  void aBestCheckpointThatIsGoneIsSaidAndTheRunGoesOn() throws IOException {
    Path directory = temporary.resolve("run");
    Runs.create(directory, Runs.config(EVERYTHING));
    Runs.proceed(directory, Runs.after(4));
    Path step = directory.resolve("checkpoints/step-00000003.ckpt");
    for (Path file : Runs.list(step)) {
      Files.delete(file);
    }
    Files.delete(step);
    List<String> warnings = new ArrayList<>();
    Listener listener =
        new Listener() {
          @Override
          public void warning(String message) {
            warnings.add(message);
          }
        };
    Outcome outcome = Runs.session().proceed(directory, listener, () -> false);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.selectedStep()).isGreaterThan(4);
    assertThat(warnings).anyMatch(w -> w.contains("step 3") && w.contains("is gone"));
  }

  @Test
  void aFinishedRunScoresNothingNewWhenAskedAgain() {
    Path directory = temporary.resolve("run");
    Runs.run(directory, Runs.SMALL);
    List<String> metrics = Runs.metrics(directory);
    String result = Runs.result(directory);
    assertThat(Runs.proceed(directory, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.metrics(directory)).isEqualTo(metrics);
    assertThat(Runs.result(directory)).isEqualTo(result);
  }
}
