package lot4j.optim;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.OptionalDouble;
import lot4j.Require;

/**
 * The largest L2 norm of a learner's whole gradient; a longer one is scaled down to it. Source: R.
 * Pascanu et al., "On the difficulty of training recurrent neural networks", 2013.
 *
 * @param norm above 0; empty never clips
 */
public record Clip(OptionalDouble norm) {
  private static final String ALLOWED = "a number above 0, or none";

  public Clip {
    if (norm.isPresent()) {
      check(norm.getAsDouble());
    }
  }

  /** Never clips. */
  public static Clip none() {
    return new Clip(OptionalDouble.empty());
  }

  /** Clips to {@code norm}. */
  public static Clip at(double norm) {
    return new Clip(OptionalDouble.of(norm));
  }

  /** From a configuration: {@code none} or a number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Clip of(Object value) {
    if (value instanceof Number number) {
      return at(number.doubleValue());
    }
    Require.that("none".equals(value), "clip", value, ALLOWED);
    return none();
  }

  /** The same in a configuration. */
  @JsonValue
  public Object json() {
    return norm.isPresent() ? (Object) norm.getAsDouble() : "none";
  }

  @Override
  public String toString() {
    return json().toString();
  }

  private static void check(double norm) {
    Require.that(norm > 0 && Double.isFinite(norm), "clip", norm, ALLOWED);
  }
}
