package lot4j.rl.gymnasium;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import lot4j.Require;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.Environments;
import lot4j.train.Split;

/**
 * An environment that the user's Python makes with {@code gymnasium.make}. Source: Towers et al.,
 * 2024, Gymnasium, A Standard Interface for Reinforcement Learning Environments; the API of version
 * 0.26 and later.
 *
 * <p>It observes a {@code Box} (bytes stay bytes, all else becomes floats), {@code MultiBinary} or
 * {@code Discrete} (one of its numbers is 1, the others 0), and acts by a {@code Discrete} or a
 * {@code Box} of floats. Its reset takes the low 31 bits of a seed's two halves, added without
 * carry, because many environments take no more: a seed below 2<sup>31</sup> is passed as it is.
 *
 * <p>Whoever may write {@code id} and {@code python} may run any program of this machine.
 *
 * @param id its name, a module to import before it if needed: {@code my_package:Maze-v0}
 * @param python the Python 3 that has the package, a name on the search path or a file
 * @param maxSteps after how many steps episodes are cut off; 0 leaves the environment's own limit
 * @param kwargs what its constructor takes besides: texts, numbers, true or false
 * @param channels where pictures have their channels
 */
public record Gymnasium(
    String id, String python, int maxSteps, Map<String, Object> kwargs, Channels channels)
    implements EnvironmentSpec {
  private static final Duration START = Duration.ofSeconds(60);

  public Gymnasium {
    Require.that(!id.isBlank(), "id", id, "the name of a Gymnasium environment");
    Require.that(!python.isBlank(), "python", python, "the name or file of a Python 3");
    Require.atLeast("max-steps", maxSteps, 0);
    for (Map.Entry<String, Object> entry : kwargs.entrySet()) {
      Object value = entry.getValue();
      Require.that(
          value instanceof String || value instanceof Number || value instanceof Boolean,
          "kwargs",
          kwargs,
          "texts, numbers, true or false, which " + entry.getKey() + " is not");
    }
    kwargs = Collections.unmodifiableMap(new TreeMap<>(kwargs));
  }

  /** An environment with its own settings, of the {@code python3} on the search path. */
  public static Gymnasium of(String id) {
    return new Gymnasium(id, "python3", 0, Map.of(), Channels.AUTO);
  }

  @Override
  public Environment make(Split split) {
    return new GymnasiumEnvironment(open(1, 1, true));
  }

  /** Many, in as many processes as threads. */
  @Override
  public Environments make(Split split, int count, int threads) {
    return open(count, threads, false);
  }

  private GymnasiumEnvironments open(int count, int threads, boolean render) {
    return GymnasiumEnvironments.open(this, count, threads, render, START);
  }

  @Override
  public String title() {
    return "gymnasium:" + id + (kwargs.isEmpty() ? "" : kwargs.toString());
  }

  /** How messages name it. */
  String name() {
    return "gymnasium:" + id;
  }
}
