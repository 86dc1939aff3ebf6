package lot4j.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import lot4j.config.RunConfig;
import lot4j.train.Imitate;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.TaskSpec;

/**
 * The data of an experiment's runs, each distinct task read and checked once; a task on which a
 * network is imitated shares the data of the task itself.
 */
final class Inputs implements Function<RunConfig, Prepared<?>>, AutoCloseable {
  private final RunSession session;
  private final Function<RunConfig, Prepared<?>> reader;
  private final Map<TaskSpec, Prepared<?>> read = new LinkedHashMap<>();
  private final Map<Imitated, Prepared<?>> imitations = new LinkedHashMap<>();

  /** A task whose labels are a frozen network's answers. */
  private record Imitated(TaskSpec task, Imitate imitate) {}

  Inputs(RunSession session) {
    this.session = session;
    this.reader = session::data;
  }

  /** For planning: data that is absent is stood in for, and {@code note} told so. */
  Inputs(RunSession session, Consumer<String> note) {
    this.session = session;
    this.reader = config -> session.sketch(config, note);
  }

  @Override
  public Prepared<?> apply(RunConfig config) {
    TaskSpec task = config.task().spec();
    Prepared<?> data = read.computeIfAbsent(task, spec -> reader.apply(config));
    Optional<Imitate> imitate = config.imitate();
    return imitate.isEmpty()
        ? data
        : imitations.computeIfAbsent(
            new Imitated(task, imitate.get()), key -> session.imitating(config, data));
  }

  @Override
  public void close() {
    imitations.values().forEach(Prepared::close);
    read.values().forEach(Prepared::close);
  }
}
