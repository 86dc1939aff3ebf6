package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;
import lot4j.train.Split;

/**
 * The car in a valley, with an engine that is steered by a number. Source: Moore, 1990, in the form
 * of Gymnasium's MountainCarContinuous-v0, which keeps its state in single precision where this one
 * keeps it in double.
 *
 * <p>Observation [features] of 2: the car's position (-1.2 to 0.6) and velocity (-0.07 to 0.07 a
 * step), in the source's own units. Action [1]: the engine's force, from -1 (left) to 1 (right).
 * Reward: -0.1 force² a step, and 100 more on reaching the goal. Terminated: the car is at 0.45 or
 * beyond.
 *
 * @param maxSteps steps after which an episode is truncated, 1 or more
 */
public record MountainCarContinuous(int maxSteps) implements EnvironmentSpec {
  private static final Spaces SPACES =
      new Spaces(ObservationSpace.floats(2), new ActionSpace.Box(List.of(-1.0), List.of(1.0)));

  public MountainCarContinuous {
    Require.atLeast("max-steps", maxSteps, 1);
  }

  /** 999 steps. */
  public static MountainCarContinuous standard() {
    return new MountainCarContinuous(999);
  }

  @Override
  public Environment make(Split split) {
    return new Running(maxSteps);
  }

  @Override
  public String title() {
    return "mountain-car-continuous";
  }

  static final class Running implements Environment {
    private static final double GOAL = 0.45;
    private static final double POWER = 0.0015;

    private final Hill hill = new Hill();
    private final Episode episode;

    Running(int maxSteps) {
      episode = new Episode(maxSteps);
    }

    /** Begins an episode in a state of choice. */
    void place(double position, double velocity) {
      hill.place(position, velocity);
      episode.begin();
    }

    @Override
    public Spaces spaces() {
      return SPACES;
    }

    @Override
    public void reset(long seed) {
      hill.reset(seed);
      episode.begin();
    }

    @Override
    public void step(float[] actions, int offset) {
      episode.goesOn();
      double force = Action.number(actions[offset], 1);
      hill.push(force * POWER);
      boolean there = hill.reached(GOAL);
      episode.step((there ? 100 : 0) - 0.1 * force * force, there);
    }

    @Override
    public void observe(ByteBuffer out) {
      hill.observe(out);
    }

    @Override
    public float reward() {
      return episode.reward();
    }

    @Override
    public boolean terminated() {
      return episode.terminated();
    }

    @Override
    public boolean truncated() {
      return episode.truncated();
    }

    @Override
    public Optional<BufferedImage> render() {
      return Optional.of(hill.render(GOAL));
    }

    @Override
    public void save(StateWriter out) {
      episode.save(out.section("episode"));
      hill.save(out.section("hill"));
    }

    @Override
    public void restore(StateReader in) {
      episode.restore(in.section("episode"));
      hill.restore(in.section("hill"));
    }
  }
}
