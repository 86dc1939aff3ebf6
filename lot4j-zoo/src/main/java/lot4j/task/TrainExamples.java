package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import lot4j.Require;

/** How many images of the training split the teacher learns from: {@code all}, or a number. */
public sealed interface TrainExamples {
  /** {@code all} or a number. */
  @JsonValue
  Object written();

  /** From {@code all} or a whole number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static TrainExamples of(Object written) {
    if ((written instanceof Integer || written instanceof Long)
        && ((java.lang.Number) written).longValue() <= Integer.MAX_VALUE) {
      return new Number(((java.lang.Number) written).intValue());
    }
    Require.that("all".equals(written), "task.train-examples", written, "all, or a number");
    return new All();
  }

  /** All that the validation split leaves. */
  record All() implements TrainExamples {
    @Override
    public Object written() {
      return "all";
    }
  }

  /**
   * A class-balanced subset.
   *
   * @param count 1 or more
   */
  record Number(int count) implements TrainExamples {
    public Number {
      Require.atLeast("task.train-examples", count, 1);
    }

    @Override
    public Object written() {
      return count;
    }
  }
}
