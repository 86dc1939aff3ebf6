package lot4j.rl.env;

import java.util.Arrays;

/**
 * One level after another of a {@link GridLevels}: everything about a level that does not change
 * while it is played, a function of its number and the configuration. Cells are counted row by row.
 */
final class GridMaze {
  /** Directions, also the numbers of the actions. */
  static final int UP = 0;

  static final int RIGHT = 1;
  static final int DOWN = 2;
  static final int LEFT = 3;
  static final int DIRECTIONS = 4;

  /** The distance of a wall. */
  static final int UNREACHED = -1;

  private static final long MAZE = 0x6d617a65L;
  private static final long SIGNS = 0x7369676eL;
  private static final long DECOR = 0x6465636fL;

  private final int size;
  private final int rooms;
  private final double wallShare;
  private final int[] offsets;
  private final boolean[] wall;
  private final boolean[] seen;
  private final int[] queue;
  private final int[] distances;
  private final byte[] signs;
  private final byte[] decor;
  private int start;
  private int goal;

  GridMaze(int size, double wallShare, int decorPlanes) {
    int cells = size * size;
    this.size = size;
    this.rooms = (size - 1) / 2;
    this.wallShare = wallShare;
    this.offsets = offsets(size);
    this.wall = new boolean[cells];
    this.seen = new boolean[cells];
    this.queue = new int[cells];
    this.distances = new int[cells];
    this.signs = new byte[cells];
    this.decor = new byte[decorPlanes * cells];
  }

  /** What a step up, right, down and left adds to a cell's number. */
  static int[] offsets(int size) {
    return new int[] {-size, 1, size, -1};
  }

  /**
   * Becomes another level.
   *
   * @param number of the level
   * @param cue how often a sign is right
   */
  void become(long number, double cue) {
    SmallRandom random = new SmallRandom(number, MAZE);
    carve(random);
    open(random);
    start = room(random.below(rooms * rooms));
    do {
      goal = room(random.below(rooms * rooms));
    } while (goal == start);
    measure(wall, size, goal, distances, queue);
    putUpSigns(new SmallRandom(number, SIGNS), cue);
    decorate(new SmallRandom(number, DECOR));
  }

  private int room(int index) {
    return (2 * (index / rooms) + 1) * size + 2 * (index % rooms) + 1;
  }

  /** A maze without loops that reaches every room: depth first, back where there is no way on. */
  private void carve(SmallRandom random) {
    Arrays.fill(wall, true);
    Arrays.fill(seen, false);
    int depth = 0;
    queue[0] = room(random.below(rooms * rooms));
    wall[queue[0]] = false;
    seen[queue[0]] = true;
    while (depth >= 0) {
      int cell = queue[depth];
      int direction = unseen(cell, random);
      if (direction < 0) {
        depth--;
      } else {
        int next = cell + 2 * offsets[direction];
        wall[cell + offsets[direction]] = false;
        wall[next] = false;
        seen[next] = true;
        queue[++depth] = next;
      }
    }
  }

  /** A random direction in which the next room is new, each as likely; or -1. */
  private int unseen(int cell, SmallRandom random) {
    int found = 0;
    int packed = 0;
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      if (inside(cell, direction) && !seen[cell + 2 * offsets[direction]]) {
        packed |= direction << (2 * found++);
      }
    }
    return found == 0 ? -1 : packed >> (2 * random.below(found)) & 3;
  }

  private boolean inside(int room, int direction) {
    return switch (direction) {
      case UP -> room >= 2 * size;
      case RIGHT -> room % size < size - 2;
      case DOWN -> room / size < size - 2;
      default -> room % size > 1;
    };
  }

  /** Takes some of the walls between two rooms away: loops. */
  private void open(SmallRandom random) {
    for (int row = 1; row < size - 1; row++) {
      // In the rooms' rows these walls stand in even columns, in the others in odd ones.
      for (int column = 1 + row % 2; column < size - 1; column += 2) {
        int cell = row * size + column;
        if (wall[cell] && !random.chance(wallShare)) {
          wall[cell] = false;
        }
      }
    }
  }

  /**
   * Steps from every cell to the goal (breadth first).
   *
   * @param wall [cell] which cells are walls, the whole border included
   * @param distances [cell] takes the steps, {@link #UNREACHED} where there is no way
   * @param queue [cell] room to work in
   */
  static void measure(boolean[] wall, int size, int goal, int[] distances, int[] queue) {
    Arrays.fill(distances, UNREACHED);
    int first = 0;
    int end = 0;
    distances[goal] = 0;
    queue[end++] = goal;
    int[] around = offsets(size);
    while (first < end) {
      int cell = queue[first++];
      for (int offset : around) {
        int next = cell + offset;
        if (!wall[next] && distances[next] == UNREACHED) {
          distances[next] = distances[cell] + 1;
          queue[end++] = next;
        }
      }
    }
  }

  private void putUpSigns(SmallRandom random, double cue) {
    for (int cell = 0; cell < signs.length; cell++) {
      if (!wall[cell]) {
        int best = best(cell);
        int turn = random.chance(cue) ? 0 : 1 + random.below(DIRECTIONS - 1);
        signs[cell] = (byte) (cell == goal ? random.below(DIRECTIONS) : best + turn & 3);
      }
    }
  }

  private void decorate(SmallRandom random) {
    long bits = 0;
    for (int i = 0; i < decor.length; i++) {
      bits = i % Long.SIZE == 0 ? random.next() : bits >>> 1;
      decor[i] = (byte) (bits & 1);
    }
  }

  /** The direction of a shortest path's first step, the first of them; up at the goal. */
  int best(int cell) {
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      int next = cell + offsets[direction];
      if (!wall[next] && distances[next] < distances[cell]) {
        return direction;
      }
    }
    return UP;
  }

  /** Where a step from a free cell leads: the cell itself before a wall. */
  int step(int cell, int direction) {
    int next = cell + offsets[direction];
    return wall[next] ? cell : next;
  }

  int size() {
    return size;
  }

  int start() {
    return start;
  }

  int goal() {
    return goal;
  }

  boolean wall(int cell) {
    return wall[cell];
  }

  /** Steps to the goal. */
  int distance(int cell) {
    return distances[cell];
  }

  /** Where the sign at a free cell points. */
  int sign(int cell) {
    return signs[cell];
  }

  /** The noise, [plane, row, column], zeros and ones; not to be changed. */
  byte[] decor() {
    return decor;
  }
}
