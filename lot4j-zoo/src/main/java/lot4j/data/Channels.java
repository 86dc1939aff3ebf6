package lot4j.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import lot4j.Require;

/** The key {@code task.channels}: {@code auto}, 1 (grey) or 3 (colour). */
public sealed interface Channels {
  /** {@code auto} or a number. */
  @JsonValue
  Object written();

  /** From {@code auto} or a number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Channels of(Object written) {
    if (written instanceof Integer count) {
      return new Count(count);
    }
    Require.that("auto".equals(written), "task.channels", written, "auto, 1 or 3");
    return new Auto();
  }

  /** One if every image is grey, else three. */
  record Auto() implements Channels {
    @Override
    public Object written() {
      return "auto";
    }
  }

  /**
   * So many: grey images get three equal channels, coloured ones become their luma.
   *
   * @param count 1 or 3
   */
  record Count(int count) implements Channels {
    public Count {
      Require.that(count == 1 || count == 3, "task.channels", count, "auto, 1 or 3");
    }

    @Override
    public Object written() {
      return count;
    }
  }
}
