package lot4j.report;

/** The style sheets: colours for light and dark, shared by the page and the picture. */
final class Theme {
  private Theme() {}

  /** What a chart needs. */
  static String chart() {
    return PageAssets.resource("chart.css");
  }

  /** What the page needs besides. */
  static String page() {
    return PageAssets.resource("page.css");
  }
}
