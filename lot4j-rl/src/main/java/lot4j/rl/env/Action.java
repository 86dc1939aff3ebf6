package lot4j.rl.env;

/** Reads an action from the numbers that it is written with. */
final class Action {
  private Action() {}

  /**
   * A choice.
   *
   * @throws IllegalArgumentException if it is none of the {@code choices}
   */
  static int choice(float action, int choices) {
    int choice = (int) action;
    if (choice != action || choice < 0 || choice >= choices) {
      throw new IllegalArgumentException(
          "action = " + action + " is not allowed; a whole number from 0 to " + (choices - 1));
    }
    return choice;
  }

  /**
   * A number, cut to ±{@code bound}.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  static double number(float action, double bound) {
    if (Float.isNaN(action)) {
      throw new IllegalArgumentException(
          "action = NaN is not allowed; a number from " + -bound + " to " + bound);
    }
    return Math.max(-bound, Math.min(bound, action));
  }
}
