package lot4j.rl;

import java.util.List;
import lot4j.Require;

/** What an agent can do. */
public sealed interface ActionSpace {
  /** Outputs of a policy: one a choice, or one a dimension. */
  int outputs();

  /** Numbers that one action is written with. */
  int width();

  /**
   * One of a few choices, written as one whole number from 0.
   *
   * @param choices how many, 1 or more
   */
  record Discrete(int choices) implements ActionSpace {
    public Discrete {
      Require.atLeast("choices", choices, 1);
    }

    @Override
    public int outputs() {
      return choices;
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /**
   * A number for each dimension. What a policy draws is cut to these bounds before the environment
   * sees it.
   *
   * @param low the least of each dimension
   * @param high the greatest of each dimension
   */
  record Box(List<Double> low, List<Double> high) implements ActionSpace {
    public Box {
      low = List.copyOf(low);
      high = List.copyOf(high);
      Require.that(
          !low.isEmpty() && low.size() == high.size(),
          "bounds",
          low + " to " + high,
          "as many lower as upper bounds, one or more");
    }

    @Override
    public int outputs() {
      return low.size();
    }

    @Override
    public int width() {
      return low.size();
    }
  }
}
