package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Image Transformers, whose layers are tested one by one, learn as a whole: digits, 8 epochs. */
class TransformersLearnTest {
  private static final String DIGITS =
      """
      name: digits
      task: {kind: image, data: digits, augment: none}
      method: teacher-only
      teacher: %s
      optimizer: {kind: adamw, lr: 4e-3, weight-decay: 0.05, clip: 1}
      schedule: {kind: cosine, warmup: 1}
      budget: {epochs: 8}
      batch-size: 32
      eval-every: 8
      checkpoint: {every: 8}
      threads: 1
      """;

  @TempDir Path temporary;

  /** Guessing is right for one image in ten. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{model: vit, patch: 2, width: 32, depth: 2, heads: 4, mlp-ratio: 2}",
        "{model: swin, patch: 2, width: 32, depths: [2, 2], heads: [2, 4], window: 2, mlp-ratio: 2}"
      })
  void farAboveChance(String model) {
    Outcome outcome = Runs.run(temporary.resolve("run"), DIGITS.formatted(model));
    assertThat(outcome.primary().orElseThrow()).isGreaterThan(0.6);
  }
}
