package lot4j.rl;

import java.util.ArrayList;
import java.util.List;
import lot4j.config.NamedEnvironment;
import lot4j.train.Prepared;
import lot4j.train.Split;

/**
 * An environment's description that can make it: a record whose components are its keys under
 * {@code task.environment}.
 *
 * <pre>{@code
 * public record Coin(double bias) implements EnvironmentSpec {
 *   public Environment make(Split split) { return new Flips(bias); }
 * }
 * // In an Extension: catalog.add(Category.ENVIRONMENT, "coin", new Coin(0.5), Set.of(), "a coin");
 * }</pre>
 */
public interface EnvironmentSpec extends NamedEnvironment {
  /**
   * One environment, before its first reset.
   *
   * @param split which levels it draws from, for those that have training and test levels
   * @throws lot4j.train.DataException if what it needs (a game's file, a program) is not there
   */
  Environment make(Split split);

  /**
   * Many that step together, one after the other: handing a cheap step to another thread costs more
   * than the step. Those whose steps are dear step several at a time.
   *
   * @param threads how many may step at the same time; the results do not depend on it
   */
  default Environments make(Split split, int count, int threads) {
    List<Environment> each = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      each.add(make(split));
    }
    return new Copies(each, 1);
  }

  /** The name that results show, its parameters of note included: {@code ale:tetris}. */
  String title();

  /** Whether training and test levels differ, so that both are worth a score. */
  default boolean levels() {
    return false;
  }

  /** The files it reads. */
  default List<Prepared.Source> sources() {
    return List.of();
  }

  /** What a user should know before a run: one sentence each; usually none. */
  default List<String> notes() {
    return List.of();
  }
}
