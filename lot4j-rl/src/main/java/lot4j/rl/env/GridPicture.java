package lot4j.rl.env;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * A picture of a level for people: walls dark, the goal a green square, the agent a blue disc with
 * the arrow of its sign. The first three planes of noise tint the free cells.
 */
final class GridPicture {
  private static final int CELL = 24;
  private static final Color WALL = new Color(0x37, 0x41, 0x51);
  private static final Color GOAL = new Color(0x16, 0xa3, 0x4a);
  private static final Color AGENT = new Color(0x25, 0x63, 0xeb);
  private static final int[] FLOOR = {0xf9, 0xfa, 0xfb};
  private static final int TINT = 28;

  private GridPicture() {}

  static BufferedImage of(GridMaze maze, GridLevels spec, int agent) {
    int size = maze.size();
    BufferedImage image = new BufferedImage(size * CELL, size * CELL, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    for (int cell = 0; cell < size * size; cell++) {
      graphics.setColor(maze.wall(cell) ? WALL : floor(maze.decor(), cell, size * size));
      graphics.fill(square(cell, size, 0));
    }
    graphics.setColor(GOAL);
    graphics.fill(square(maze.goal(), size, 4));
    graphics.setColor(AGENT);
    Rectangle2D place = square(agent, size, 2);
    graphics.fill(
        new Ellipse2D.Double(place.getX(), place.getY(), place.getWidth(), place.getHeight()));
    if (spec.arrow()) {
      graphics.setColor(Color.WHITE);
      graphics.fill(arrow(place.getCenterX(), place.getCenterY(), maze.sign(agent)));
    }
    graphics.dispose();
    return image;
  }

  private static Rectangle2D square(int cell, int size, int margin) {
    int side = CELL - 2 * margin;
    return new Rectangle2D.Double(
        cell % size * CELL + margin, cell / size * CELL + margin, side, side);
  }

  private static Color floor(byte[] decor, int cell, int cells) {
    int[] rgb = FLOOR.clone();
    for (int plane = 0; plane < Math.min(rgb.length, decor.length / cells); plane++) {
      rgb[plane] -= TINT * decor[plane * cells + cell];
    }
    return new Color(rgb[0], rgb[1], rgb[2]);
  }

  private static Path2D arrow(double x, double y, int direction) {
    double reach = CELL / 4.0;
    Path2D triangle = new Path2D.Double();
    triangle.moveTo(0, -reach);
    triangle.lineTo(reach * 0.8, reach * 0.7);
    triangle.lineTo(-reach * 0.8, reach * 0.7);
    triangle.closePath();
    AffineTransform turn = AffineTransform.getTranslateInstance(x, y);
    turn.quadrantRotate(direction);
    triangle.transform(turn);
    return triangle;
  }
}
