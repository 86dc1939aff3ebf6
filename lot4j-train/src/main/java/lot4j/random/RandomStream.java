package lot4j.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import org.apache.commons.rng.RestorableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.RandomProviderDefaultState;
import org.apache.commons.rng.simple.RandomSource;

/**
 * One random stream (xoshiro256++, D. Blackman and S. Vigna, 2021), saved and restored to the bit.
 */
public final class RandomStream implements Stateful {
  private final RestorableUniformRandomProvider generator;

  private RandomStream(RestorableUniformRandomProvider generator) {
    this.generator = generator;
  }

  static RandomStream of(long seed, String name) {
    return new RandomStream(RandomSource.XO_SHI_RO_256_PP.create(digest(seed, name)));
  }

  static long[] digest(long seed, String name) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
      ByteBuffer bytes = ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
      return new long[] {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The generator itself, for samplers. */
  public UniformRandomProvider generator() {
    return generator;
  }

  /** A whole number in {@code [0, bound)}. */
  public int below(int bound) {
    return generator.nextInt(bound);
  }

  /** A number in {@code [0, 1)}. */
  public double uniform() {
    return generator.nextDouble();
  }

  /** A random order of {@code 0 … n − 1} (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = generator.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Every bit of the generator's state. */
  public byte[] state() {
    return ((RandomProviderDefaultState) generator.saveState()).getState();
  }

  /** Continues from {@link #state}. */
  public void state(byte[] state) {
    generator.restoreState(new RandomProviderDefaultState(state));
  }

  @Override
  public void save(StateWriter out) {
    out.bytes("generator", state());
  }

  @Override
  public void restore(StateReader in) {
    state(in.bytes("generator"));
  }
}
