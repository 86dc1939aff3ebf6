package lot4j.cli;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import lot4j.train.RunSession;

/** Shows a fleet at work; notes in its directory that a run failed. */
final class FleetProgress implements Fleet.Watcher {
  private final Console console;
  private final Console.Bar bar;
  private final int total;
  private final BooleanSupplier stop;
  private int done;

  FleetProgress(Console console, Console.Bar bar, int total, BooleanSupplier stop) {
    this.console = console;
    this.bar = bar;
    this.total = total;
    this.stop = stop;
  }

  @Override
  public void progress(double fraction) {
    bar.at(fraction, done + "/" + total + " runs");
  }

  @Override
  public void ended(Path run, Fleet.End end) {
    done++;
    boolean failed = end.status().equals("failed");
    if (failed && stop.getAsBoolean()) {
      return; // stopped before it could say so
    }
    if (failed) {
      RunSession.failed(run, end.message());
    }
    if (failed || end.status().equals("diverged")) {
      console.error(run.getFileName() + ": " + end.status() + ": " + end.message());
    }
  }
}
