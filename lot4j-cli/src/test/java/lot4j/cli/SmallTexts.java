package lot4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A small language model on made-up text; an epoch of the teacher is 9 updates. */
final class SmallTexts {
  private static final String CONFIG =
      """
      name: tiny
      task: {kind: text, data: text.txt, tokens: char, length: 13}
      method: lot
      methods:
        - teacher-only
        - teacher-only-equal-compute
        - lot-paper
        - {label: lot-released, method: lot, set: {lot.objective: released, lot.steps: 2}}
      teacher: {model: lstm, embedding: 6, hidden: 8, layers: 1, dropout: 0.2}
      students: [{model: lstm, embedding: 6, hidden: 8, layers: 1, dropout: 0.2}]
      lot: {steps: 2}
      optimizer: {kind: adam, lr: 0.02, clip: 1}
      budget: {updates: %d}
      batch-size: 3
      student-batch-size: 2
      eval-batch-size: 2
      eval-every: 6
      checkpoint: {every: 3, keep: 2}
      threads: 1
      seeds: [0, 1]
      """;

  private SmallTexts() {}

  /** A small network of that model, with dropout. */
  static String network(String model) {
    return model.equals("lstm")
        ? "{model: lstm, embedding: 6, hidden: 8, layers: 2, dropout: 0.3}"
        : "{model: transformer-xl, layers: 2, width: 8, heads: 2, head-width: 4, inner: 12,"
            + " memory: 17, dropout: 0.2, attention-dropout: 0.1}";
  }

  /** Words of a tiny language. */
  static String made(int characters, long seed) {
    String[] words = {"ab", "bad", "cab", "dab", "face", "head", "bead", "a"};
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    while (text.length() < characters) {
      text.append(words[random.nextInt(words.length)]).append(random.nextInt(6) == 0 ? '\n' : ' ');
    }
    return text.substring(0, characters);
  }

  /** Writes {@code tiny.yaml} and {@code text.txt} of 400 characters. */
  static void write(Path directory, int updates) throws IOException {
    Files.writeString(directory.resolve("text.txt"), made(400, 1));
    Files.writeString(directory.resolve("tiny.yaml"), CONFIG.formatted(updates));
  }
}
