package example;

import java.nio.ByteBuffer;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.Streams;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;
import lot4j.train.Split;

/**
 * An environment of one's own: a corridor with a light at one of its ends. Observation [features]
 * of 2: how far the agent stands from the middle, −1 to 1, and the side of the light, −1 or 1.
 * Action: 0 steps to the left, 1 to the right. Reward: 1 at the light, −1 at the other end, where
 * the episode terminates; it is truncated after four times the length.
 *
 * @param length places on each side of the middle, 1 or more
 */
public record Corridor(int length) implements EnvironmentSpec {
  private static final Spaces SPACES =
      new Spaces(ObservationSpace.floats(2), new ActionSpace.Discrete(2));

  public Corridor {
    Require.atLeast("length", length, 1);
  }

  @Override
  public Environment make(Split split) {
    return new Walk(length);
  }

  @Override
  public String title() {
    return "corridor";
  }

  private static final class Walk implements Environment {
    private final int length;
    private int place;
    private int light;
    private int steps;

    Walk(int length) {
      this.length = length;
    }

    @Override
    public Spaces spaces() {
      return SPACES;
    }

    @Override
    public void reset(long seed) {
      light = new Streams(seed).named("light").below(2) == 0 ? -1 : 1;
      place = 0;
      steps = 0;
    }

    @Override
    public void step(float[] actions, int offset) {
      if (light == 0 || terminated() || truncated()) {
        throw new IllegalStateException("corridor: there is no episode");
      }
      place += actions[offset] == 1 ? 1 : -1;
      steps++;
    }

    @Override
    public void observe(ByteBuffer out) {
      out.putFloat((float) place / length).putFloat(light);
    }

    @Override
    public float reward() {
      return terminated() ? Integer.signum(place) * light : 0;
    }

    @Override
    public boolean terminated() {
      return Math.abs(place) == length;
    }

    @Override
    public boolean truncated() {
      return steps == 4 * length;
    }

    @Override
    public void save(StateWriter out) {
      out.number("place", place);
      out.number("light", light);
      out.number("steps", steps);
    }

    @Override
    public void restore(StateReader in) {
      place = (int) in.number("place");
      light = (int) in.number("light");
      steps = (int) in.number("steps");
    }
  }
}
