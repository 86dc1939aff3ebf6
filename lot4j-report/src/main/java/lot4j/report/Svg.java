package lot4j.report;

import java.util.Locale;

/** A drawing under construction; every text passes the escaper. */
final class Svg {
  /** Average width of a character at 12 pixels; browsers differ by a few percent. */
  private static final double CHARACTER = 6.6;

  private final StringBuilder body = new StringBuilder();
  private final double width;
  private final double height;
  private final String title;

  /**
   * An empty drawing.
   *
   * @param title read aloud instead of the drawing
   */
  Svg(double width, double height, String title) {
    this.width = width;
    this.height = height;
    this.title = title;
  }

  double width() {
    return width;
  }

  double height() {
    return height;
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    body.append("<line class=\"").append(style).append('"');
    return number("x1", x1).number("y1", y1).number("x2", x2).number("y2", y2).close();
  }

  Svg rect(String style, double x, double y, double w, double h) {
    body.append("<rect class=\"").append(style).append('"');
    return number("x", x).number("y", y).number("width", w).number("height", h).close();
  }

  /** A point; its tooltip is shown where the mouse rests on it. */
  Svg circle(String style, double x, double y, double radius, String tooltip) {
    body.append("<circle class=\"").append(style).append('"');
    number("cx", x).number("cy", y).number("r", radius);
    body.append("><title>").append(Escape.html(tooltip)).append("</title></circle>\n");
    return this;
  }

  /** A diamond around a point. */
  Svg diamond(String style, double x, double y, double radius, String tooltip) {
    body.append("<path class=\"").append(style).append("\" d=\"M").append(pair(x - radius, y));
    body.append('L').append(pair(x, y - radius)).append('L').append(pair(x + radius, y));
    body.append('L').append(pair(x, y + radius)).append("Z\"><title>");
    body.append(Escape.html(tooltip)).append("</title></path>\n");
    return this;
  }

  /** A path from ready coordinates, see {@link #pair}. */
  Svg path(String style, CharSequence path) {
    body.append("<path class=\"").append(style).append("\" d=\"").append(path).append("\"/>\n");
    return this;
  }

  /** A text with its base line at {@code y}. */
  Svg text(String style, double x, double y, String text) {
    body.append("<text class=\"").append(style).append('"');
    number("x", x).number("y", y);
    body.append('>').append(Escape.html(text)).append("</text>\n");
    return this;
  }

  /** Another drawing at full size, its upper left corner here. */
  Svg nested(double x, double y, Svg other) {
    body.append("<g transform=\"translate(").append(pair(x, y)).append(")\">\n");
    body.append(other.body).append("</g>\n");
    return this;
  }

  /** The drawing as an element of a page that brings the style sheet. */
  String element() {
    return open("") + body + "</svg>";
  }

  /** The drawing as a document of its own. */
  String document() {
    return open(" xmlns=\"http://www.w3.org/2000/svg\"")
        + "<style>"
        + Theme.chart()
        + "</style>\n<rect class=\"paper\" width=\"100%\""
        + " height=\"100%\"/>\n"
        + body
        + "</svg>\n";
  }

  static String pair(double x, double y) {
    return plain(x) + "," + plain(y);
  }

  /** Roughly how wide a text is, in pixels. */
  static double widthOf(String text) {
    return CHARACTER * text.codePointCount(0, text.length());
  }

  /** The text, cut so that it fits. */
  static String fitted(String text, double width) {
    int most = Math.max(4, (int) (width / CHARACTER));
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  private String open(String attributes) {
    return "<svg"
        + attributes
        + " class=\"chart\" viewBox=\"0 0 "
        + plain(width)
        + " "
        + plain(height)
        + "\" width=\""
        + plain(width)
        + "\" height=\""
        + plain(height)
        + "\" role=\"img\" aria-label=\""
        + Escape.html(title)
        + "\">\n<title>"
        + Escape.html(title)
        + "</title>\n";
  }

  private Svg number(String name, double value) {
    body.append(' ').append(name).append("=\"").append(plain(value)).append('"');
    return this;
  }

  private Svg close() {
    body.append("/>\n");
    return this;
  }

  private static String plain(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
