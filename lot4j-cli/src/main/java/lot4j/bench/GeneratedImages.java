package lot4j.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import lot4j.config.RunConfig;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;
import lot4j.task.ImageClassification;
import lot4j.task.PreparedImages;

/** A folder for the time of a measurement, with made-up images in CIFAR-100's layout. */
final class GeneratedImages implements AutoCloseable {
  /** Whole batches of 128 and 256, so that every step is as large as the others. */
  private static final int TRAIN = 5120;

  private static final int TEST = 200;

  private final Path directory;

  private GeneratedImages(Path directory) {
    this.directory = directory;
  }

  static GeneratedImages make() {
    try {
      Path directory = Files.createTempDirectory("lot-bench");
      new SyntheticImages(Cifar.CIFAR100, TRAIN, TEST, 0).write(directory.resolve("cifar100"));
      return new GeneratedImages(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("bench: a temporary directory cannot be made", e);
    }
  }

  /** The folder, as {@code --data-dir} takes it; there is room for other things beside the data. */
  Path directory() {
    return directory;
  }

  static PreparedImages prepare(Path directory, RunConfig config) {
    return ((ImageClassification) config.task().spec())
        .prepare(directory, config.batching().evalBatchSize());
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be removed", e);
    }
  }
}
