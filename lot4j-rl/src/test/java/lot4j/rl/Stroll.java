package lot4j.rl;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.train.Split;

/** A sound environment, open so that tests can break one thing of it: a walk with gusts of wind. */
class Stroll implements Environment {
  static final Spaces SPACES = new Spaces(ObservationSpace.floats(2), new ActionSpace.Discrete(3));

  long wind;
  int place;
  int steps;
  float reward;

  /** Names a way to make environments. */
  record Spec(String title, Supplier<Environment> maker) implements EnvironmentSpec {
    @Override
    public Environment make(Split split) {
      return maker.get();
    }
  }

  @Override
  public Spaces spaces() {
    return SPACES;
  }

  @Override
  public void reset(long seed) {
    wind = seed;
    place = (int) Math.floorMod(seed, 3L) - 1;
    steps = 0;
    reward = 0;
  }

  @Override
  public void step(float[] actions, int offset) {
    wind = wind * 6364136223846793005L + 1442695040888963407L;
    place += (int) actions[offset] - 1 + (int) (wind >>> 62) / 2;
    steps++;
    reward = place / 4f;
  }

  @Override
  public void observe(ByteBuffer out) {
    out.putFloat(place).putFloat(steps);
  }

  @Override
  public float reward() {
    return reward;
  }

  @Override
  public boolean terminated() {
    return Math.abs(place) > 9;
  }

  @Override
  public boolean truncated() {
    return steps >= 50;
  }

  @Override
  public void save(StateWriter out) {
    out.number("wind", wind);
    out.number("place", place);
    out.number("steps", steps);
    out.real("reward", reward);
  }

  @Override
  public void restore(StateReader in) {
    wind = in.number("wind");
    place = (int) in.number("place");
    steps = (int) in.number("steps");
    reward = (float) in.real("reward");
  }
}
