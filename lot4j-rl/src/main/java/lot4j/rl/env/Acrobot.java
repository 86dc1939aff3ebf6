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
 * Two links that hang from a pivot, with a motor in the elbow, to be swung up. Source: Sutton,
 * 1996, with the dynamics of Sutton and Barto's book, in the form of Gymnasium's Acrobot-v1.
 *
 * <p>Observation [features] of 6: cosine and sine of the first link's angle from hanging down,
 * cosine and sine of the second link's angle to the first, and both angular velocities (±4π and ±9π
 * rad/s). Action: 0, 1 or 2 for a torque of -1, 0 or 1 N m at the elbow, held for 0.2 s; each link
 * is 1 m long and weighs 1 kg. Reward: -1 a step, 0 on the step that reaches the goal. Terminated:
 * the tip is more than 1 m above the pivot.
 *
 * @param maxSteps steps after which an episode is truncated, 1 or more
 */
public record Acrobot(int maxSteps) implements EnvironmentSpec {
  private static final Spaces SPACES =
      new Spaces(ObservationSpace.floats(6), new ActionSpace.Discrete(3));

  public Acrobot {
    Require.atLeast("max-steps", maxSteps, 1);
  }

  /** 500 steps. */
  public static Acrobot standard() {
    return new Acrobot(500);
  }

  @Override
  public Environment make(Split split) {
    return new Running(maxSteps);
  }

  @Override
  public String title() {
    return "acrobot";
  }

  /** The same angle in [-π, π]. */
  static double wrapped(double angle) {
    double inside = angle;
    while (inside > Math.PI) {
      inside -= 2 * Math.PI;
    }
    while (inside < -Math.PI) {
      inside += 2 * Math.PI;
    }
    return inside;
  }

  static final class Running implements Environment {
    private static final double GRAVITY = 9.8;
    private static final double MASS = 1;
    private static final double LENGTH = 1;
    private static final double CENTRE = 0.5;
    private static final double INERTIA = 1;
    private static final double SECONDS = 0.2;
    private static final double FASTEST_FIRST = 4 * Math.PI;
    private static final double FASTEST_SECOND = 9 * Math.PI;

    private final Episode episode;

    /** Both angles, then both angular velocities. */
    private final double[] state = new double[4];

    private final double[] between = new double[4];
    private final double[][] slopes = new double[4][4];

    Running(int maxSteps) {
      episode = new Episode(maxSteps);
    }

    /** Begins an episode in a state of choice. */
    void place(double angle1, double angle2, double spin1, double spin2) {
      state[0] = angle1;
      state[1] = angle2;
      state[2] = spin1;
      state[3] = spin2;
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
      return -0.1 + 0.2 * chance.uniform();
    }

    @Override
    public void step(float[] actions, int offset) {
      episode.goesOn();
      move(Action.choice(actions[offset], 3) - 1);
      state[0] = wrapped(state[0]);
      state[1] = wrapped(state[1]);
      state[2] = Math.max(-FASTEST_FIRST, Math.min(FASTEST_FIRST, state[2]));
      state[3] = Math.max(-FASTEST_SECOND, Math.min(FASTEST_SECOND, state[3]));
      boolean up = height() > 1;
      episode.step(up ? 0 : -1, up);
    }

    /** The tip's height above the pivot. */
    private double height() {
      return -StrictMath.cos(state[0]) - StrictMath.cos(state[1] + state[0]);
    }

    /** One step of the classical Runge-Kutta method of fourth order. */
    private void move(double torque) {
      slope(state, torque, slopes[0]);
      slope(ahead(SECONDS / 2, slopes[0]), torque, slopes[1]);
      slope(ahead(SECONDS / 2, slopes[1]), torque, slopes[2]);
      slope(ahead(SECONDS, slopes[2]), torque, slopes[3]);
      for (int i = 0; i < state.length; i++) {
        state[i] +=
            SECONDS / 6 * (slopes[0][i] + 2 * slopes[1][i] + 2 * slopes[2][i] + slopes[3][i]);
      }
    }

    private double[] ahead(double seconds, double[] slope) {
      for (int i = 0; i < state.length; i++) {
        between[i] = state[i] + seconds * slope[i];
      }
      return between;
    }

    /** The book's equations of motion; names as there: d1, d2, phi1, phi2. */
    private static void slope(double[] at, double torque, double[] out) {
      double spin1 = at[2];
      double spin2 = at[3];
      double cos2 = StrictMath.cos(at[1]);
      double sin2 = StrictMath.sin(at[1]);
      double d1 =
          MASS * CENTRE * CENTRE
              + MASS * (LENGTH * LENGTH + CENTRE * CENTRE + 2 * LENGTH * CENTRE * cos2)
              + 2 * INERTIA;
      double d2 = MASS * (CENTRE * CENTRE + LENGTH * CENTRE * cos2) + INERTIA;
      double phi2 = MASS * CENTRE * GRAVITY * StrictMath.cos(at[0] + at[1] - Math.PI / 2);
      double phi1 =
          -MASS * LENGTH * CENTRE * spin2 * spin2 * sin2
              - 2 * MASS * LENGTH * CENTRE * spin2 * spin1 * sin2
              + (MASS * CENTRE + MASS * LENGTH) * GRAVITY * StrictMath.cos(at[0] - Math.PI / 2)
              + phi2;
      double turning2 =
          (torque + d2 / d1 * phi1 - MASS * LENGTH * CENTRE * spin1 * spin1 * sin2 - phi2)
              / (MASS * CENTRE * CENTRE + INERTIA - d2 * d2 / d1);
      out[0] = spin1;
      out[1] = spin2;
      out[2] = -(d2 * turning2 + phi1) / d1;
      out[3] = turning2;
    }

    @Override
    public void observe(ByteBuffer out) {
      out.putFloat((float) StrictMath.cos(state[0]))
          .putFloat((float) StrictMath.sin(state[0]))
          .putFloat((float) StrictMath.cos(state[1]))
          .putFloat((float) StrictMath.sin(state[1]))
          .putFloat((float) state[2])
          .putFloat((float) state[3]);
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
      double elbowX = LENGTH * StrictMath.sin(state[0]);
      double elbowY = -LENGTH * StrictMath.cos(state[0]);
      double tipX = elbowX + LENGTH * StrictMath.sin(state[0] + state[1]);
      double tipY = elbowY - LENGTH * StrictMath.cos(state[0] + state[1]);
      return Optional.of(
          new Sketch(200, 200, 4.6)
              .line(Sketch.DARK, 0.02, -2.3, 1, 2.3, 1)
              .line(Sketch.WARM, 0.16, 0, 0, elbowX, elbowY)
              .line(Sketch.COOL, 0.16, elbowX, elbowY, tipX, tipY)
              .disc(Sketch.DARK, 0, 0, 0.08)
              .disc(Sketch.DARK, elbowX, elbowY, 0.08)
              .done());
    }

    @Override
    public void save(StateWriter out) {
      episode.save(out.section("episode"));
      out.real("angle1", state[0]);
      out.real("angle2", state[1]);
      out.real("spin1", state[2]);
      out.real("spin2", state[3]);
    }

    @Override
    public void restore(StateReader in) {
      episode.restore(in.section("episode"));
      state[0] = in.real("angle1");
      state[1] = in.real("angle2");
      state[2] = in.real("spin1");
      state[3] = in.real("spin2");
    }
  }
}
