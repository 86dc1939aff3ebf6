package lot4j.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environments;
import lot4j.rl.ReinforcementLearning;
import lot4j.train.Split;

/** Environments that random actions move, as many at once as a task has; agent steps a second. */
final class RandomPlay implements Variant {
  /** Moves between two looks at the clock. */
  private static final int STRIDE = 16;

  /** Moves that are drawn beforehand and taken in turn; no multiple of anything in a game. */
  private static final int DRAWN = 1021;

  private final Environments environments;
  private final float[][] moves;
  private final boolean[] all;
  private final ByteBuffer seen;
  private final int bytes;
  private int next;
  private long seed;
  private double earned;

  /**
   * Environments of a task.
   *
   * @param set what is changed in {@link Subject#ACTOR_CRITIC}'s
   */
  RandomPlay(List<String> set) {
    this(set, 1);
  }

  /**
   * The same on several threads.
   *
   * @param threads how many may step at the same time, where that is worth it
   */
  RandomPlay(List<String> set, int threads) {
    this(EnvironmentSteps.task(set), threads);
  }

  private RandomPlay(ReinforcementLearning task, int threads) {
    this.environments = task.environment().make(Split.TRAIN, task.envs(), threads);
    int envs = environments.count();
    this.moves = drawn(environments.spaces().action(), envs);
    this.all = new boolean[envs];
    Arrays.fill(all, true);
    this.bytes = environments.spaces().observation().bytes();
    this.seen = ByteBuffer.allocateDirect(envs * bytes).order(ByteOrder.nativeOrder());
    for (int i = 0; i < envs; i++) {
      environments.reset(i, seed++);
    }
  }

  private static float[][] drawn(ActionSpace space, int envs) {
    SplittableRandom random = new SplittableRandom(0);
    float[][] moves = new float[DRAWN][envs * space.width()];
    for (float[] move : moves) {
      for (int i = 0; i < move.length; i++) {
        move[i] = one(space, i % space.width(), random);
      }
    }
    return moves;
  }

  private static float one(ActionSpace space, int dimension, SplittableRandom random) {
    if (space instanceof ActionSpace.Box box) {
      double low = Math.max(-1, box.low().get(dimension));
      double high = Math.min(1, box.high().get(dimension));
      return (float) (low + (high - low) * random.nextDouble());
    }
    return random.nextInt(space.outputs());
  }

  @Override
  public String name() {
    return "random play";
  }

  @Override
  public double round(double seconds) {
    return Repeated.rate(
        seconds,
        () -> {
          for (int i = 0; i < STRIDE; i++) {
            move();
          }
          return (long) STRIDE * all.length;
        });
  }

  /** Moves all of them, and asks what an agent would. */
  void move() {
    environments.step(moves[next], all);
    next = (next + 1) % DRAWN;
    seen.clear();
    for (int i = 0; i < all.length; i++) {
      earned += environments.reward(i);
      if (environments.terminated(i) || environments.truncated(i)) {
        environments.reset(i, seed++);
      }
      environments.observe(i, seen);
    }
  }

  /** Rewards of all moves so far. */
  double earned() {
    return earned;
  }

  @Override
  public void close() {
    environments.close();
  }
}
