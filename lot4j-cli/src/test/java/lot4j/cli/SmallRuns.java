package lot4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;

/** A small experiment with everything that has state: dropout, augmentation, EMA, two students. */
final class SmallRuns {
  private static final String CONFIG =
      """
      name: small
      task: {kind: image, data: made-up, augment: crop-flip, validation: 0.2}
      method: lot
      methods: [teacher-only, teacher-only-equal-compute, lot-paper]
      teacher: {model: cnn, channels: [4, 8], hidden: 16, dropout: 0.2}
      students:
        - {model: cnn, channels: [4, 8], hidden: 16, dropout: 0.1}
        - {model: mlp, hidden: [16], dropout: 0.2}
      lot: {steps: 2}
      optimizer: {kind: sgd, lr: 0.05, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
      student-optimizer: {kind: adam, lr: 1e-3}
      schedule: {kind: cosine, warmup: 3}
      budget: {updates: %d}
      batch-size: 16
      ema: 0.9
      eval-every: 7
      checkpoint: {every: 3, keep: 2}
      threads: 1
      seeds: [0, 1]
      """;

  private SmallRuns() {}

  /** Writes {@code small.yaml} and its images; 10 updates are an epoch. */
  static void write(Path directory, int updates) throws IOException {
    new SyntheticImages(Cifar.CIFAR10, 200, 60, 1).write(directory.resolve("made-up"));
    Files.writeString(directory.resolve("small.yaml"), CONFIG.formatted(updates));
  }
}
