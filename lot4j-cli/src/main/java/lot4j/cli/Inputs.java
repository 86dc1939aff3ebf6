package lot4j.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import lot4j.config.RunConfig;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.TaskSpec;

/** The data of an experiment's runs, each distinct task read and checked once. */
final class Inputs implements Function<RunConfig, Prepared<?>>, AutoCloseable {
  private final Function<RunConfig, Prepared<?>> reader;
  private final Map<TaskSpec, Prepared<?>> read = new LinkedHashMap<>();

  Inputs(RunSession session) {
    this.reader = session::prepare;
  }

  /** For planning: data that is absent is stood in for, and {@code note} told so. */
  Inputs(RunSession session, Consumer<String> note) {
    this.reader = config -> session.sketch(config, note);
  }

  @Override
  public Prepared<?> apply(RunConfig config) {
    return read.computeIfAbsent(config.task().spec(), spec -> reader.apply(config));
  }

  @Override
  public void close() {
    read.values().forEach(Prepared::close);
  }
}
