package lot4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lot4j.checkpoint.DirectoryInUse;
import lot4j.config.Catalog;
import lot4j.train.Outcome;
import lot4j.train.RunSession;

/**
 * Runs of one sweep, say, trained one after the other: one that diverged is a result, one that
 * fails keeps no other from being trained.
 *
 * @param waits whether to wait for a run that is in use: a task of a job array may begin before its
 *     predecessor has ended, or before the file system knows that its node is gone
 */
record RunsInTurn(Console console, Catalog catalog, DataOptions data, Stop stop, boolean waits) {
  private static final long PAUSE_MILLIS = 500;

  /** Trains what is neither done nor diverged; gives the exit code. */
  int train(List<Path> runs) throws InterruptedException {
    boolean failed = false;
    for (Path run : runs) {
      int code = train(run);
      if (code == Exit.INTERRUPTED) {
        return code;
      }
      failed |= code == Exit.FAILED;
    }
    return failed ? Exit.FAILED : Exit.DONE;
  }

  private int train(Path run) throws InterruptedException {
    boolean told = false;
    while (!stop.getAsBoolean()) {
      String status = RunSession.status(run);
      if (status.equals("done") || status.equals("diverged")) {
        console.note(run + ": " + status + "; nothing to do");
        return Exit.DONE;
      }
      try {
        return begun(run);
      } catch (DirectoryInUse e) {
        if (!waits) {
          console.failure(e);
          return Exit.FAILED;
        }
        if (!told) {
          console.note(e.getMessage() + "; waiting");
          told = true;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return Exit.INTERRUPTED;
  }

  private int begun(Path run) {
    RunSession session = new RunSession(catalog, data.directory(ComparisonRun.recordedData(run)));
    try {
      Outcome outcome = RunProgress.train(console, session, run, stop);
      return RunProgress.report(console, run, outcome, false);
    } catch (DirectoryInUse e) {
      throw e;
    } catch (RuntimeException e) { // the other runs are trained all the same
      console.failure(e);
      RunSession.failed(run, String.valueOf(e.getMessage()));
      return Exit.FAILED;
    }
  }
}
