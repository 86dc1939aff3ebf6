package lot4j.atari;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A made-up game whose screen is one grey value: the number of the frame since power-on, plus 100
 * in every other frame. Points, lost lives and the end come at frames that a test chooses.
 */
class FakeConsole implements Console {
  private final int[] actions;
  private final Map<Integer, Integer> points;
  private final List<Integer> deaths;
  private final int lives;
  private final int end;

  /** Every action since power-on. */
  final List<Integer> acted = new ArrayList<>();

  /** How often it was switched on. */
  int powered;

  boolean closed;

  /**
   * A game.
   *
   * @param points by frame, from 1
   * @param lives at the beginning
   * @param deaths frames at which a life is lost
   * @param end the frame at which the game is over
   */
  FakeConsole(
      int[] actions, Map<Integer, Integer> points, int lives, List<Integer> deaths, int end) {
    this.actions = actions;
    this.points = points;
    this.lives = lives;
    this.deaths = deaths;
    this.end = end;
  }

  static FakeConsole endless() {
    return new FakeConsole(new int[] {0, 3, 4}, Map.of(), 0, List.of(), Integer.MAX_VALUE);
  }

  @Override
  public void powerOn() {
    acted.clear();
    powered++;
  }

  @Override
  public int act(int action) {
    if (over()) {
      return 0;
    }
    acted.add(action);
    return points.getOrDefault(acted.size(), 0);
  }

  @Override
  public int lives() {
    return lives - (int) deaths.stream().filter(frame -> frame <= acted.size()).count();
  }

  @Override
  public boolean over() {
    return acted.size() >= end;
  }

  @Override
  public int[] actions() {
    return actions.clone();
  }

  @Override
  public int height() {
    return 8;
  }

  @Override
  public int width() {
    return 8;
  }

  /** The screen's value after that many frames. */
  static int grey(int frame) {
    return frame % 100 + 100 * (frame % 2);
  }

  @Override
  public void screen(byte[] grey) {
    Arrays.fill(grey, (byte) grey(acted.size()));
  }

  @Override
  public BufferedImage picture() {
    return new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
  }

  @Override
  public void close() {
    closed = true;
  }
}
