package lot4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tiny language models on made-up text, for tests of whole runs. */
final class TextRuns {
  static final String LSTM = "{model: lstm, embedding: 6, hidden: 8, layers: 2, dropout: 0.3}";
  static final String AWD_LSTM = "{model: awd-lstm, embedding: 6, hidden: 8, layers: 2}";
  static final String TRANSFORMER_XL =
      "{model: transformer-xl, layers: 2, width: 8, heads: 2, head-width: 4, inner: 12,"
          + " memory: 17, dropout: 0.2, attention-dropout: 0.1}";
  static final String GPT =
      "{model: gpt, layers: 2, width: 8, heads: 2, context: 16, dropout: 0.2}";

  /**
   * 324 characters to train on: an epoch of the teacher is 9 pieces, the last of 3 rows; of the
   * students 13, the last of 5. With N = 2 both streams begin anew within 12 updates.
   */
  private static final String SMALL =
      """
      name: text
      task: {kind: text, data: %s, tokens: char, length: 13}
      method: lot
      teacher: %s
      students: [%s]
      optimizer: {kind: adam, lr: 0.01, clip: 1}
      schedule: {kind: cosine, warmup: 2}
      budget: {updates: 12}
      batch-size: 3
      student-batch-size: 2
      eval-batch-size: 2
      eval-every: 5
      checkpoint: {every: 4}
      threads: 1
      """;

  private TextRuns() {}

  /** Words of a tiny language; the same for the same seed. */
  static String made(int characters, long seed) {
    String[] words = {"ab", "bad", "cab", "dab", "face", "head", "bead", "a"};
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    while (text.length() < characters) {
      text.append(words[random.nextInt(words.length)]).append(random.nextInt(6) == 0 ? '\n' : ' ');
    }
    return text.substring(0, characters);
  }

  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run of teacher and student alike, on 400 characters that lie in {@code folder}. */
  static String config(Path folder, String model) {
    Path text = folder.resolve("text.txt");
    if (!Files.exists(text)) {
      write(text, made(400, 1));
    }
    return SMALL.formatted(text, model, model);
  }

  /** {@code a;b} as overrides, and more of them. */
  static String[] overrides(String joined, String... more) {
    List<String> all = new ArrayList<>();
    for (String one : joined.split(";")) {
      if (!one.isBlank()) {
        all.add(one.strip());
      }
    }
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
