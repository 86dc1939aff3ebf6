package lot4j.bench;

import java.nio.file.Path;
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

  private final TemporaryFolder folder;

  private GeneratedImages(TemporaryFolder folder) {
    this.folder = folder;
  }

  static GeneratedImages make() {
    TemporaryFolder folder = TemporaryFolder.make();
    new SyntheticImages(Cifar.CIFAR100, TRAIN, TEST, 0).write(folder.path().resolve("cifar100"));
    return new GeneratedImages(folder);
  }

  /** The folder, as {@code --data-dir} takes it; there is room for other things beside the data. */
  Path directory() {
    return folder.path();
  }

  static PreparedImages prepare(Path directory, RunConfig config) {
    return ((ImageClassification) config.task().spec())
        .prepare(directory, config.batching().evalBatchSize());
  }

  @Override
  public void close() {
    folder.close();
  }
}
