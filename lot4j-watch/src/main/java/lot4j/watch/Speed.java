package lot4j.watch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * How fast a run goes: rates over its last lines, by its own clock, which stands still while the
 * run does.
 */
final class Speed {
  /** Lines that the rates are a mean over: few enough to notice a change, enough to be calm. */
  private static final int LINES = 12;

  private final Deque<Line> lines = new ArrayDeque<>();

  void anew() {
    lines.clear();
  }

  void line(Line line) {
    if (line.number("wall_s").isEmpty()) {
      return;
    }
    lines.addLast(line);
    if (lines.size() > LINES) {
      lines.removeFirst();
    }
  }

  /** Growth of {@code key} a second; with one line only, since the run's start. */
  OptionalDouble perSecond(String key) {
    if (lines.isEmpty()) {
      return OptionalDouble.empty();
    }
    Line last = lines.getLast();
    Line first = lines.getFirst();
    OptionalDouble recent =
        rate(
            last.number(key).orElse(0) - first.number(key).orElse(0),
            last.number("wall_s").orElseThrow() - first.number("wall_s").orElseThrow());
    return recent.isPresent()
        ? recent
        : rate(last.number(key).orElse(0), last.number("wall_s").orElseThrow());
  }

  /** Seconds that are left at this speed; empty as long as nothing can be said. */
  OptionalDouble secondsLeft(Goal goal) {
    if (lines.isEmpty()) {
      return OptionalDouble.empty();
    }
    Line last = lines.getLast();
    Line first = lines.getFirst();
    OptionalDouble now = goal.fraction(last);
    OptionalDouble then = goal.fraction(first);
    if (now.isEmpty() || then.isEmpty()) {
      return OptionalDouble.empty();
    }
    double left = 1 - now.getAsDouble();
    OptionalDouble recent =
        rate(
            now.getAsDouble() - then.getAsDouble(),
            last.number("wall_s").orElseThrow() - first.number("wall_s").orElseThrow());
    OptionalDouble speed =
        recent.isPresent() ? recent : rate(now.getAsDouble(), last.number("wall_s").orElseThrow());
    return speed.isPresent()
        ? OptionalDouble.of(left / speed.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble rate(double amount, double seconds) {
    return amount > 0 && seconds > 0 ? OptionalDouble.of(amount / seconds) : OptionalDouble.empty();
  }
}
