package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Shape;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits whose temperature is known: labels are drawn from the softmax of the pixels. */
class TemperatureScalingTest {
  private static final int CLASSES = 4;
  private static final int ROWS = 8000;
  private static final int WHITE = 40;

  private final double[][] truth = new double[ROWS][CLASSES];
  private final int[] labels = new int[ROWS];
  private final ImageTask task = task();

  private ImageTask task() {
    Random random = new Random(7);
    byte[] pixels = new byte[ROWS * CLASSES];
    random.nextBytes(pixels);
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        truth[row][c] = (pixels[row * CLASSES + c] & 0xff) / (double) WHITE;
        sum += Math.exp(truth[row][c]);
      }
      double left = random.nextDouble() * sum;
      while (labels[row] < CLASSES - 1 && (left -= Math.exp(truth[row][labels[row]])) > 0) {
        labels[row]++;
      }
    }
    LabelledImages images =
        new LabelledImages(
            Shape.of(1, 1, CLASSES), WHITE, List.of("a", "b", "c", "d"), pixels, labels);
    return new ImageTask(
        Map.of(Split.VALID, ImageParts.everything(images)), Normalization.none(1), 3000);
  }

  private static Network times(double factor) {
    return Network.of(x -> x.flatten(1, -1).mul(new Scalar(factor)));
  }

  /** The mean negative log-likelihood of {@code factor}·truth, counted here. */
  private double loss(double factor) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      double all = 0;
      for (double z : truth[row]) {
        all += Math.exp(factor * z);
      }
      sum += Math.log(all) - factor * truth[row][labels[row]];
    }
    return sum / ROWS;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 3, 20})
  void theKnownTemperatureIsFound(double factor) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      double found = TemperatureScaling.fit(task, times(factor), Split.VALID).temperature();
      assertThat(found).isCloseTo(factor, within(0.04 * factor));
      double best = factor / found;
      assertThat(loss(best)).isLessThan(loss(best * 1.001)).isLessThan(loss(best / 1.001));
      double slope = (loss(best + 1e-4) - loss(best - 1e-4)) / 2e-4;
      assertThat(slope).isCloseTo(0, within(1e-7));
    }
  }

  @Test
  void theScaledNetworkIsCalibratedAndAsAccurate() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Network sure = times(3);
      Network scaled = TemperatureScaling.fit(task, sure, Split.VALID).over(sure);
      Map<String, Double> before = task.score(List.of(sure), Split.VALID).get(0);
      Map<String, Double> after = task.score(List.of(scaled), Split.VALID).get(0);
      assertThat(before.get("ece")).isGreaterThan(0.1);
      assertThat(after.get("ece")).isLessThan(0.02);
      assertThat(after.get("accuracy")).isEqualTo(before.get("accuracy"));
      assertThat(after.get("loss")).isLessThan(before.get("loss"));
    }
  }

  /** Everything right, with any margin: the surer the better, to the end of the range. */
  @Test
  void aPerfectNetworkMeetsTheBound() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      int[] next = {0};
      Network perfect =
          Network.of(
              x -> {
                int count = (int) x.size(0);
                long[] right = new long[count];
                for (int i = 0; i < count; i++) {
                  right[i] = labels[(next[0] + i) % ROWS];
                }
                next[0] += count;
                Tensor hot = torch.one_hot(torch.tensor(right), CLASSES);
                return hot.to(torch.ScalarType.Float);
              });
      double found = TemperatureScaling.fit(task, perfect, Split.VALID).temperature();
      assertThat(found).isCloseTo(TemperatureScaling.LEAST, within(1e-3));
    }
  }

  @Test
  void dividesTheLogits() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Tensor x = torch.tensor(new double[] {1, 2, 3, 4}).reshape(1, 1, 1, 4);
      Tensor half = new TemperatureScaling(2).over(times(1)).forward(x, memory).logits();
      assertThat(half.select(1, 3).item_double()).isEqualTo(2);
    }
    assertThatThrownBy(() -> new TemperatureScaling(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("temperature");
  }

  @Test
  void textIsRefused() {
    assertThatThrownBy(() -> TemperatureScaling.requireSure(Map.of("loss", 1.0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("tell classes apart");
  }

  /** Several labels an image: each one is drawn from the sigmoid of its own pixel. */
  @Test
  void severalLabelsShareATemperature() {
    Random random = new Random(11);
    int rows = 6000;
    byte[] pixels = new byte[rows * 2];
    byte[][] marks = new byte[rows][2];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(161);
      double yes = 1 / (1 + Math.exp(2 - (pixels[i] & 0xff) / (double) WHITE));
      marks[i / 2][i % 2] = (byte) (random.nextDouble() < yes ? 1 : 0);
    }
    LabelledImages images =
        new LabelledImages(Shape.of(1, 1, 2), WHITE, List.of("sea", "sky"), pixels, new int[0])
            .marked(marks);
    ImageTask task =
        new ImageTask(
            Map.of(Split.VALID, ImageParts.everything(images)), Normalization.none(1), 700);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      Network raw = Network.of(x -> x.flatten(1, -1).sub(new Scalar(2.0)).mul(new Scalar(5.0)));
      TemperatureScaling scaling = TemperatureScaling.fit(task, LabelWise.of(raw), Split.VALID);
      assertThat(scaling.temperature()).isCloseTo(5, within(0.25));
      Map<String, Double> before = task.score(List.of(LabelWise.of(raw)), Split.VALID).get(0);
      Map<String, Double> after =
          task.score(List.of(scaling.over(LabelWise.of(raw))), Split.VALID).get(0);
      assertThat(before.get("ece")).isGreaterThan(0.1);
      assertThat(after.get("ece")).isLessThan(0.02);
      for (String same : List.of("accuracy", "exact_match", "f1", "mean_average_precision")) {
        assertThat(after.get(same)).as(same).isCloseTo(before.get(same), within(1e-12));
      }
      // Before or behind the two logits of each label, the temperature is the same.
      Tensor image = torch.tensor(new double[] {1, 3}).reshape(1, 1, 1, 2);
      Tensor behind = scaling.over(LabelWise.of(raw)).forward(image, memory).logits();
      Tensor first = LabelWise.of(scaling.over(raw)).forward(image, memory).logits();
      assertThat(behind.sub(first).abs().max().item_double()).isLessThan(1e-12);
    }
  }

  private static Network normals(double deviation) {
    return (x, memory) -> {
      Tensor mean = x.narrow(1, 0, 1).mul(new Scalar(0.5));
      Tensor logStd = torch.zeros_like(mean).add(new Scalar(Math.log(deviation)));
      return new Output(new DiagonalNormal(mean, logStd), Map.of());
    };
  }

  private static PreparedTable numbers(Path directory, String more) throws IOException {
    Random random = new Random(13);
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < 400; i++) {
      double x = random.nextGaussian();
      lines.add("%.4f,%.4f".formatted(x, 30 + 5 * x + 3 * random.nextGaussian()));
    }
    return Tables.prepared(
        Tables.write(directory, "numbers.csv", lines), "y", "predict: number" + more);
  }

  /** With one deviation for all rows the best one is the root of the mean squared error. */
  @Test
  void numbersAreAsSureAsTheyAreRight(@TempDir Path directory) throws IOException {
    PreparedTable prepared = numbers(directory, "");
    RegressionTask task = (RegressionTask) prepared.task();
    double unit = ((TableTarget.Numbers) prepared.prediction().target()).deviation();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      double rmse = task.score(List.of(normals(1)), Split.VALID).get(0).get("rmse");
      for (double deviation : new double[] {0.02, 1, 30}) {
        Network network = normals(deviation);
        TemperatureScaling scaling = TemperatureScaling.fit(task, network, Split.VALID);
        double ratio = rmse / (unit * deviation);
        assertThat(scaling.temperature()).isCloseTo(ratio * ratio, within(1e-5 * ratio * ratio));
        Map<String, Double> after = task.score(List.of(scaling.over(network)), Split.VALID).get(0);
        assertThat(after.get("rmse")).isEqualTo(rmse);
        assertThat(after.get("loss")).isCloseTo(after.get("entropy"), within(1e-5));
        for (double other : new double[] {0.9, 1.1}) {
          Network beside = new TemperatureScaling(other * scaling.temperature()).over(network);
          assertThat(task.score(List.of(beside), Split.VALID).get(0).get("loss"))
              .isGreaterThan(after.get("loss"));
        }
      }
    }
  }

  @Test
  void numbersWithoutDeviationAreRefused(@TempDir Path directory) throws IOException {
    PreparedTable prepared = numbers(directory, ", loss: squared");
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      assertThatThrownBy(() -> RunCalibration.fit(prepared, List.of(normals(1))))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("task.loss = squared gives no deviation, gaussian does");
    }
  }
}
