package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.random.Streams;

/**
 * The car and the valley that both mountain cars drive in: height sin(3 position), a wall on the
 * left. Source: Moore, 1990.
 */
final class Hill implements Stateful {
  private static final double LEFT = -1.2;
  private static final double RIGHT = 0.6;
  private static final double FASTEST = 0.07;
  private static final double GRAVITY = 0.0025;

  private double position;
  private double velocity;

  void place(double position, double velocity) {
    this.position = position;
    this.velocity = velocity;
  }

  /** At rest, somewhere near the bottom: position from -0.6 to -0.4. */
  void reset(long seed) {
    place(-0.6 + 0.2 * new Streams(seed).named("reset").uniform(), 0);
  }

  /** One unit of time under a force: velocity first, then position with the new velocity. */
  void push(double force) {
    velocity += force - GRAVITY * StrictMath.cos(3 * position);
    velocity = Math.max(-FASTEST, Math.min(FASTEST, velocity));
    position = Math.max(LEFT, Math.min(RIGHT, position + velocity));
    if (position == LEFT && velocity < 0) {
      velocity = 0;
    }
  }

  /** Whether the car is at {@code goal} or beyond, not rolling back. */
  boolean reached(double goal) {
    return position >= goal && velocity >= 0;
  }

  void observe(ByteBuffer out) {
    out.putFloat((float) position).putFloat((float) velocity);
  }

  BufferedImage render(double goal) {
    double middle = (LEFT + RIGHT) / 2;
    Sketch sketch = new Sketch(300, 200, 1.3);
    double step = (RIGHT - LEFT) / 60;
    for (int i = 0; i < 60; i++) {
      double x = LEFT + i * step;
      sketch.line(Sketch.DARK, 0.02, x - middle, height(x), x + step - middle, height(x + step));
    }
    double flag = height(goal);
    return sketch
        .line(Sketch.WARM, 0.02, goal - middle, flag, goal - middle, flag + 0.2)
        .disc(Sketch.WARM, goal - middle, flag + 0.2, 0.03)
        .disc(Sketch.COOL, position - middle, height(position) + 0.05, 0.05)
        .done();
  }

  private static double height(double position) {
    return 0.45 * StrictMath.sin(3 * position) - 0.05;
  }

  @Override
  public void save(StateWriter out) {
    out.real("position", position);
    out.real("velocity", velocity);
  }

  @Override
  public void restore(StateReader in) {
    position = in.real("position");
    velocity = in.real("velocity");
  }
}
