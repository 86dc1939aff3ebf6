package lot4j.rl.env;

/** Reads a choice from the number that it is written as. */
final class Choice {
  private Choice() {}

  /**
   * The choice.
   *
   * @throws IllegalArgumentException if it is none of the {@code choices}
   */
  static int of(float action, int choices) {
    int choice = (int) action;
    if (choice != action || choice < 0 || choice >= choices) {
      throw new IllegalArgumentException(
          "action = " + action + " is not allowed; a whole number from 0 to " + (choices - 1));
    }
    return choice;
  }
}
