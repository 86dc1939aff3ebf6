package lot4j.watch;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.report.PageAssets;

/** The files of the pages, by their address: from the class path, and no others. */
final class Pages {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  private static final Map<String, Page> PAGES =
      Map.of(
          "/", new Page(() -> own("index.html"), HTML),
          "/watch.js", new Page(() -> own("watch.js"), SCRIPT),
          "/watch.css", new Page(() -> own("watch.css"), STYLE),
          "/charts.js", new Page(PageAssets::library, SCRIPT),
          "/report", new Page(() -> own("report.html"), HTML),
          "/report-live.js", new Page(() -> own("report-live.js"), SCRIPT),
          "/report.js", new Page(PageAssets::script, SCRIPT),
          "/report.css", new Page(PageAssets::style, STYLE));

  private Pages() {}

  private record Page(Supplier<String> text, String type) {}

  /** The addresses there are. */
  static Iterable<String> addresses() {
    return PAGES.keySet();
  }

  /** Answers with the file at the request's address. */
  static void send(Context request) {
    Page page = Optional.ofNullable(PAGES.get(request.path())).orElseThrow();
    if (request.path().equals("/report")) {
      Gate.mayBeFramed(request);
    }
    request.contentType(page.type).result(page.text.get());
  }

  private static String own(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program's own files");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
