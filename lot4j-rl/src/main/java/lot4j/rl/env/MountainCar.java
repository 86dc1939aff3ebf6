package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
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
 * A car in a valley, too weak to drive straight up: it has to swing. Source: Moore, 1990, in the
 * form of Gymnasium's MountainCar-v0.
 *
 * <p>Observation [features] of 2: the car's position (-1.2 to 0.6) and velocity (-0.07 to 0.07 a
 * step), in the source's own units. Action: 0 pushes to the left, 1 does nothing, 2 pushes to the
 * right. Reward: -1 a step, the last one included. Terminated: the car is at 0.5 or beyond.
 *
 * @param maxSteps steps after which an episode is truncated, 1 or more
 */
public record MountainCar(int maxSteps) implements EnvironmentSpec {
  private static final Spaces SPACES =
      new Spaces(ObservationSpace.floats(2), new ActionSpace.Discrete(3));

  public MountainCar {
    Require.atLeast("max-steps", maxSteps, 1);
  }

  /** 200 steps. */
  public static MountainCar standard() {
    return new MountainCar(200);
  }

  @Override
  public Environment make(Split split) {
    return new Running(maxSteps);
  }

  @Override
  public String title() {
    return "mountain-car";
  }

  static final class Running implements Environment {
    private static final double GOAL = 0.5;
    private static final double POWER = 0.001;

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
      hill.push((Action.choice(actions[offset], 3) - 1) * POWER);
      episode.step(-1, hill.reached(GOAL));
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
