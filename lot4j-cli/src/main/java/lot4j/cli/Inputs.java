package lot4j.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import lot4j.config.RunConfig;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.TaskSpec;

/** The data of an experiment's runs, each distinct task read and checked once. */
final class Inputs implements Function<RunConfig, Prepared<?>>, AutoCloseable {
  private final RunSession session;
  private final Map<TaskSpec, Prepared<?>> read = new LinkedHashMap<>();

  Inputs(RunSession session) {
    this.session = session;
  }

  @Override
  public Prepared<?> apply(RunConfig config) {
    return read.computeIfAbsent(config.task().spec(), spec -> session.prepare(config));
  }

  @Override
  public void close() {
    read.values().forEach(Prepared::close);
  }
}
