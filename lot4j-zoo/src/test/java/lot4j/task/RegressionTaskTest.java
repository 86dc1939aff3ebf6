package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Network;
import lot4j.Output;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Losses and metrics of numbers against values worked out by hand. */
class RegressionTaskTest {
  private static final TableTarget.Numbers GAUSSIAN =
      new TableTarget.Numbers("y", 10, 4, RegressionLoss.GAUSSIAN);
  private static final TableTarget.Numbers SQUARED =
      new TableTarget.Numbers("y", 10, 4, RegressionLoss.SQUARED);

  private static Tensor column(float... values) {
    return torch.tensor(values).view(values.length, 1);
  }

  private static Output normal(Tensor mean, Tensor logStd) {
    return new Output(new DiagonalNormal(mean, logStd), Map.of());
  }

  @Test
  void theGaussianLossIsTheNegativeLogDensityInTheTargetsUnit() {
    try (PointerScope scope = new PointerScope()) {
      // Targets 10 and 18 are 0 and 2 standardised; normals N(0, 1) and N(1, 2²) of them are
      // N(10, 4²) and N(14, 8²) in the target's unit.
      TableBatch batch = new TableBatch(torch.zeros(2, 1), Optional.of(column(0, 2)));
      Output said = normal(column(0, 1), column(0, (float) Math.log(2)));
      double first = Math.log(4 * Math.sqrt(2 * Math.PI));
      double second = Math.log(8 * Math.sqrt(2 * Math.PI)) + 0.5 * (4 / 8.0) * (4 / 8.0);
      RegressionTask task = new RegressionTask(Map.of(), GAUSSIAN, 10);
      assertThat(task.loss(said, batch).item_double())
          .isCloseTo((first + second) / 2, within(1e-6));
      RegressionTask squared = new RegressionTask(Map.of(), SQUARED, 10);
      assertThat(squared.loss(said, batch).item_double())
          .isCloseTo(0.5 * (0 + 1) / 2, within(1e-7));
      // |18 − 14| = 4 and 0.
      assertThat(task.observe(said, batch).get("mae").item_double()).isCloseTo(2, within(1e-6));
      assertThat(task.exercise(batch).task().orElseThrow().apply(said).item_double())
          .isEqualTo(task.loss(said, batch).item_double());
      Output half = task.part(said, 0.5);
      assertThat(task.loss(half, batch).item_double()).isCloseTo(first, within(1e-6));
    }
  }

  @Test
  void metricsAreInTheTargetsUnit() {
    NumberScore score = new NumberScore(GAUSSIAN, 1);
    // Predictions 10, 14, 10 of 10, 18, 2: errors 0, 4, −8.
    score.add(10, new double[] {0}, new double[] {0});
    score.add(18, new double[] {1}, new double[] {0});
    score.add(2, new double[] {0}, new double[] {0});
    Map<String, Double> metrics = score.metrics().get(0);
    assertThat(metrics.get("rmse")).isCloseTo(Math.sqrt((0 + 16 + 64) / 3.0), within(1e-12));
    assertThat(metrics.get("mae")).isCloseTo(4, within(1e-12));
    // The targets' mean is 10, Σ(y − 10)² = 128.
    assertThat(metrics.get("r2")).isCloseTo(1 - 80 / 128.0, within(1e-12));
    double nll = Math.log(4 * Math.sqrt(2 * Math.PI)) + 0.5 * (0 + 1 + 4) / 3.0;
    assertThat(metrics.get("loss")).isCloseTo(nll, within(1e-12));
    assertThat(metrics.get("entropy"))
        .isCloseTo(0.5 * Math.log(2 * Math.PI * Math.E * 16), within(1e-12));
  }

  @Test
  void severalNetworksAreAMixtureAndTheirLikenessIsADivergence() {
    NumberScore score = new NumberScore(GAUSSIAN, 2);
    score.add(14, new double[] {0, 2}, new double[] {0, Math.log(2)});
    List<Map<String, Double>> metrics = score.metrics();
    assertThat(metrics).hasSize(3);
    // KL(N(2, 4) ‖ N(0, 1)) = −ln 2 + (4 + 4 − 1)/2; KL(N(0, 1) ‖ N(2, 4)) = ln 2 + (1 + 4)/8 − ½.
    assertThat(metrics.get(1).get("kl_free_reference"))
        .isCloseTo(-Math.log(2) + 3.5, within(1e-12));
    assertThat(metrics.get(1).get("kl_reference_free"))
        .isCloseTo(Math.log(2) + 5 / 8.0 - 0.5, within(1e-12));
    // 2 deviations of 4 apart.
    assertThat(metrics.get(1).get("distance")).isCloseTo(8, within(1e-12));
    assertThat(metrics.get(0)).doesNotContainKey("distance");
    // 14 is 1: densities φ(1)/4 and φ(½)/8 of the target's unit; the mean 1 hits it.
    double phi1 = Math.exp(-0.5) / Math.sqrt(2 * Math.PI) / 4;
    double phi2 = Math.exp(-0.125) / Math.sqrt(2 * Math.PI) / 8;
    assertThat(metrics.get(2).get("loss")).isCloseTo(-Math.log((phi1 + phi2) / 2), within(1e-12));
    assertThat(metrics.get(2).get("rmse")).isCloseTo(0, within(1e-12));
    assertThat(metrics.get(2)).doesNotContainKey("entropy");
    assertThat(metrics.get(0)).doesNotContainKey("kl_free_reference");
  }

  @Test
  void aConstantSplitHasNoR2() {
    NumberScore score = new NumberScore(SQUARED, 1);
    score.add(3, new double[] {0}, new double[] {0});
    score.add(3, new double[] {0}, new double[] {0});
    assertThat(score.metrics().get(0).get("r2")).isNaN();
    assertThat(score.metrics().get(0).get("loss"))
        .isCloseTo(0.5 * (7 / 4.0) * (7 / 4.0), within(1e-12));
  }

  @Test
  void weighedClassesCountByTheirWeights() {
    try (PointerScope scope = new PointerScope()) {
      TableTask task = new TableTask(Map.of(), 2, Optional.of(List.of(3.0, 0.5)), 10);
      TableTask plain = new TableTask(Map.of(), 2, Optional.empty(), 10);
      TableBatch batch =
          new TableBatch(torch.zeros(2, 1), Optional.of(torch.tensor(new long[] {0, 1})));
      Output said =
          Output.logits(torch.tensor(new float[] {0, 0, 0, (float) Math.log(3)}).view(2, 2));
      assertThat(plain.loss(said, batch).item_double())
          .isCloseTo((Math.log(2) + Math.log(4 / 3.0)) / 2, within(1e-6));
      assertThat(task.loss(said, batch).item_double())
          .isCloseTo((3 * Math.log(2) + 0.5 * Math.log(4 / 3.0)) / 3.5, within(1e-6));
    }
  }

  @Test
  void scoresDoNotDependOnTheEvaluationsBatchSize() throws java.io.IOException {
    java.nio.file.Path file = java.nio.file.Files.createTempFile("rows", ".csv");
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 25; i++) {
      text.append(i).append(',').append(i * i + 0.5).append('\n');
    }
    java.nio.file.Files.writeString(file, text);
    TableLearning spec = Tables.spec(file, "y", "");
    Network network =
        (inputs, memory) -> normal(inputs.narrow(1, 0, 1), torch.zeros(inputs.size(0), 1));
    List<Map<String, Double>> one =
        spec.prepare(java.nio.file.Path.of(""), 1)
            .task()
            .score(List.of(network), lot4j.train.Split.TRAIN);
    assertThat(
            spec.prepare(java.nio.file.Path.of(""), 7)
                .task()
                .score(List.of(network), lot4j.train.Split.TRAIN))
        .isEqualTo(one);
  }
}
