package lot4j.rl.env;

import lot4j.Require;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;

/**
 * Mazes drawn by number, some to train on and others to be tested on, made to tell cues that
 * generalize from cues that do not.
 *
 * <p>The agent walks up, right, down or left through a maze with loops; a wall stops it. At the
 * goal the reward is 1 and the episode ends. Every level can be solved within the time limit. Which
 * level is played follows from the seed of the reset: training and validation draw from the levels
 * {@code 0 … train-levels - 1}, testing from levels above 1,000,000.
 *
 * <p>The observation shows one plane of zeros and ones per cue, [planes, rows, columns]: the walls,
 * the agent and the goal, which are all that a solution needs and mean the same in every level;
 * then two cues that do not:
 *
 * <ul>
 *   <li>{@code arrow}: four planes, up, right, down and left; the one that the sign at the agent's
 *       cell points to is filled. Each cell's sign points along a shortest path with probability
 *       {@code cue-train} in training levels and {@code cue-test} in test levels, else in one of
 *       the three other directions. By default it is always right in training and chance in
 *       testing: a shortcut, easier to learn than the maze, that misleads where it was not trained.
 *   <li>{@code decor}: planes of noise that belong to the level's number. They tell levels apart,
 *       so that a large network can learn each level by heart, which is of no use in another.
 * </ul>
 *
 * <p>What a gap between training and test scores comes from is seen by testing the same policy with
 * {@code cue-test} at 1: the shortcut is then intact, and what is missing was learnt by heart.
 *
 * <p>Sources: levels by number with a split in training and test levels, K. Cobbe, C. Hesse, J.
 * Hilton, J. Schulman, "Leveraging procedural generation to benchmark reinforcement learning",
 * 2020; a cue that goes with the goal only in training, L. Langosco et al., "Goal misgeneralization
 * in deep reinforcement learning", 2022. The mazes: depth-first search with backtracking, some of
 * the remaining walls then taken away.
 *
 * @param trainLevels how many training levels there are, 1 to 1,000,000
 * @param size rows and columns, the outer wall included; odd, 5 to 63
 * @param walls how many of the walls that could be missing are there: 1 is a maze without loops, 0
 *     leaves pillars
 * @param arrow whether the signs are shown
 * @param cueTrain how often a sign is right in training levels, 0 to 1
 * @param cueTest how often a sign is right in test levels, 0 to 1; 0.25 is chance
 * @param decor planes of noise, 0 to 16
 * @param view 0 shows the whole maze, an odd number that many rows and columns around the agent
 * @param stepCost what every step takes off the reward; results count the goal alone
 * @param maxSteps after how many steps an episode is cut off; the longest path of any level or more
 */
public record GridLevels(
    int trainLevels,
    int size,
    double walls,
    boolean arrow,
    double cueTrain,
    double cueTest,
    int decor,
    int view,
    double stepCost,
    int maxSteps)
    implements EnvironmentSpec {
  /** Test levels have numbers above this one. */
  static final long LAST_TRAINING_LEVEL = 1_000_000;

  private static final int MOST_DECOR = 16;
  private static final int LARGEST = 63;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the key and what is allowed
   */
  public GridLevels {
    Require.that(
        trainLevels >= 1 && trainLevels <= LAST_TRAINING_LEVEL,
        "train-levels",
        trainLevels,
        "from 1 to 1000000");
    Require.that(
        size >= 5 && size <= LARGEST && size % 2 == 1, "size", size, "an odd number from 5 to 63");
    Require.within("walls", walls, 0, 1);
    Require.within("cue-train", cueTrain, 0, 1);
    Require.within("cue-test", cueTest, 0, 1);
    Require.that(decor >= 0 && decor <= MOST_DECOR, "decor", decor, "from 0 to 16");
    Require.that(
        view == 0 || view >= 3 && view <= 2 * LARGEST + 1 && view % 2 == 1,
        "view",
        view,
        "0 (the whole maze) or an odd number from 3 to 127");
    Require.within("step-cost", stepCost, 0, 1);
    int longest = longestPath(size);
    Require.that(
        maxSteps >= longest,
        "max-steps",
        maxSteps,
        longest + " or more, the longest path where size is " + size);
  }

  /** 200 levels of 9 by 9 cells, signs that are right in training and chance in testing. */
  public static GridLevels standard() {
    return new GridLevels(200, 9, 0.5, true, 1, 0.25, 2, 0, 0, 50);
  }

  /** The same levels with walls, agent and goal alone: nothing spurious to hold on to. */
  public static GridLevels plain() {
    return new GridLevels(200, 9, 0.5, false, 1, 0.25, 0, 0, 0, 50);
  }

  /** Steps through every room of a maze in one corridor. */
  private static int longestPath(int size) {
    int rooms = (size - 1) / 2;
    return 2 * (rooms * rooms - 1);
  }

  @Override
  public Environment make(Split split) {
    return new GridWalk(this, split);
  }

  @Override
  public String title() {
    return (arrow || decor > 0 ? "grid-levels:" : "grid-levels-plain:") + trainLevels;
  }

  @Override
  public boolean levels() {
    return true;
  }
}
