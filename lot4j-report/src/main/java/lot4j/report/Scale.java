package lot4j.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis with round ticks.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}, above {@code low}
 * @param from coordinate in pixels
 * @param to coordinate in pixels
 */
record Scale(double low, double high, double from, double to) {
  /** A scale that shows {@code [least, most]} with a little room on both sides. */
  static Scale around(double least, double most, double from, double to) {
    // Equal values need room too: a twentieth of their size, or 1 around 0.
    double alone = most == 0 ? 1 : Math.max(Math.abs(most) * 0.05, 1e-6);
    double room = most > least ? 0.06 * (most - least) : alone;
    return new Scale(least - room, most + room, from, to);
  }

  double at(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  /** Multiples of 1, 2 or 5 × 10ᵏ within the scale, about {@code wanted} of them. */
  List<Double> ticks(int wanted) {
    double step = step(wanted);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A tick's number, with as many decimals as the distance of ticks needs. */
  String label(double tick, int wanted) {
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step(wanted)) + 1e-9));
    BigDecimal number = new BigDecimal(tick).setScale(decimals, RoundingMode.HALF_EVEN);
    return number.signum() == 0 ? "0" : number.toPlainString();
  }

  private double step(int wanted) {
    double rough = (high - low) / wanted;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double rest = rough / power;
    return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
  }
}
