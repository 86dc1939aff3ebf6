package lot4j.watch;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The files of the page itself, by their address: from the class path, and no others. */
final class Pages {
  private static final String CHARTS =
      "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.common.min.js";

  private static final Map<String, Page> PAGES =
      Map.of(
          "/", new Page("index.html", "text/html; charset=utf-8"),
          "/watch.js", new Page("watch.js", "text/javascript; charset=utf-8"),
          "/watch.css", new Page("watch.css", "text/css; charset=utf-8"),
          "/charts.js", new Page(CHARTS, "text/javascript; charset=utf-8"));

  private Pages() {}

  private record Page(String resource, String type) {}

  /** The addresses there are. */
  static Iterable<String> addresses() {
    return PAGES.keySet();
  }

  /** Answers with the file at the request's address. */
  static void send(Context request) {
    Page page = Optional.ofNullable(PAGES.get(request.path())).orElseThrow();
    try (InputStream in = Pages.class.getResourceAsStream(page.resource)) {
      if (in == null) {
        throw new IllegalStateException(page.resource + " is missing from the program's own files");
      }
      request.contentType(page.type).result(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
