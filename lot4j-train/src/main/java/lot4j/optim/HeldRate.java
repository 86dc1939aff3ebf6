package lot4j.optim;

import java.util.OptionalDouble;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/** Another schedule's rate that stays what it is from a teacher step on, whatever scores say. */
public final class HeldRate implements LearningRate {
  private final LearningRate planned;
  private final long from;
  private OptionalDouble held = OptionalDouble.empty();

  /**
   * Follows {@code planned} before step {@code from}.
   *
   * @param planned belongs to this one from here on
   */
  public HeldRate(LearningRate planned, long from) {
    this.planned = planned;
    this.from = from;
  }

  @Override
  public double factor(long step) {
    if (step < from) {
      return planned.factor(step);
    }
    if (held.isEmpty()) {
      held = OptionalDouble.of(planned.factor(from));
    }
    return held.getAsDouble();
  }

  @Override
  public void evaluated(double score, boolean higherIsBetter) {
    planned.evaluated(score, higherIsBetter);
  }

  @Override
  public void save(StateWriter out) {
    planned.save(out.section("planned"));
    out.number("holds", held.isPresent() ? 1 : 0);
    out.real("held", held.orElse(0));
  }

  @Override
  public void restore(StateReader in) {
    planned.restore(in.section("planned"));
    held = in.number("holds") == 1 ? OptionalDouble.of(in.real("held")) : OptionalDouble.empty();
  }
}
