package lot4j.watch;

import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.report.Report;
import lot4j.report.ReportException;

/** What {@code lot report} shows, made when asked for and kept while nothing changes. */
final class Reports {
  /** Levels that a report reads below a directory: a sweep's trials' runs and what is in them. */
  private static final int DEPTH = 7;

  private static final int CONFLICT = 409;

  private Optional<Kept> kept = Optional.empty();

  private record Kept(List<Path> paths, List<Stamp> stamps, String json) {}

  /**
   * The report of these directories as the document that the page's script shows.
   *
   * @throws HttpResponseException 409 if they cannot be reported on, with the reason
   */
  synchronized String of(List<Path> paths) {
    List<Stamp> stamps = stamps(paths);
    if (kept.isPresent() && kept.get().paths.equals(paths) && kept.get().stamps.equals(stamps)) {
      return kept.get().json;
    }
    try {
      String json = Report.of(paths).page().json().toString();
      kept = Optional.of(new Kept(List.copyOf(paths), stamps, json));
      return json;
    } catch (ReportException e) {
      throw new HttpResponseException(CONFLICT, e.getMessage(), Map.of());
    }
  }

  /**
   * Of every file that a report may read. A symbolic link among them is refused: it could lead to
   * files outside the directory that is watched.
   */
  private static List<Stamp> stamps(List<Path> paths) {
    List<Stamp> stamps = new ArrayList<>();
    for (Path path : paths) {
      try (Stream<Path> tree =
          Files.find(path, DEPTH, (file, is) -> is.isRegularFile() || is.isSymbolicLink())) {
        for (Path file : (Iterable<Path>) tree.sorted()::iterator) {
          if (Files.isSymbolicLink(file)) {
            throw new HttpResponseException(
                CONFLICT,
                "symbolic links are not followed here; 'lot report' makes the page of this",
                Map.of());
          }
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && !file.toString().contains("checkpoints")) {
            Stamp.of(file).ifPresent(stamps::add);
          }
        }
      } catch (IOException | UncheckedIOException e) {
        throw new HttpResponseException(
            CONFLICT, "the directory changed while it was read; try again", Map.of());
      }
    }
    return stamps;
  }
}
