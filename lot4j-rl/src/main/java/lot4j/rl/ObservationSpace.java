package lot4j.rl;

import lot4j.Require;
import lot4j.Shape;

/**
 * What an agent sees.
 *
 * @param shape of one observation, e.g. [features] or [channels, height, width]
 * @param type how its numbers are stored
 * @param scale what networks see is the stored number times this: 1/255 for grey values, else 1
 */
public record ObservationSpace(Shape shape, Type type, double scale) {
  /** How numbers are stored. */
  public enum Type {
    /** A byte, 0 to 255: pictures. */
    BYTE(1),
    /** A 4-byte float. */
    FLOAT(4);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes a number. */
    public int bytes() {
      return bytes;
    }
  }

  public ObservationSpace {
    Require.that(
        shape.rank() >= 1 && !shape.tokens() && shape.count() >= 1,
        "observation",
        shape,
        "one axis or more, each of 1 or more");
    Require.positive("scale", scale);
  }

  /** Floats as they are. */
  public static ObservationSpace floats(long... sizes) {
    return new ObservationSpace(Shape.of(sizes), Type.FLOAT, 1);
  }

  /** Bytes, scaled. */
  public static ObservationSpace bytes(double scale, long... sizes) {
    return new ObservationSpace(Shape.of(sizes), Type.BYTE, scale);
  }

  /** Numbers of one observation. */
  public int count() {
    return Math.toIntExact(shape.count());
  }

  /** Bytes of one observation. */
  public int bytes() {
    return Math.multiplyExact(count(), type.bytes());
  }
}
