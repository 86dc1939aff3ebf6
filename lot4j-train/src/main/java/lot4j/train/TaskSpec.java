package lot4j.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import lot4j.Census;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.config.Batching;

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
   * As {@link #prepare}, for a run that exists: what was learned from the data and lies beside the
   * run's weights, a tokenizer for instance, is read from there instead of being learned again.
   *
   * @param dataDirectory where data sets are looked for by name
   * @param run the run's directory
   * @throws DataException if data or a companion is missing, unreadable or not fit
   */
  default Prepared<?> prepareAgain(Path dataDirectory, int evalBatchSize, Path run) {
    return prepare(dataDirectory, evalBatchSize);
  }

  /**
   * The same task with the configuration's further sections that it goes by, {@code ppo} for
   * instance; those not given are not in the map.
   */
  default TaskSpec with(Map<String, Record> sections) {
    return this;
  }

  /**
   * The same task on all of its training data and nothing else: no subset, no noise, nothing
   * planted. Its splits are the same.
   */
  default TaskSpec whole() {
    return this;
  }

  /** The names of the further sections that this kind of task goes by. */
  default Set<String> sections() {
    return Set.of();
  }

  /**
   * Checks what this task demands of other keys, before anything is read.
   *
   * @param refuse takes the key at fault and what is allowed there
   */
  default void check(
      Map<String, Record> sections, Batching batching, BiConsumer<String, String> refuse) {}

  /**
   * Checks whether weights that a learner begins with can be of use to this task, as far as files
   * beside them tell; their names and shapes are checked elsewhere.
   *
   * @param from what {@code init-from} names, which need not be there
   * @param refuse takes the key at fault and what is allowed there
   */
  default void checkWeights(Path from, BiConsumer<String, String> refuse) {}

  /**
   * A network of a saved run as {@link Prepared#build} made it; the data need not be there.
   *
   * @param run the run's directory, where the companions of its weights lie
   * @param input shape of one input sample, as the run recorded it
   * @param outputs as the run recorded them
   * @throws DataException naming a companion that is missing or damaged
   */
  default Model rebuild(ModelSpec model, Path run, Shape input, int outputs) {
    return model.build(input, outputs);
  }

  /**
   * Counts a network of a saved run as {@link Prepared#census} counted it.
   *
   * @param run the run's directory, where the companions of its weights lie
   * @param input shape of one input sample, as the run recorded it
   * @param outputs as the run recorded them
   * @throws DataException naming a companion that is missing or damaged
   */
  default Census recount(ModelSpec model, Path run, Shape input, int outputs) {
    return model.census(input, outputs);
  }

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
