package lot4j.rl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** All that an environment shows at one time, copied. */
record Sight(
    Spaces spaces,
    float reward,
    double score,
    boolean terminated,
    boolean truncated,
    boolean over,
    ByteBuffer observation) {
  /** What one of many shows. */
  static Sight of(Environments many, int i) {
    ByteBuffer seen = room(many.spaces());
    many.observe(i, seen);
    return new Sight(
        many.spaces(),
        many.reward(i),
        many.score(i),
        many.terminated(i),
        many.truncated(i),
        many.over(i),
        seen.flip());
  }

  private static ByteBuffer room(Spaces spaces) {
    return ByteBuffer.allocateDirect(spaces.observation().bytes()).order(ByteOrder.nativeOrder());
  }

  boolean ended() {
    return terminated || truncated;
  }

  /** One number of the observation. */
  double number(int i) {
    return spaces.observation().type() == ObservationSpace.Type.FLOAT
        ? observation.getFloat(i * Float.BYTES)
        : observation.get(i) & 0xff;
  }

  String flags() {
    return "terminated() is "
        + terminated
        + ", truncated() is "
        + truncated
        + ", over() is "
        + over;
  }

  /** The first thing that differs to a bit, with both values. */
  Optional<String> difference(Sight other) {
    if (Float.compare(reward, other.reward) != 0) {
      return Optional.of(both("reward()", reward, other.reward));
    }
    if (Double.compare(score, other.score) != 0) {
      return Optional.of(both("score()", score, other.score));
    }
    if (!flags().equals(other.flags())) {
      return Optional.of(both("", flags(), other.flags()));
    }
    for (int i = 0; i < spaces.observation().count(); i++) {
      if (Double.compare(number(i), other.number(i)) != 0) {
        return Optional.of(both("observation[" + i + "]", number(i), other.number(i)));
      }
    }
    return Optional.empty();
  }

  private static String both(String what, Object mine, Object others) {
    return what + (what.isEmpty() ? "" : " is ") + mine + " versus " + others;
  }
}
