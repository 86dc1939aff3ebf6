package lot4j.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Require;
import lot4j.train.Split;

/**
 * What was measured at one moment of a run on one split.
 *
 * @param step teacher steps done
 * @param epoch passes over the training split, a fraction included
 * @param split where the metrics come from
 * @param wallSeconds time spent training, without downtime
 * @param flops work so far
 * @param samples samples the teacher has trained on so far
 * @param metrics values by name ({@code teacher/loss}), in the order of writing; may be NaN
 */
public record MetricLine(
    long step,
    double epoch,
    Split split,
    double wallSeconds,
    double flops,
    long samples,
    Map<String, Double> metrics) {
  public MetricLine {
    Require.atLeast("step", step, 0L);
    Require.atLeast("epoch", epoch, 0.0);
    Require.atLeast("wallSeconds", wallSeconds, 0.0);
    Require.atLeast("flops", flops, 0.0);
    Require.atLeast("samples", samples, 0L);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
