package lot4j.rl;

import java.nio.ByteBuffer;
import java.util.Arrays;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * Sound environments with a mistake that tests look for.
 *
 * @param all all step, whoever is active
 * @param forgets nothing is restored
 */
record Careless(Environments sound, boolean all, boolean forgets) implements Environments {
  @Override
  public int count() {
    return sound.count();
  }

  @Override
  public Spaces spaces() {
    return sound.spaces();
  }

  @Override
  public void reset(int environment, long seed) {
    sound.reset(environment, seed);
  }

  @Override
  public void step(float[] actions, boolean[] active) {
    boolean[] stepping = active.clone();
    if (all) {
      Arrays.fill(stepping, true);
    }
    sound.step(actions, stepping);
  }

  @Override
  public void observe(int environment, ByteBuffer out) {
    sound.observe(environment, out);
  }

  @Override
  public float reward(int environment) {
    return sound.reward(environment);
  }

  @Override
  public double score(int environment) {
    return sound.score(environment);
  }

  @Override
  public boolean terminated(int environment) {
    return sound.terminated(environment);
  }

  @Override
  public boolean truncated(int environment) {
    return sound.truncated(environment);
  }

  @Override
  public boolean over(int environment) {
    return sound.over(environment);
  }

  @Override
  public void save(StateWriter out) {
    sound.save(out);
  }

  @Override
  public void restore(StateReader in) {
    if (!forgets) {
      sound.restore(in);
    }
  }

  @Override
  public void close() {
    sound.close();
  }
}
