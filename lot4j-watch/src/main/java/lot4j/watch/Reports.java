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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lot4j.report.Report;
import lot4j.report.ReportException;

/** The pages that {@code lot report} makes, made when asked for and kept while nothing changes. */
final class Reports {
  private static final Pattern POLICY =
      Pattern.compile("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]+)\"");

  /** Levels that a report reads below a directory. */
  private static final int DEPTH = 6;

  private Optional<Kept> kept = Optional.empty();

  /**
   * A report.
   *
   * @param html the document
   * @param policy its own content security policy
   */
  record Page(String html, String policy) {}

  private record Kept(List<Path> paths, List<Stamp> stamps, Page page) {}

  /**
   * The report of these directories, as one page.
   *
   * @throws HttpResponseException 409 if they cannot be reported on, with the reason
   */
  synchronized Page of(List<Path> paths) {
    List<Stamp> stamps = stamps(paths);
    if (kept.isPresent() && kept.get().paths.equals(paths) && kept.get().stamps.equals(stamps)) {
      return kept.get().page;
    }
    try {
      String html = Report.of(paths).html();
      Matcher policy = POLICY.matcher(html);
      Page page =
          new Page(
              html,
              policy.find()
                  ? policy.group(1).replace("&#39;", "'").replace("&apos;", "'")
                  : "default-src 'none'");
      kept = Optional.of(new Kept(List.copyOf(paths), stamps, page));
      return page;
    } catch (ReportException e) {
      throw new HttpResponseException(409, e.getMessage(), Map.of());
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
                409,
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
            409, "the directory changed while it was read; try again", Map.of());
      }
    }
    return stamps;
  }
}
