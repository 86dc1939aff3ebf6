package lot4j.bench;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.train.Prepared;
import lot4j.train.Threads;
import lot4j.train.UpdateLoop;

/** Updates one after another in this process; samples a second. */
final class Repeated implements Variant {
  private final String name;
  private final int threads;
  private final UpdateLoop loop;
  private final Prepared<?> prepared;

  Repeated(Workload workload, GeneratedImages images) {
    this(workload, images.directory());
  }

  Repeated(Workload workload, Path dataDirectory) {
    this.name = workload.name();
    this.threads = workload.threads();
    Catalog catalog = Catalog.load();
    RunConfig config = workload.config(catalog);
    this.prepared = config.task().spec().prepare(dataDirectory, config.batching().evalBatchSize());
    Threads.use(threads);
    this.loop = UpdateLoop.of(config, prepared, catalog);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double round(double seconds) {
    Threads.use(threads);
    return rate(seconds, loop::update);
  }

  /** Seconds an update, over about so many seconds. */
  double secondsPerUpdate(double seconds) {
    Threads.use(threads);
    return 1
        / rate(
            seconds,
            () -> {
              loop.update();
              return 1;
            });
  }

  /** Floating-point operations an update, counted from what the networks were asked. */
  double flopsPerUpdate() {
    return loop.flops() / loop.updates();
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
