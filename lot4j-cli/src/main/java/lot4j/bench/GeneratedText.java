package lot4j.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lot4j.random.RandomStream;
import lot4j.random.Streams;

/**
 * A folder for the time of a measurement, with made-up text in the Penn Treebank's layout: 10,000
 * words, of which each is half as often as the word at half its rank, as in a real text.
 */
final class GeneratedText implements AutoCloseable {
  /** Words with the line's end. */
  static final int VOCABULARY = 10_000;

  /** Enough for dozens of steps of 60 columns before the text begins anew. */
  private static final int TRAIN = 250_000;

  private static final int OTHER = 2_000;
  private static final int LINE = 24;

  private final TemporaryFolder folder;

  private GeneratedText(TemporaryFolder folder) {
    this.folder = folder;
  }

  static GeneratedText make() {
    TemporaryFolder folder = TemporaryFolder.make();
    try {
      Path ptb = Files.createDirectory(folder.path().resolve("ptb"));
      Streams streams = new Streams(0);
      write(ptb.resolve("ptb.train.txt"), TRAIN, streams.named("train"));
      write(ptb.resolve("ptb.valid.txt"), OTHER, streams.named("valid"));
      write(ptb.resolve("ptb.test.txt"), OTHER, streams.named("test"));
      return new GeneratedText(folder);
    } catch (IOException e) {
      folder.close();
      throw new UncheckedIOException("bench: a text cannot be written", e);
    }
  }

  /** The folder, as {@code --data-dir} takes it. */
  Path directory() {
    return folder.path();
  }

  /** Every word once, if there is room, and then words by their frequency. */
  private static void write(Path file, int words, RandomStream random) throws IOException {
    int distinct = VOCABULARY - 1;
    double largest = Math.log(distinct + 1.0);
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int i = 0; i < words; i++) {
        int rank =
            words > distinct && i < distinct
                ? i
                : Math.min(distinct - 1, (int) Math.exp(largest * random.uniform()) - 1);
        out.write("w" + rank);
        out.write(i % LINE == LINE - 1 ? '\n' : ' ');
      }
      out.write('\n');
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
