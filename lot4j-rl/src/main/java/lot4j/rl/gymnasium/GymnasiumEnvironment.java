package lot4j.rl.gymnasium;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.rl.Environment;
import lot4j.rl.Spaces;

/** A single one: the only one of a number of one, which it owns. */
final class GymnasiumEnvironment implements Environment {
  private static final boolean[] ACTIVE = {true};

  private final GymnasiumEnvironments one;
  private final float[] action;

  GymnasiumEnvironment(GymnasiumEnvironments one) {
    this.one = one;
    this.action = new float[one.spaces().action().width()];
  }

  @Override
  public Spaces spaces() {
    return one.spaces();
  }

  @Override
  public void reset(long seed) {
    one.reset(0, seed);
  }

  @Override
  public void step(float[] actions, int offset) {
    System.arraycopy(actions, offset, action, 0, action.length);
    one.step(action, ACTIVE);
  }

  @Override
  public void observe(ByteBuffer out) {
    one.observe(0, out);
  }

  @Override
  public float reward() {
    return one.reward(0);
  }

  @Override
  public double score() {
    return one.score(0);
  }

  @Override
  public boolean terminated() {
    return one.terminated(0);
  }

  @Override
  public boolean truncated() {
    return one.truncated(0);
  }

  @Override
  public Optional<BufferedImage> render() {
    return one.render(0);
  }

  @Override
  public void save(StateWriter out) {
    one.save(out);
  }

  @Override
  public void restore(StateReader in) {
    one.restore(in);
  }

  @Override
  public void close() {
    one.close();
  }
}
