package lot4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lot4j.report.RunDirectory;
import lot4j.report.Status;
import lot4j.train.DataException;

/** The finished runs in directories that a user names: runs, comparisons, sweeps, probes. */
final class ProbedRuns {
  private static final int DEEPEST = 6;

  private ProbedRuns() {}

  /**
   * A finished run.
   *
   * @param id unique among those found
   * @param label its group: its label, with its comparison's name before it where several have it
   */
  record Found(String id, String label, RunDirectory run) {}

  /**
   * Finds them.
   *
   * @param console told of runs that are not finished, which are left out
   * @throws DataException if a directory is not there, is itself an unfinished run, or has none
   */
  static List<Found> in(List<Path> directories, Console console) {
    Map<Path, RunDirectory> runs = new LinkedHashMap<>();
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw new DataException(directory + ": no such directory");
      }
      int unfinished = 0;
      int before = runs.size();
      for (Path path : runDirectories(directory)) {
        RunDirectory run = RunDirectory.read(path);
        if (run.status() == Status.DONE) {
          runs.put(path.toAbsolutePath().normalize(), run);
        } else if (path.equals(directory)) {
          throw new DataException(
              directory + ": the run is not finished, its status is " + run.status().word());
        } else {
          unfinished++;
        }
      }
      if (runs.size() == before) {
        throw new DataException(directory + ": there is no finished run in it");
      }
      if (unfinished > 0) {
        console.error(directory + ": " + unfinished + " runs that are not finished are left out");
      }
    }
    return named(runs);
  }

  /** Run directories in order of their names; what a probe's students did is not among them. */
  private static List<Path> runDirectories(Path directory) {
    if (RunDirectory.isRun(directory)) {
      return List.of(directory);
    }
    Path in = ProbeRun.isProbe(directory) ? directory.resolve(ProbeRun.TEACHERS) : directory;
    if (!Files.isDirectory(in)) {
      throw new DataException(directory + ": a probe of runs elsewhere; name those");
    }
    try (Stream<Path> tree = Files.walk(in, DEEPEST)) {
      return tree.filter(RunDirectory::isRun).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": " + e.getMessage(), e);
    }
  }

  private static List<Found> named(Map<Path, RunDirectory> runs) {
    Map<String, Set<Path>> homes = new HashMap<>();
    runs.forEach(
        (path, run) ->
            homes.computeIfAbsent(run.label(), label -> new HashSet<>()).add(home(path)));
    List<Found> found = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    runs.forEach(
        (path, run) -> {
          boolean several = homes.get(run.label()).size() > 1;
          String label = several ? home(path).getFileName() + "." + run.label() : run.label();
          String plain = (label + "-seed" + run.seed()).replaceAll("[^A-Za-z0-9._@+-]", "_");
          String id = plain;
          for (int i = 2; !ids.add(id); i++) {
            id = plain + "-" + i;
          }
          found.add(new Found(id, label, run));
        });
    return found;
  }

  /** What a run is part of: the comparison or the trial around its folder. */
  private static Path home(Path run) {
    Path parent = run.getParent();
    return parent != null && parent.endsWith("runs") && parent.getParent() != null
        ? parent.getParent()
        : parent == null ? run : parent;
  }
}
