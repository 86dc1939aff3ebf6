package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import lot4j.Require;

/** Seed of what is drawn within the training split: {@code split-seed}, or a number. */
public sealed interface SubsetSeed {
  /** {@code split-seed} or a number. */
  @JsonValue
  Object written();

  /** The seed that it means beside a split seed. */
  default long or(long splitSeed) {
    return this instanceof Own own ? own.seed() : splitSeed;
  }

  /** From {@code split-seed} or a whole number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static SubsetSeed of(Object written) {
    if (written instanceof Integer || written instanceof Long) {
      return new Own(((Number) written).longValue());
    }
    Require.that(
        "split-seed".equals(written), "task.subset-seed", written, "split-seed, or a number");
    return new Same();
  }

  /** The split seed. */
  record Same() implements SubsetSeed {
    @Override
    public Object written() {
      return "split-seed";
    }
  }

  /** A seed of its own: another subset of the same training split. */
  record Own(long seed) implements SubsetSeed {
    @Override
    public Object written() {
      return seed;
    }
  }
}
