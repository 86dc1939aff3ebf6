package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import lot4j.Require;

/**
 * Where the validation split comes from if the data brings none: a fraction of the training split,
 * {@code none}, or a path.
 */
public sealed interface Validation {
  /** A number, {@code none}, or a path. */
  @JsonValue
  Object written();

  /** From a number or a text. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Validation of(Object written) {
    if (written instanceof Number number) {
      return new Fraction(number.doubleValue());
    }
    Require.that(
        written instanceof String text && !text.isBlank(),
        "task.validation",
        written,
        "a fraction of the training split, none, or a path");
    return written.equals("none") ? new None() : new At((String) written);
  }

  /**
   * A stratified part of the training split.
   *
   * @param part above 0 and below 1
   */
  record Fraction(double part) implements Validation {
    public Fraction {
      Require.that(
          part > 0 && part < 1,
          "task.validation",
          part,
          "a fraction above 0 and below 1, none, or a path");
    }

    @Override
    public Object written() {
      return part;
    }
  }

  /** No validation split, whatever the data brings. */
  record None() implements Validation {
    @Override
    public Object written() {
      return "none";
    }
  }

  /**
   * Images elsewhere.
   *
   * @param path a tree or zip of class folders, or CIFAR files
   */
  record At(String path) implements Validation {
    @Override
    public Object written() {
      return path;
    }
  }
}
