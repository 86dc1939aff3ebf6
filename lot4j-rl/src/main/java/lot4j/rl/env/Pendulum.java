package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.List;
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
 * A pendulum to be swung up and held there by a motor that is too weak to lift it. Source: Doya,
 * 2000 (the task), in the form of Gymnasium's Pendulum-v1.
 *
 * <p>Observation [features] of 3: cosine and sine of the angle from upright (counter-clockwise),
 * angular velocity (-8 to 8 rad/s). Action [1]: the torque, -2 to 2 N m, held for 0.05 s; the rod
 * is 1 m long and weighs 1 kg. Reward: -(angle² + 0.1 velocity² + 0.001 torque²) of the state
 * before the step, the angle within ±π. Never terminated.
 *
 * @param maxSteps steps after which an episode is truncated, 1 or more
 * @param g gravity, m/s², 0 or more
 */
public record Pendulum(int maxSteps, double g) implements EnvironmentSpec {
  private static final double STRONGEST = 2;
  private static final Spaces SPACES =
      new Spaces(
          ObservationSpace.floats(3), new ActionSpace.Box(List.of(-STRONGEST), List.of(STRONGEST)));

  public Pendulum {
    Require.atLeast("max-steps", maxSteps, 1);
    Require.atLeast("g", g, 0.0);
  }

  /** 200 steps, gravity 10. */
  public static Pendulum standard() {
    return new Pendulum(200, 10);
  }

  @Override
  public Environment make(Split split) {
    return new Running(maxSteps, g);
  }

  @Override
  public String title() {
    return "pendulum";
  }

  /** The same angle in [-π, π). */
  static double wrapped(double angle) {
    double turn = 2 * Math.PI;
    double rest = (angle + Math.PI) % turn;
    return (rest < 0 ? rest + turn : rest) - Math.PI;
  }

  static final class Running implements Environment {
    private static final double MASS = 1;
    private static final double LENGTH = 1;
    private static final double SECONDS = 0.05;
    private static final double FASTEST = 8;

    private final Episode episode;
    private final double g;
    private double angle;
    private double spin;

    Running(int maxSteps, double g) {
      episode = new Episode(maxSteps);
      this.g = g;
    }

    /** Begins an episode in a state of choice. */
    void place(double angle, double spin) {
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
      place(Math.PI * (2 * chance.uniform() - 1), 2 * chance.uniform() - 1);
    }

    @Override
    public void step(float[] actions, int offset) {
      episode.goesOn();
      double torque = Action.number(actions[offset], STRONGEST);
      double tilt = wrapped(angle);
      double cost = tilt * tilt + 0.1 * spin * spin + 0.001 * torque * torque;
      double turning =
          3 * g / (2 * LENGTH) * StrictMath.sin(angle) + 3 / (MASS * LENGTH * LENGTH) * torque;
      spin = Math.max(-FASTEST, Math.min(FASTEST, spin + turning * SECONDS));
      angle += spin * SECONDS;
      episode.step(-cost, false);
    }

    @Override
    public void observe(ByteBuffer out) {
      out.putFloat((float) StrictMath.cos(angle))
          .putFloat((float) StrictMath.sin(angle))
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
      double tipX = -LENGTH * StrictMath.sin(angle);
      double tipY = LENGTH * StrictMath.cos(angle);
      return Optional.of(
          new Sketch(200, 200, 2.6)
              .line(Sketch.WARM, 0.14, 0, 0, tipX, tipY)
              .disc(Sketch.DARK, 0, 0, 0.06)
              .done());
    }

    @Override
    public void save(StateWriter out) {
      episode.save(out.section("episode"));
      out.real("angle", angle);
      out.real("spin", spin);
    }

    @Override
    public void restore(StateReader in) {
      episode.restore(in.section("episode"));
      angle = in.real("angle");
      spin = in.real("spin");
    }
  }
}
