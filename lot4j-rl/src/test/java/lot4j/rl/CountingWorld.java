package lot4j.rl;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * An environment that counts, and writes down what happened to it. What it shows is [its number,
 * episode, step]; its reward tells all of that and the action. Episodes of 3, 4, 5, 3, … steps end
 * in turns: by the rules, by a cut, by both. Numbers 0 and 1 end together, and so do 2 and 3.
 */
final class CountingWorld implements Environment {
  /** A step as the world knows it; {@code after} is what it showed before any reset. */
  record Step(
      float[] before,
      float[] action,
      float reward,
      boolean terminated,
      boolean truncated,
      float[] after) {}

  private final int number;
  private final Spaces spaces;
  private final List<Step> journal = new ArrayList<>();
  private final List<Long> seeds = new ArrayList<>();
  private int episode = -1;
  private int step;
  private float reward;

  CountingWorld(int number, ActionSpace actions) {
    this.number = number;
    this.spaces = new Spaces(ObservationSpace.floats(3), actions);
  }

  /** Several, numbered from 0. */
  static List<CountingWorld> several(int count, ActionSpace actions) {
    List<CountingWorld> worlds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      worlds.add(new CountingWorld(i, actions));
    }
    return worlds;
  }

  /** Everything that happened, oldest first. */
  List<Step> journal() {
    return journal;
  }

  /** The seeds of all episodes. */
  List<Long> seeds() {
    return seeds;
  }

  float[] seen() {
    return new float[] {number, episode, step};
  }

  private boolean ended() {
    return episode >= 0 && step == 3 + (episode + number / 2) % 3;
  }

  @Override
  public Spaces spaces() {
    return spaces;
  }

  @Override
  public void reset(long seed) {
    seeds.add(seed);
    episode++;
    step = 0;
    reward = 0;
  }

  @Override
  public void step(float[] actions, int offset) {
    if (episode < 0 || ended()) {
      throw new IllegalStateException("counting: there is no episode");
    }
    float[] before = seen();
    float[] action = Arrays.copyOfRange(actions, offset, offset + spaces.action().width());
    step++;
    reward = 100 * number + 10 * episode + step + action[0] / 8;
    journal.add(new Step(before, action, reward, terminated(), truncated(), seen()));
  }

  @Override
  public void observe(ByteBuffer out) {
    out.putFloat(number).putFloat(episode).putFloat(step);
  }

  @Override
  public float reward() {
    return reward;
  }

  @Override
  public boolean terminated() {
    return ended() && episode % 3 != 1;
  }

  @Override
  public boolean truncated() {
    return ended() && episode % 3 != 0;
  }

  @Override
  public void save(StateWriter out) {
    out.number("episode", episode);
    out.number("step", step);
    out.real("reward", reward);
  }

  @Override
  public void restore(StateReader in) {
    episode = Math.toIntExact(in.number("episode"));
    step = Math.toIntExact(in.number("step"));
    reward = (float) in.real("reward");
  }
}
