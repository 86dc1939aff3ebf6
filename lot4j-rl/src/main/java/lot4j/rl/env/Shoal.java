package lot4j.rl.env;

import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;

/** Things of one kind that swim along the rows of Seaquest's grid, the oldest first. */
final class Shoal implements Stateful {
  /** More than can be in the water: one appears a frame at most and is gone after 60 frames. */
  private static final int ROOM = 128;

  private static final int NUMBERS = 5;

  int count;
  final int[] x = new int[ROOM];
  final int[] y = new int[ROOM];

  /** 1 to the right, -1 to the left. */
  final int[] direction = new int[ROOM];

  /** Frames until it moves. */
  final int[] wait = new int[ROOM];

  /** Frames until it shoots. */
  final int[] reload = new int[ROOM];

  void add(int column, int row, int way, int waiting, int reloading) {
    x[count] = column;
    y[count] = row;
    direction[count] = way;
    wait[count] = waiting;
    reload[count] = reloading;
    count++;
  }

  void remove(int index) {
    count--;
    for (int i = index; i < count; i++) {
      x[i] = x[i + 1];
      y[i] = y[i + 1];
      direction[i] = direction[i + 1];
      wait[i] = wait[i + 1];
      reload[i] = reload[i + 1];
    }
  }

  /** Moves one by a cell and takes it out if that leads off the grid: then true. */
  boolean leaves(int index) {
    x[index] += direction[index];
    boolean outside = x[index] < 0 || x[index] > MiniGrid.LAST;
    if (outside) {
      remove(index);
    }
    return outside;
  }

  boolean at(int index, int column, int row) {
    return x[index] == column && y[index] == row;
  }

  /** Takes the oldest in a cell out; false if there is none. */
  boolean take(int column, int row) {
    for (int i = 0; i < count; i++) {
      if (at(i, column, row)) {
        remove(i);
        return true;
      }
    }
    return false;
  }

  /** Whether one in the row goes the other way. */
  boolean opposes(int row, int way) {
    for (int i = 0; i < count; i++) {
      if (y[i] == row && direction[i] != way) {
        return true;
      }
    }
    return false;
  }

  void draw(byte[] cells, int channel) {
    for (int i = 0; i < count; i++) {
      MiniGrid.mark(cells, channel, y[i], x[i]);
    }
  }

  /** The cells behind. */
  void drawTrail(byte[] cells, int channel) {
    for (int i = 0; i < count; i++) {
      MiniGrid.markInside(cells, channel, y[i], x[i] - direction[i]);
    }
  }

  @Override
  public void save(StateWriter out) {
    int[] numbers = new int[count * NUMBERS];
    for (int i = 0; i < count; i++) {
      numbers[i * NUMBERS] = x[i];
      numbers[i * NUMBERS + 1] = y[i];
      numbers[i * NUMBERS + 2] = direction[i];
      numbers[i * NUMBERS + 3] = wait[i];
      numbers[i * NUMBERS + 4] = reload[i];
    }
    out.number("count", count);
    MiniGrid.save(out, "numbers", numbers);
  }

  @Override
  public void restore(StateReader in) {
    int saved = MiniGrid.number(in, "count");
    if (saved < 0 || saved > ROOM) {
      throw new CheckpointException("count = " + saved + " is not allowed; from 0 to " + ROOM);
    }
    int[] numbers = new int[saved * NUMBERS];
    MiniGrid.restore(in, "numbers", numbers);
    count = 0;
    for (int i = 0; i < numbers.length; i += NUMBERS) {
      add(numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3], numbers[i + 4]);
    }
  }
}
