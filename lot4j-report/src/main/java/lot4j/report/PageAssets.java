package lot4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The page's own files: its script, its style sheet and the charting library (Apache ECharts, from
 * its package on the class path).
 */
public final class PageAssets {
  private static final String LIBRARY =
      "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

  private PageAssets() {}

  /** The script that draws the charts and shows newer documents; needs {@link #library} first. */
  public static String script() {
    return resource("report.js");
  }

  /** The style sheet of page and charts, light and dark, screen and print. */
  public static String style() {
    return Theme.chart() + Theme.page();
  }

  /** Apache ECharts, the build with every chart type. */
  public static String library() {
    return resource(LIBRARY);
  }

  static String resource(String name) {
    try (InputStream stream = PageAssets.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the program's own files");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
