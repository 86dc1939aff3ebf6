package lot4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The style sheets: colours for light and dark, shared by the page and the picture. */
final class Theme {
  private Theme() {}

  /** What a chart needs. */
  static String chart() {
    return resource("chart.css");
  }

  /** What the page needs besides. */
  static String page() {
    return resource("page.css");
  }

  private static String resource(String name) {
    try (InputStream stream = Theme.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the program's own files");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
