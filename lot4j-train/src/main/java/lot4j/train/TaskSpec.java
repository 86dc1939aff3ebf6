package lot4j.train;

import java.nio.file.Path;

/**
 * The {@code task:} section of a configuration for one kind of task; a record whose components are
 * the section's keys. It prepares itself.
 */
public interface TaskSpec {
  /**
   * Reads and checks the data.
   *
   * @param dataDirectory where data sets are looked for by name
   * @throws DataException if data is missing, unreadable or not fit for this configuration
   */
  Prepared<?> prepare(Path dataDirectory, int evalBatchSize);
}
