package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class GridLevelsProperties {
  @Property(tries = 500)
  void everyLevelCanBeSolvedInTime(
      @ForAll long number,
      @ForAll @IntRange(min = 2, max = 8) int rooms,
      @ForAll @DoubleRange(min = 0, max = 1) double walls) {
    int size = 2 * rooms + 1;
    GridMaze maze = new GridMaze(size, walls, 0);
    maze.become(number, 1);

    assertThat(maze.start()).isNotEqualTo(maze.goal());
    int cell = maze.start();
    int steps = 0;
    while (cell != maze.goal() && steps < 2 * (rooms * rooms - 1)) {
      cell = maze.step(cell, maze.best(cell));
      steps++;
    }
    assertThat(cell).isEqualTo(maze.goal());
    assertThat(steps).isEqualTo(maze.distance(maze.start()));
  }

  @Property(tries = 200)
  void theBorderIsWallAndEveryFreeCellIsReached(
      @ForAll long number, @ForAll @DoubleRange(min = 0, max = 1) double walls) {
    GridMaze maze = new GridMaze(9, walls, 0);
    maze.become(number, 1);
    int free = 0;
    for (int cell = 0; cell < 81; cell++) {
      boolean border = cell / 9 % 8 == 0 || cell % 9 % 8 == 0;
      assertThat(maze.wall(cell) || !border).isTrue();
      assertThat(maze.distance(cell) >= 0).isEqualTo(!maze.wall(cell));
      free += maze.wall(cell) ? 0 : 1;
    }
    // 16 rooms and the 15 openings of a tree at least, all 24 openings at most.
    assertThat(free).isBetween(31, 40);
  }
}
