package lot4j.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.OptionalDouble;
import lot4j.Require;

/**
 * Weight of the imitability in a student's loss.
 *
 * @param number the weight; empty: α, whatever it is at the step
 */
public record MetricWeight(OptionalDouble number) {
  private static final String ALLOWED = "0 or more, or alpha";

  /** A fixed weight. */
  public static MetricWeight of(double weight) {
    return new MetricWeight(OptionalDouble.of(weight));
  }

  /** α at the step. */
  public static MetricWeight alpha() {
    return new MetricWeight(OptionalDouble.empty());
  }

  /** From what a configuration holds: a number or the word alpha. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static MetricWeight read(Object written) {
    if (written instanceof Number number) {
      double weight = number.doubleValue();
      Require.that(weight >= 0 && Double.isFinite(weight), "value", weight, ALLOWED);
      return of(weight);
    }
    Require.that("alpha".equals(written), "value", written, ALLOWED);
    return alpha();
  }

  @JsonValue
  Object written() {
    return number.isPresent() ? (Object) number.getAsDouble() : "alpha";
  }

  /** The weight where α is {@code alpha}. */
  public double at(double alpha) {
    return number.orElse(alpha);
  }
}
