package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.rl.ActionSpace;
import lot4j.rl.EnvironmentContract;
import lot4j.rl.EnvironmentException;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;

class GridLevelsTest {
  private static final GridLevels STANDARD = GridLevels.standard();

  @Test
  void keepsTheContract() {
    for (GridLevels spec :
        List.of(
            STANDARD, GridLevels.plain(), new GridLevels(3, 7, 0, true, 1, 0, 3, 5, 0.01, 20))) {
      assertThat(EnvironmentContract.violations(spec)).isEmpty();
    }
  }

  @Test
  void knowsTheShortestPathOfALevelMadeByHand() {
    String level =
        """
        #######
        #.#...#
        #.#.#.#
        #...#.#
        #####.#
        #G....#
        #######
        """;
    int size = 7;
    String cells = level.replace("\n", "");
    boolean[] wall = new boolean[cells.length()];
    for (int i = 0; i < wall.length; i++) {
      wall[i] = cells.charAt(i) == '#';
    }
    int[] distances = new int[wall.length];

    GridMaze.measure(wall, size, cells.indexOf('G'), distances, new int[wall.length]);

    // Down 2, right 2, up 2, right 2, down 4, left 4.
    assertThat(distances[size + 1]).isEqualTo(16);
    assertThat(distances[5 * size + 5]).isEqualTo(4);
    assertThat(distances[0]).isEqualTo(GridMaze.UNREACHED);
  }

  @Test
  void theShortestPathEarnsOneAndTerminates() {
    GridWalk walk = walk(STANDARD, Split.TEST);
    for (long seed = 0; seed < 200; seed++) {
      walk.reset(seed);
      int expected = walk.maze().distance(walk.maze().start());
      int steps = 0;
      while (!walk.over()) {
        assertThat(walk.reward()).isZero();
        act(walk, walk.maze().best(walk.agent()));
        steps++;
      }
      assertThat(steps).isEqualTo(expected);
      assertThat(walk.reward()).isEqualTo(1);
      assertThat(walk.score()).isEqualTo(1);
      assertThat(walk.terminated()).isTrue();
      assertThat(walk.truncated()).isFalse();
    }
  }

  @Test
  void standingBeforeAWallIsTruncatedNotTerminated() {
    GridWalk walk = walk(STANDARD, Split.TRAIN);
    walk.reset(1);
    int intoWall = 0;
    while (walk.maze().step(walk.maze().start(), intoWall) != walk.maze().start()) {
      intoWall++;
    }
    for (int step = 1; step <= STANDARD.maxSteps(); step++) {
      assertThat(walk.over()).isFalse();
      act(walk, intoWall);
    }

    assertThat(walk.truncated()).isTrue();
    assertThat(walk.terminated()).isFalse();
    assertThat(walk.score()).isZero();
  }

  @Test
  void trainingAndTestLevelsAreDisjoint() {
    Set<Long> training = levels(Split.TRAIN);
    Set<Long> test = levels(Split.TEST);

    assertThat(training)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 200).boxed().toList());
    assertThat(levels(Split.VALID)).isEqualTo(training);
    assertThat(test).allMatch(level -> level > 1_000_000).hasSizeGreaterThan(4_990);
  }

  @Test
  void testLevelsAreOtherMazes() {
    Set<String> training = new HashSet<>();
    GridMaze maze = new GridMaze(9, 0.5, 0);
    for (long number = 0; number < 200; number++) {
      maze.become(number, 1);
      training.add(picture(maze));
    }
    assertThat(training).hasSizeGreaterThan(195);
    for (long number = 1_000_001; number < 1_000_201; number++) {
      maze.become(number, 1);
      assertThat(training).doesNotContain(picture(maze));
    }
  }

  @Test
  void signsAreRightAsOftenAsSet() {
    assertThat(rightSigns(STANDARD, Split.TRAIN)).isEqualTo(1);
    assertThat(rightSigns(STANDARD, Split.TEST)).isCloseTo(0.25, within(0.02));
    GridLevels other = new GridLevels(200, 9, 0.5, true, 0.8, 0, 0, 0, 0, 50);
    assertThat(rightSigns(other, Split.TRAIN)).isCloseTo(0.8, within(0.02));
    assertThat(rightSigns(other, Split.TEST)).isZero();
  }

  @Test
  void wrongSignsPointEverywhereElse() {
    GridMaze maze = new GridMaze(9, 0.5, 0);
    int[] turns = new int[GridMaze.DIRECTIONS];
    for (long number = 0; number < 1_000; number++) {
      maze.become(number, 0);
      turns[maze.sign(maze.start()) - maze.best(maze.start()) & 3]++;
    }
    assertThat(turns[0]).isZero();
    assertThat(List.of(turns[1], turns[2], turns[3])).allMatch(count -> count > 280 && count < 390);
  }

  @Test
  void theMazeDoesNotDependOnTheCues() {
    GridMaze shown = new GridMaze(9, 0.5, 3);
    GridMaze plain = new GridMaze(9, 0.5, 0);
    for (long number = 0; number < 100; number++) {
      shown.become(number, 1);
      plain.become(number, 0.25);
      assertThat(picture(plain)).isEqualTo(picture(shown));
    }
  }

  @Test
  void planesShowWallsAgentGoalSignAndNoise() {
    GridWalk walk = walk(STANDARD, Split.TRAIN);
    for (long seed = 0; seed < 20; seed++) {
      walk.reset(seed);
      act(walk, walk.maze().best(walk.agent()));
      byte[] seen = observe(walk);
      for (int cell = 0; cell < 81; cell++) {
        assertThat(seen[cell]).isEqualTo(bit(walk.maze().wall(cell)));
        assertThat(seen[81 + cell]).isEqualTo(bit(cell == walk.agent()));
        assertThat(seen[2 * 81 + cell]).isEqualTo(bit(cell == walk.maze().goal()));
        for (int direction = 0; direction < 4; direction++) {
          assertThat(seen[(3 + direction) * 81 + cell])
              .isEqualTo(bit(walk.maze().sign(walk.agent()) == direction));
        }
        assertThat(seen[7 * 81 + cell]).isEqualTo(walk.maze().decor()[cell]);
        assertThat(seen[8 * 81 + cell]).isEqualTo(walk.maze().decor()[81 + cell]);
      }
    }
  }

  @Test
  void theViewAroundTheAgentIsAPartOfTheWhole() {
    GridLevels around = new GridLevels(200, 9, 0.5, true, 1, 0.25, 2, 5, 0, 50);
    GridWalk whole = walk(STANDARD, Split.TRAIN);
    GridWalk part = walk(around, Split.TRAIN);
    for (long seed = 0; seed < 50; seed++) {
      whole.reset(seed);
      part.reset(seed);
      act(whole, (int) (seed % 4));
      act(part, (int) (seed % 4));
      byte[] all = observe(whole);
      byte[] seen = observe(part);
      assertThat(seen).hasSize(9 * 25);
      for (int i = 0; i < seen.length; i++) {
        int plane = i / 25;
        int row = whole.agent() / 9 + i % 25 / 5 - 2;
        int column = whole.agent() % 9 + i % 5 - 2;
        boolean inside = row >= 0 && row < 9 && column >= 0 && column < 9;
        boolean sign = plane >= 3 && plane < 7;
        int beyond = plane == 0 ? 1 : sign ? all[plane * 81] : 0;
        assertThat((int) seen[i]).isEqualTo(inside ? all[plane * 81 + row * 9 + column] : beyond);
      }
    }
  }

  @Test
  void theNoiseBelongsToTheLevel() {
    GridMaze maze = new GridMaze(9, 0.5, 2);
    maze.become(7, 1);
    byte[] first = maze.decor().clone();
    maze.become(8, 1);
    byte[] second = maze.decor().clone();
    maze.become(7, 1);

    assertThat(maze.decor()).isEqualTo(first).isNotEqualTo(second);
  }

  @Test
  void everyStepCostsWhereSetButResultsCountTheGoal() {
    GridWalk walk = walk(new GridLevels(5, 5, 0.5, true, 1, 1, 0, 0, 0.125, 10), Split.TRAIN);
    walk.reset(3);
    double sum = 0;
    double score = 0;
    int steps = 0;
    while (!walk.over()) {
      act(walk, walk.maze().best(walk.agent()));
      sum += walk.reward();
      score += walk.score();
      steps++;
    }
    assertThat(sum).isEqualTo(1 - 0.125 * steps);
    assertThat(score).isEqualTo(1);
  }

  @Test
  void refusesAStepBeforeAResetAndAfterTheEnd() {
    GridWalk walk = walk(STANDARD, Split.TRAIN);
    assertThatThrownBy(() -> act(walk, 0))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("grid-levels: step is not allowed before a reset");
    walk.reset(0);
    while (!walk.over()) {
      act(walk, walk.maze().best(walk.agent()));
    }
    assertThatThrownBy(() -> act(walk, 0)).isInstanceOf(EnvironmentException.class);
  }

  @Test
  void refusesKeysOutOfRange() {
    assertThatThrownBy(() -> new GridLevels(0, 9, 0.5, true, 1, 0.25, 2, 0, 0, 50))
        .hasMessage("train-levels = 0 is not allowed; from 1 to 1000000");
    assertThatThrownBy(() -> new GridLevels(1, 8, 0.5, true, 1, 0.25, 2, 0, 0, 50))
        .hasMessage("size = 8 is not allowed; an odd number from 5 to 63");
    assertThatThrownBy(() -> new GridLevels(1, 9, 0.5, true, 1.5, 0.25, 2, 0, 0, 50))
        .hasMessageStartingWith("cue-train = 1.5 is not allowed");
    assertThatThrownBy(() -> new GridLevels(1, 9, 0.5, true, 1, 0.25, 2, 4, 0, 50))
        .hasMessageStartingWith("view = 4 is not allowed");
    assertThatThrownBy(() -> new GridLevels(1, 11, 0.5, true, 1, 0.25, 2, 0, 0, 47))
        .hasMessage("max-steps = 47 is not allowed; 48 or more, the longest path where size is 11");
  }

  @Test
  void drawsAPictureOfTheLevel() {
    GridWalk walk = walk(STANDARD, Split.TRAIN);
    assertThat(walk.render()).isEmpty();
    walk.reset(0);
    BufferedImage before = walk.render().orElseThrow();
    act(walk, walk.maze().best(walk.agent()));
    BufferedImage after = walk.render().orElseThrow();

    assertThat(before.getWidth()).isEqualTo(216).isEqualTo(before.getHeight());
    int x = walk.agent() % 9 * 24 + 5;
    int y = walk.agent() / 9 * 24 + 12;
    assertThat(after.getRGB(x, y)).isEqualTo(0xff2563eb).isNotEqualTo(before.getRGB(x, y));
  }

  @Test
  void hasItsNames() {
    Catalog catalog = Catalog.load();
    assertThat(catalog.entry(Category.ENVIRONMENT, "grid-levels").orElseThrow().defaults())
        .isEqualTo(STANDARD);
    assertThat(catalog.entry(Category.ENVIRONMENT, "grid-levels-plain").orElseThrow().defaults())
        .isEqualTo(GridLevels.plain());
    assertThat(STANDARD.title()).isEqualTo("grid-levels:200");
    assertThat(STANDARD.levels()).isTrue();
    assertThat(STANDARD.make(Split.TRAIN).spaces().action()).isEqualTo(new ActionSpace.Discrete(4));
  }

  private static GridWalk walk(GridLevels spec, Split split) {
    return (GridWalk) spec.make(split);
  }

  private static void act(GridWalk walk, int action) {
    walk.step(new float[] {action}, 0);
  }

  private static byte[] observe(GridWalk walk) {
    byte[] seen = new byte[walk.spaces().observation().bytes()];
    walk.observe(ByteBuffer.wrap(seen));
    return seen;
  }

  private static byte bit(boolean value) {
    return (byte) (value ? 1 : 0);
  }

  private static Set<Long> levels(Split split) {
    GridWalk walk = walk(STANDARD, split);
    Set<Long> seen = new HashSet<>();
    for (long seed = 0; seed < 5_000; seed++) {
      walk.reset(seed);
      seen.add(walk.level());
    }
    return seen;
  }

  private static double rightSigns(GridLevels spec, Split split) {
    GridWalk walk = walk(spec, split);
    int right = 0;
    int all = 0;
    for (long seed = 0; seed < 500; seed++) {
      walk.reset(seed);
      for (int cell = 0; cell < 81; cell++) {
        if (walk.maze().distance(cell) > 0) {
          all++;
          right += walk.maze().sign(cell) == walk.maze().best(cell) ? 1 : 0;
        }
      }
    }
    return (double) right / all;
  }

  private static String picture(GridMaze maze) {
    StringBuilder cells = new StringBuilder();
    for (int cell = 0; cell < maze.size() * maze.size(); cell++) {
      boolean goal = cell == maze.goal();
      cells.append(maze.wall(cell) ? '#' : goal ? 'G' : cell == maze.start() ? 'S' : '.');
    }
    return cells.toString();
  }
}
