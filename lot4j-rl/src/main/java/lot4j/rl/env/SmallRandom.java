package lot4j.rl.env;

/**
 * Random numbers for making one level: a new generator is nothing but a seed.
 *
 * <p>Source: SplitMix64, G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 * generators", 2014.
 */
final class SmallRandom {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  /** Numbers that are a function of both arguments. */
  SmallRandom(long seed, long purpose) {
    this.state = mixed(mixed(seed + GOLDEN) ^ purpose);
  }

  long next() {
    state += GOLDEN;
    return mixed(state);
  }

  /** A whole number in {@code [0, bound)}; no bound here is large enough for a bias to show. */
  int below(int bound) {
    return (int) ((next() >>> 32) * bound >>> 32);
  }

  /** True with this probability, always with 1, never with 0. */
  boolean chance(double probability) {
    return (next() >>> 11) * 0x1p-53 < probability;
  }

  private static long mixed(long z) {
    long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
    return b ^ b >>> 31;
  }
}
