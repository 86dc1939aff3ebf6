package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;
import lot4j.train.Split;

/**
 * A pole on a cart, to be kept upright by pushing the cart. Source: Barto, Sutton and Anderson,
 * 1983, in the form of Gymnasium's CartPole-v1 (500 steps) and v0 (200 steps).
 *
 * <p>Observation [features] of 4: the cart's position (m) and velocity (m/s), the pole's angle
 * (rad) and angular velocity (rad/s). Action: 0 pushes the cart to the left, 1 to the right, with
 * 10 N for 0.02 s. Reward: 1 a step, the last one included. Terminated: the cart is more than 2.4 m
 * from the middle, or the pole more than 12 degrees from upright.
 *
 * @param maxSteps steps after which an episode is truncated, 1 or more
 */
public record CartPole(int maxSteps) implements EnvironmentSpec {
  private static final Spaces SPACES =
      new Spaces(ObservationSpace.floats(4), new ActionSpace.Discrete(2));

  public CartPole {
    Require.atLeast("max-steps", maxSteps, 1);
  }

  /** 500 steps. */
  public static CartPole standard() {
    return new CartPole(500);
  }

  @Override
  public Environment make(Split split) {
    return new Running(maxSteps);
  }

  @Override
  public String title() {
    return "cartpole";
  }

  static final class Running implements Environment {
    private static final double GRAVITY = 9.8;
    private static final double POLE_MASS = 0.1;
    private static final double TOTAL_MASS = 1.0 + POLE_MASS;
    private static final double HALF_LENGTH = 0.5;
    private static final double POLE_MOMENT = POLE_MASS * HALF_LENGTH;
    private static final double FORCE = 10;
    private static final double SECONDS = 0.02;
    private static final double FARTHEST = 2.4;
    private static final double STEEPEST = 12 * 2 * Math.PI / 360;

    private final Episode episode;
    private double position;
    private double velocity;
    private double angle;
    private double spin;

    Running(int maxSteps) {
      episode = new Episode(maxSteps);
    }

    /** Begins an episode in a state of choice. */
    void place(double position, double velocity, double angle, double spin) {
      this.position = position;
      this.velocity = velocity;
      this.angle = angle;
      this.spin = spin;
      episode.begin();
    }

    @Override
    public Spaces spaces() {
      return SPACES;
    }

    @Override
    public void reset(long seed) {
      RandomStream chance = new Streams(seed).named("reset");
      place(small(chance), small(chance), small(chance), small(chance));
    }

    private static double small(RandomStream chance) {
      return -0.05 + 0.1 * chance.uniform();
    }

    @Override
    public void step(float[] actions, int offset) {
      episode.goesOn();
      double force = Action.choice(actions[offset], 2) == 1 ? FORCE : -FORCE;
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      double push = (force + POLE_MOMENT * spin * spin * sin) / TOTAL_MASS;
      double turning =
          (GRAVITY * sin - cos * push)
              / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * cos * cos / TOTAL_MASS));
      double acceleration = push - POLE_MOMENT * turning * cos / TOTAL_MASS;
      // Euler's method: positions move with the velocities of before.
      position += SECONDS * velocity;
      velocity += SECONDS * acceleration;
      angle += SECONDS * spin;
      spin += SECONDS * turning;
      episode.step(1, Math.abs(position) > FARTHEST || Math.abs(angle) > STEEPEST);
    }

    @Override
    public void observe(ByteBuffer out) {
      out.putFloat((float) position)
          .putFloat((float) velocity)
          .putFloat((float) angle)
          .putFloat((float) spin);
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
      double tipX = position + 2 * HALF_LENGTH * StrictMath.sin(angle);
      double tipY = -0.4 + 2 * HALF_LENGTH * StrictMath.cos(angle);
      return Optional.of(
          new Sketch(360, 180, 2.6)
              .line(Sketch.DARK, 0.02, -3, -0.6, 3, -0.6)
              .line(Sketch.DARK, 0.3, position - 0.15, -0.5, position + 0.15, -0.5)
              .line(Sketch.WARM, 0.1, position, -0.4, tipX, tipY)
              .disc(Sketch.COOL, position, -0.4, 0.05)
              .done());
    }

    @Override
    public void save(StateWriter out) {
      episode.save(out.section("episode"));
      out.real("position", position);
      out.real("velocity", velocity);
      out.real("angle", angle);
      out.real("spin", spin);
    }

    @Override
    public void restore(StateReader in) {
      episode.restore(in.section("episode"));
      position = in.real("position");
      velocity = in.real("velocity");
      angle = in.real("angle");
      spin = in.real("spin");
    }
  }
}
