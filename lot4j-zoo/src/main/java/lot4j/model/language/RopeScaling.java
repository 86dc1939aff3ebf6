package lot4j.model.language;

import lot4j.Require;

/**
 * Rotary positions stretched for longer texts, as LLaMA 3 has them: waves longer than {@code
 * original / low} tokens become {@code factor} times as long, those shorter than {@code original /
 * high} stay, and between the two the frequency goes smoothly from one to the other.
 *
 * <p>Source: the released code of A. Dubey et al., "The Llama 3 herd of models", 2024 ({@code
 * rope_type: llama3}).
 *
 * @param factor how much longer, 1 or more
 * @param low waves a text of the original length has at least, below which they are stretched,
 *     above 0
 * @param high the same, above which they stay, above {@code low}
 * @param original the longest text of the first training, in tokens, 1 or more
 */
public record RopeScaling(double factor, double low, double high, int original) {
  /** Checks the numbers. */
  public RopeScaling {
    Require.atLeast("rope-scaling.factor", factor, 1);
    Require.positive("rope-scaling.low", low);
    Require.that(
        Double.isFinite(high) && high > low, "rope-scaling.high", high, "above low, " + low);
    Require.atLeast("rope-scaling.original", original, 1);
  }

  /** A frequency, in radians a token, stretched. */
  double stretched(double frequency) {
    double waves = original * frequency / (2 * Math.PI);
    double kept = Math.min(1, Math.max(0, (waves - low) / (high - low)));
    return (1 - kept) * frequency / factor + kept * frequency;
  }
}
