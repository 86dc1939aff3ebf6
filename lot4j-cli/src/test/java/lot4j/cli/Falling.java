package lot4j.cli;

import java.nio.ByteBuffer;
import java.util.Set;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.Extension;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;
import lot4j.train.Split;

/**
 * A world of episodes of ten steps, whose reward is no number from some step on in one rank.
 *
 * @param rank which of several processes
 * @param step which step of each environment, from 1
 */
public record Falling(int rank, int step) implements EnvironmentSpec {
  /** Its name, for whoever names this class as a service. */
  public static final class Name implements Extension {
    @Override
    public void register(Catalog catalog) {
      catalog.add(
          Category.ENVIRONMENT, "falling", new Falling(1, 50), Set.of(), "falls in one rank");
    }
  }

  @Override
  public String title() {
    return "falling";
  }

  @Override
  public Environment make(Split split) {
    boolean here = Integer.toString(rank).equals(System.getenv("RANK"));
    return new Environment() {
      private int steps;

      @Override
      public Spaces spaces() {
        return new Spaces(ObservationSpace.floats(1), new ActionSpace.Discrete(2));
      }

      @Override
      public void reset(long seed) {}

      @Override
      public void step(float[] actions, int offset) {
        steps++;
      }

      @Override
      public void observe(ByteBuffer out) {
        out.putFloat(steps % 10);
      }

      @Override
      public float reward() {
        return here && steps >= step ? Float.NaN : 1;
      }

      @Override
      public boolean terminated() {
        return false;
      }

      @Override
      public boolean truncated() {
        return steps % 10 == 0;
      }

      @Override
      public void save(StateWriter out) {
        out.number("steps", steps);
      }

      @Override
      public void restore(StateReader in) {
        steps = Math.toIntExact(in.number("steps"));
      }
    };
  }
}
