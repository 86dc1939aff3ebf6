package lot4j.bench;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Threads;
import lot4j.train.UpdateLoop;

/**
 * Updates one after another in this process; samples a second. Where an epoch's data is made at its
 * beginning, a rollout, only whole epochs are timed.
 */
final class Repeated implements Variant {
  private final String name;
  private final int threads;
  private final UpdateLoop loop;
  private final Prepared<?> prepared;
  private final long cycle;
  private double flopsBefore;
  private long updatesBefore;

  Repeated(Workload workload, GeneratedImages images) {
    this(workload, images.directory());
  }

  Repeated(Workload workload, Path dataDirectory) {
    this.name = workload.name();
    this.threads = workload.threads();
    Catalog catalog = Catalog.load();
    RunConfig config = workload.config(catalog);
    this.prepared = prepared(config, dataDirectory);
    this.cycle = cycle(config, prepared);
    Threads.use(threads);
    this.loop = UpdateLoop.of(config, prepared, catalog);
  }

  /** A configuration's data. */
  static Prepared<?> prepared(RunConfig config, Path dataDirectory) {
    return config
        .task()
        .spec()
        .with(config.sections())
        .prepare(dataDirectory, config.batching().evalBatchSize());
  }

  /** Updates that belong together: those of a rollout, else each by itself. */
  static long cycle(RunConfig config, Prepared<?> prepared) {
    Pace pace = prepared.taskPace(config.batching().batchSize(), config.batching().accumulate());
    return pace.acting() > 0 ? pace.stepsPerEpoch() : 1;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double round(double seconds) {
    Threads.use(threads);
    return rate(seconds, this::updates);
  }

  /** Makes the updates that belong together; samples of the data that they used up. */
  long updates() {
    long samples = 0;
    for (long i = 0; i < cycle; i++) {
      samples += loop.update();
    }
    return samples;
  }

  /** Updates so often without being timed or counted. */
  void warm(int times) {
    Threads.use(threads);
    for (int i = 0; i < times; i++) {
      updates();
    }
    flopsBefore = loop.flops();
    updatesBefore = loop.updates();
  }

  /** Seconds an update, over about so many seconds. */
  double secondsPerUpdate(double seconds) {
    Threads.use(threads);
    return 1
        / rate(
            seconds,
            () -> {
              updates();
              return cycle;
            });
  }

  /** Floating-point operations an update, counted from what the networks were asked. */
  double flopsPerUpdate() {
    return (loop.flops() - flopsBefore) / (loop.updates() - updatesBefore);
  }

  /** Samples a second of {@code step}, which says how many samples it took. */
  static double rate(double seconds, LongSupplier step) {
    long samples = 0;
    long started = System.nanoTime();
    double spent = 0;
    while (samples == 0 || spent < seconds) {
      samples += step.getAsLong();
      spent = (System.nanoTime() - started) / 1e9;
    }
    return samples / spent;
  }

  @Override
  public void close() {
    loop.close();
    prepared.close();
  }
}
