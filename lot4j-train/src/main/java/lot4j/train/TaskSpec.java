package lot4j.train;

import java.nio.file.Path;
import java.util.function.Consumer;

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

  /**
   * The same for planning alone: where data with a name is absent or only a subset, something of
   * the official sizes may stand in for it.
   *
   * @param note told in words if something stands in
   */
  default Prepared<?> sketch(Path dataDirectory, int evalBatchSize, Consumer<String> note) {
    return prepare(dataDirectory, evalBatchSize);
  }
}
