package lot4j.report;

import java.util.List;

/** stub */
final class HtmlReport {
  static String of(List<Comparison> c) {
    return "";
  }
}
