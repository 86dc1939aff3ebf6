package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is minimised where a number is predicted. */
public enum RegressionLoss {
  /** The negative logarithm of a normal density; a network says how sure it is. */
  GAUSSIAN,
  /** Half the squared error, in units of the target's variance: a normal of deviation 1. */
  SQUARED;

  /** Whether a network gives a deviation of its own. */
  public boolean ownDeviation() {
    return this == GAUSSIAN;
  }

  /** The word in files. */
  @JsonValue
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From the word in files. */
  @JsonCreator
  static RegressionLoss of(String written) {
    return valueOf(written.toUpperCase(Locale.ROOT));
  }
}
