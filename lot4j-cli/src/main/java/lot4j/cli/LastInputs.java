package lot4j.cli;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lot4j.config.RunConfig;
import lot4j.train.Imitate;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.TaskSpec;

/**
 * The data of the run before, for runs that follow one another in one process: read anew only where
 * a configuration asks for other data, so that a short run of a sweep does not wait for files that
 * were read a second ago. No more than one data set is held. Prepared data does not change, so a
 * run's bits do not depend on who used it before; a file that changed meanwhile is noticed by the
 * process that reads it next.
 */
final class LastInputs implements Function<RunConfig, Prepared<?>>, AutoCloseable {
  private final Function<RunConfig, Prepared<?>> reader;
  private final Imitations imitations;
  private Optional<Held> data = Optional.empty();
  private Optional<Prepared<?>> imitation = Optional.empty();

  /** Makes data whose labels are a frozen network's answers. */
  interface Imitations {
    Prepared<?> of(RunConfig config, Prepared<?> data);
  }

  /** Everything that data is prepared by. */
  private record Key(TaskSpec task, Map<String, Record> sections, int evalBatchSize) {
    static Key of(RunConfig config) {
      return new Key(config.task().spec(), config.sections(), config.batching().evalBatchSize());
    }
  }

  private record Held(Key key, Prepared<?> prepared) {}

  LastInputs(RunSession session) {
    this(session::data, session::imitating);
  }

  LastInputs(Function<RunConfig, Prepared<?>> reader, Imitations imitations) {
    this.reader = reader;
    this.imitations = imitations;
  }

  /** The data of a run, until the next run's is asked for. */
  @Override
  public Prepared<?> apply(RunConfig config) {
    forget();
    Key key = Key.of(config);
    if (data.isEmpty() || !data.get().key().equals(key)) {
      close(); // before the next is read: two at once might not fit into memory
      data = Optional.of(new Held(key, reader.apply(config)));
    }
    Prepared<?> own = data.get().prepared();
    Optional<Imitate> imitate = config.imitate();
    if (imitate.isEmpty()) {
      return own;
    }
    imitation = Optional.of(imitations.of(config, own));
    return imitation.get();
  }

  private void forget() {
    imitation.ifPresent(Prepared::close);
    imitation = Optional.empty();
  }

  @Override
  public void close() {
    forget();
    data.ifPresent(held -> held.prepared().close());
    data = Optional.empty();
  }
}
