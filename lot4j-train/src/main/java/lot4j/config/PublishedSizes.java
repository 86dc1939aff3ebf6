package lot4j.config;

import java.nio.file.Path;
import lot4j.ModelSpec;

/**
 * A network whose sizes stand beside its published weights. Where a learner has {@code init-from}
 * and gives no size of its own, they are read from there once, and the resolved configuration has
 * them in full.
 */
public interface PublishedSizes extends ModelSpec {
  /** The file that has the sizes, {@code config.json}. */
  String FILE = "config.json";

  /**
   * The network of the directory's weights.
   *
   * @param directory has a {@link #FILE}
   * @throws lot4j.checkpoint.CheckpointException naming the file and what is wrong with it or not
   *     supported
   */
  ModelSpec sizedBy(Path directory);
}
