package lot4j.bench;

import java.nio.file.Path;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.train.Listener;
import lot4j.train.Progress;
import lot4j.train.RunSession;

/**
 * A run in a run directory by the real trainer, resumed in every round; no evaluation and no
 * checkpoint falls into the time that counts. Images or tokens a second, from progress to progress.
 */
final class WholeTrainer implements Variant {
  private static final int WARM = 3;

  private final String name;
  private final RunSession session;
  private final Path run;

  WholeTrainer(Workload workload, Path dataDirectory, Path run) {
    this.name = workload.name();
    Catalog catalog = Catalog.load();
    RunConfig config = workload.config(catalog);
    this.session = new RunSession(catalog, dataDirectory);
    this.run = run;
    try (var prepared = Repeated.prepared(config, dataDirectory)) {
      session.create(run, config, config.method(), prepared);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double round(double seconds) {
    Clocked clocked = new Clocked(seconds);
    session.proceed(run, clocked, () -> clocked.over);
    return clocked.rate();
  }

  private static final class Clocked implements Listener {
    private final double seconds;
    private int updates;
    private long firstNanos;
    private long firstSamples;
    private long lastNanos;
    private long lastSamples;
    private boolean over;

    Clocked(double seconds) {
      this.seconds = seconds;
    }

    @Override
    public void progress(Progress progress) {
      lastNanos = System.nanoTime();
      lastSamples = progress.samples();
      updates++;
      if (updates == WARM) {
        firstNanos = lastNanos;
        firstSamples = lastSamples;
      }
      over = updates > WARM && (lastNanos - firstNanos) / 1e9 >= seconds;
    }

    double rate() {
      return (lastSamples - firstSamples) * 1e9 / (lastNanos - firstNanos);
    }
  }
}
