package lot4j.rl.env;

import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;

/** Where an episode with a limit of steps stands: what every environment here keeps alike. */
final class Episode implements Stateful {
  private final int maxSteps;
  private boolean begun;
  private int steps;
  private float reward;
  private boolean terminated;

  Episode(int maxSteps) {
    this.maxSteps = maxSteps;
  }

  void begin() {
    begun = true;
    steps = 0;
    reward = 0;
    terminated = false;
  }

  /**
   * Checks that a step may be made.
   *
   * @throws IllegalStateException before the first reset and after an end
   */
  void goesOn() {
    if (!begun || terminated() || truncated()) {
      throw new IllegalStateException("step without a reset " + (begun ? "after an end" : "first"));
    }
  }

  /** Counts a step that earned {@code reward}, the last one if {@code terminated}. */
  void step(double reward, boolean terminated) {
    steps++;
    this.reward = (float) reward;
    this.terminated = terminated;
  }

  float reward() {
    return reward;
  }

  boolean terminated() {
    return terminated;
  }

  boolean truncated() {
    return steps >= maxSteps;
  }

  @Override
  public void save(StateWriter out) {
    out.number("begun", begun ? 1 : 0);
    out.number("steps", steps);
    out.real("reward", reward);
    out.number("terminated", terminated ? 1 : 0);
  }

  @Override
  public void restore(StateReader in) {
    begun = in.number("begun") != 0;
    steps = Math.toIntExact(in.number("steps"));
    reward = (float) in.real("reward");
    terminated = in.number("terminated") != 0;
  }
}
