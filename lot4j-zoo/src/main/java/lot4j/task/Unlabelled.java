package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import lot4j.Require;

/** The students' data D_s: {@code none}, {@code rest}, or a data set's name or path. */
public sealed interface Unlabelled {
  /** {@code none}, {@code rest}, a name or a path. */
  @JsonValue
  String written();

  /** From a text. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Unlabelled of(String written) {
    Require.that(!written.isBlank(), "task.unlabelled", written, "none, rest, a name or a path");
    return switch (written) {
      case "none" -> new None();
      case "rest" -> new Rest();
      default -> new From(written);
    };
  }

  /** The inputs that the teacher trains on, as in all published experiments. */
  record None() implements Unlabelled {
    @Override
    public String written() {
      return "none";
    }
  }

  /** The training inputs that {@code train-examples} left over, without their labels. */
  record Rest() implements Unlabelled {
    @Override
    public String written() {
      return "rest";
    }
  }

  /**
   * Other images, without labels.
   *
   * @param data a data set's name, or a path
   */
  record From(String data) implements Unlabelled {
    @Override
    public String written() {
      return data;
    }
  }
}
