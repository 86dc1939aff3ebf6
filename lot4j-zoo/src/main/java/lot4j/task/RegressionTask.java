package lot4j.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Exercise;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Predicting a number of a row. A network's answer is a normal distribution of the standardised
 * number. {@code gaussian}: the loss is the negative logarithm of its density, told in the number's
 * own unit, which adds the constant ln deviation; {@code squared}: half the squared error of the
 * standardised number, which is the same for a deviation of 1 but for a constant.
 */
public final class RegressionTask implements Task<TableBatch> {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final Map<Split, TablePart> parts;
  private final TableTarget.Numbers target;
  private final int evalBatchSize;

  RegressionTask(Map<Split, TablePart> parts, TableTarget.Numbers target, int evalBatchSize) {
    this.parts = Map.copyOf(parts);
    this.target = target;
    this.evalBatchSize = evalBatchSize;
  }

  @Override
  public Exercise exercise(TableBatch batch) {
    return batch
        .targets()
        .map(numbers -> Exercise.of(batch.inputs(), output -> loss(output, numbers)))
        .orElseGet(() -> Exercise.of(batch.inputs()));
  }

  @Override
  public Tensor loss(Output output, TableBatch batch) {
    return loss(output, Rows.targets(batch));
  }

  private Tensor loss(Output output, Tensor numbers) {
    DiagonalNormal normal = normal(output);
    Tensor gap = Rows.fitting(normal.mean(), numbers, ScalarType.Float).sub(normal.mean());
    if (!target.loss().ownDeviation()) {
      return gap.square().mul(new Scalar(0.5)).sum(-1).mean();
    }
    Tensor away = gap.mul(normal.logStd().neg().exp());
    double constant = HALF_LOG_TWO_PI + Math.log(target.deviation());
    return away.square()
        .mul(new Scalar(0.5))
        .add(normal.logStd())
        .sum(-1)
        .mean()
        .add(new Scalar(constant));
  }

  private static DiagonalNormal normal(Output output) {
    if (output.distribution() instanceof DiagonalNormal normal) {
      return normal;
    }
    throw new IllegalStateException("output: no diagonal normal; a number is to be predicted");
  }

  @Override
  public long samples(TableBatch batch) {
    return batch.size();
  }

  @Override
  public Map<String, Tensor> observe(Output output, TableBatch batch) {
    if (batch.targets().isEmpty()) {
      return Map.of();
    }
    Tensor mean = normal(output).mean().detach();
    Tensor gap = Rows.fitting(mean, Rows.targets(batch), ScalarType.Float).sub(mean);
    return Map.of("mae", gap.abs().mean().mul(new Scalar(target.deviation())));
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return Rows.part(exercise, fraction);
  }

  @Override
  public Output part(Output output, double fraction) {
    return Rows.part(output, fraction);
  }

  @Override
  public boolean scoresBatches() {
    return true;
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    return score(networks, Rows.of(parts, split));
  }

  /** The same on any rows with their numbers. */
  List<Map<String, Double>> score(List<Network> networks, TablePart part) {
    int[] order = IntStream.range(0, part.size()).toArray();
    NumberScore score = new NumberScore(target, networks.size());
    for (int from = 0; from < part.size(); from += evalBatchSize) {
      try (PointerScope step = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        int to = Math.min(part.size(), from + evalBatchSize);
        Tensor inputs = part.batch(order, from, to).inputs();
        List<double[]> means = new ArrayList<>();
        List<double[]> logStds = new ArrayList<>();
        for (Network network : networks) {
          try (Memory memory = new Memory()) {
            DiagonalNormal normal = normal(network.forward(inputs, memory));
            means.add(TablePrediction.numbers(normal.mean()));
            logStds.add(TablePrediction.numbers(normal.logStd()));
          }
        }
        for (int row = 0; row < to - from; row++) {
          int at = row;
          score.add(
              part.number(from + row),
              means.stream().mapToDouble(each -> each[at]).toArray(),
              logStds.stream().mapToDouble(each -> each[at]).toArray());
        }
      }
    }
    return score.metrics();
  }
}
