package lot4j.rl.env;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;

/**
 * A small picture, drawn in the world's own lengths: the origin is in the middle, y points up.
 * Needs no display.
 */
final class Sketch {
  static final Color DARK = new Color(0x22, 0x2b, 0x38);
  static final Color WARM = new Color(0xc6, 0x6a, 0x1c);
  static final Color COOL = new Color(0x2f, 0x6d, 0xa8);

  private final BufferedImage image;
  private final Graphics2D pen;

  /** Shows {@code unitsHigh} of the world's lengths from bottom to top. */
  Sketch(int width, int height, double unitsHigh) {
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.translate(width / 2.0, height / 2.0);
    double scale = height / unitsHigh;
    pen.scale(scale, -scale);
  }

  Sketch line(Color color, double thick, double x1, double y1, double x2, double y2) {
    pen.setColor(color);
    pen.setStroke(new BasicStroke((float) thick, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    pen.draw(new Line2D.Double(x1, y1, x2, y2));
    return this;
  }

  Sketch disc(Color color, double x, double y, double radius) {
    pen.setColor(color);
    pen.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    return this;
  }

  BufferedImage done() {
    pen.dispose();
    return image;
  }
}
