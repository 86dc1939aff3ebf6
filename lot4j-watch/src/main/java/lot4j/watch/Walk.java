package lot4j.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds runs and what holds them below a directory.
 *
 * <p>Symbolic links are not followed, hidden directories and the insides of runs are not entered,
 * and it goes no deeper than {@link #DEPTH} and to no more directories than {@link #MOST}.
 */
final class Walk {
  /** Levels below the directory given: a sweep of comparisons in a folder of folders needs 6. */
  static final int DEPTH = 10;

  /** Directories visited, runs included. */
  static final int MOST = 50_000;

  /** A file and what the directory that holds it is. */
  private record Mark(String file, String kind) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark("sweep.json", "sweep"),
          new Mark("probe.json", "probe"),
          new Mark("experiment.yaml", "comparison"),
          new Mark("compare.json", "comparison"));

  private final List<Run> runs = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private int visited;
  private boolean cut;

  private Walk() {}

  /**
   * A directory with a {@code run.json}.
   *
   * @param path where it is
   * @param group the nearest comparison, sweep or probe that holds it
   */
  record Run(Path path, Optional<Path> group) {}

  /**
   * Something that holds runs.
   *
   * @param path where it is
   * @param kind {@code comparison}, {@code sweep} or {@code probe}
   * @param parent the nearest of its kind that holds it
   */
  record Group(Path path, String kind, Optional<Path> parent) {}

  /**
   * All that was found.
   *
   * @param cut whether a limit kept something from being found
   */
  record Found(List<Run> runs, List<Group> groups, boolean cut) {}

  /** Looks through {@code root}; a directory that cannot be read counts as empty. */
  static Found below(Path root) {
    Walk walk = new Walk();
    walk.visit(root, 0, Optional.empty());
    return new Found(List.copyOf(walk.runs), List.copyOf(walk.groups), walk.cut);
  }

  private void visit(Path directory, int depth, Optional<Path> group) {
    if (++visited > MOST) {
      cut = true;
      return;
    }
    if (Stamp.of(directory.resolve("run.json")).isPresent()) {
      runs.add(new Run(directory, group));
      return;
    }
    Optional<Path> holder = group;
    Optional<Mark> mark =
        MARKS.stream()
            .filter(known -> Stamp.of(directory.resolve(known.file)).isPresent())
            .findFirst();
    if (mark.isPresent()) {
      groups.add(new Group(directory, mark.get().kind, group));
      holder = Optional.of(directory);
    }
    List<Path> inside = directories(directory);
    if (depth == DEPTH) {
      cut |= !inside.isEmpty();
      return;
    }
    for (Path child : inside) {
      visit(child, depth + 1, holder);
    }
  }

  private static List<Path> directories(Path directory) {
    List<Path> inside = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().startsWith(".")
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          inside.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    Collections.sort(inside);
    return inside;
  }
}
