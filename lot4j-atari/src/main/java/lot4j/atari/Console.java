package lot4j.atari;

import java.awt.image.BufferedImage;

/** A games console with a game in it, one raw frame at a time. */
interface Console extends AutoCloseable {
  /** The action that does nothing. */
  int NOOP = 0;

  /** The action that presses the button. */
  int FIRE = 1;

  /** Switches it off and on: the game begins, always in the same way. */
  void powerOn();

  /** Holds an action for one frame; returns the points it brought. Nothing happens once over. */
  int act(int action);

  /** Lives left; 0 in games that have none. */
  int lives();

  /** Whether the game has ended. */
  boolean over();

  /** The actions that the game takes, as the console numbers them. */
  int[] actions();

  /** Rows of the picture. */
  int height();

  /** Columns of the picture. */
  int width();

  /** Writes the picture in grey, row by row. */
  void screen(byte[] grey);

  /** The picture in colour. */
  BufferedImage picture();

  @Override
  void close();
}
