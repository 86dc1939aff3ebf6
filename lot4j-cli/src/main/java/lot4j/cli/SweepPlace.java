package lot4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Where the runs of a sweep are trained. Results do not depend on it. */
sealed interface SweepPlace permits LocalPlace, PreparedPlace, SlurmPlace {
  /**
   * How a round ended.
   *
   * @param ends of the runs that ended
   * @param left what is to be said where others did not
   */
  record Round(Map<Path, Fleet.End> ends, Optional<Left> left) {}

  /**
   * Runs that this command leaves unfinished.
   *
   * @param message why, and how to go on
   * @param status of the sweep meanwhile
   * @param code the command's exit code
   */
  record Left(String message, String status, int code) {}

  /** How many runs are trained at a time; empty where others decide. */
  OptionalInt atOnce(int threads);

  /**
   * Checks, before anything is written, whether runs could be trained here.
   *
   * @param sweep the sweep's directory
   * @param name of the experiment
   * @param runs how many there will be
   * @throws UsageException if they could not
   */
  void check(Path sweep, String name, int runs, int threads);

  /**
   * Has runs trained.
   *
   * @param sweep the sweep's directory
   * @param name of the experiment
   * @param runs directories of runs that are neither done nor diverged
   * @param make writes the directory of one of them if it is not there
   * @param threads of a run, at most
   */
  Round train(
      Path sweep,
      String name,
      List<Path> runs,
      Consumer<Path> make,
      int threads,
      Fleet.Watcher watcher)
      throws InterruptedException;
}
