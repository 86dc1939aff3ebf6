package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import lot4j.Exercise;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Shape;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.testkit.NativeObjects;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTaskTest {
  /** Five images of two pixels; the network's logits are the two pixels themselves. */
  private static final LabelledImages IMAGES =
      new LabelledImages(
          Shape.of(1, 1, 2),
          1,
          List.of("no", "yes"),
          new byte[] {0, 2, 3, 1, 5, 4, 1, 1, 0, 1},
          new int[] {1, 0, 1, 0, 1});

  private static final Network PIXELS = Network.of(x -> x.flatten(1, -1));
  private static final Network HALVED = Network.of(x -> x.flatten(1, -1).mul(tensor(0.5)));

  private static ImageTask task(int evalBatchSize) {
    return new ImageTask(
        Map.of(Split.TEST, ImageParts.everything(IMAGES)), Normalization.none(1), evalBatchSize);
  }

  private static double probability(double own, double other, double scale) {
    return 1 / (1 + Math.exp(scale * (other - own)));
  }

  private static double meanLoss(double... scales) {
    double[] own = {2, 3, 4, 1, 1};
    double[] other = {0, 1, 5, 1, 0};
    return IntStream.range(0, 5)
        .mapToDouble(
            i ->
                -Math.log(
                    Arrays.stream(scales)
                        .map(s -> probability(own[i], other[i], s))
                        .average()
                        .orElseThrow()))
        .average()
        .orElseThrow();
  }

  @Test
  void scoresEveryNetworkAndTheMeanOfTheirProbabilities() {
    for (int evalBatchSize : new int[] {1, 2, 5, 100}) {
      List<Map<String, Double>> scores =
          task(evalBatchSize).score(List.of(PIXELS, HALVED), Split.TEST);

      assertThat(scores).hasSize(3);
      assertThat(scores.get(0).get("loss")).isCloseTo(meanLoss(1), within(1e-12));
      assertThat(scores.get(1).get("loss")).isCloseTo(meanLoss(0.5), within(1e-12));
      assertThat(scores.get(2).get("loss")).isCloseTo(meanLoss(1, 0.5), within(1e-12));
      // The tie goes to the first class, which is right; only the third image is wrong.
      assertThat(scores).allMatch(score -> score.get("accuracy") == 4.0 / 5);
    }
  }

  @Test
  void oneNetworkHasNoEnsemble() {
    assertThat(task(3).score(List.of(PIXELS), Split.TEST)).hasSize(1);
  }

  @Test
  void aSplitThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> task(3).score(List.of(PIXELS), Split.VALID))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split = valid is not allowed; this data has [test]");
  }

  @Test
  void scoringLeavesNothingBehind() {
    ImageTask task = task(2);
    task.score(List.of(PIXELS, HALVED), Split.TEST);
    NativeObjects.assertUnchangedBy(
        () -> IntStream.range(0, 20).forEach(i -> task.score(List.of(PIXELS, HALVED), Split.TEST)));
  }

  @Test
  void lossIsTheMeanCrossEntropy() {
    try (PointerScope scope = new PointerScope()) {
      ImageBatch batch = batch();
      Output output = PIXELS.forward(batch.images(), new Memory());

      assertThat(task(1).loss(output, batch).item_double()).isCloseTo(meanLoss(1), within(1e-6));
      assertThat(task(1).exercise(batch).task().orElseThrow().apply(output).item_double())
          .isCloseTo(meanLoss(1), within(1e-6));
      assertThat(task(1).observe(output, batch).get("accuracy").item_double())
          .isCloseTo(0.8, within(1e-7));
    }
  }

  @Test
  void aPartHasItsOwnLoss() {
    try (PointerScope scope = new PointerScope()) {
      ImageBatch batch = batch();
      Exercise part = task(1).part(task(1).exercise(batch), 0.4);
      Output whole = PIXELS.forward(batch.images(), new Memory());
      Output output = task(1).part(whole, 0.4);
      double expected = -(Math.log(probability(2, 0, 1)) + Math.log(probability(3, 1, 1))) / 2;

      assertThat(part.inputs().size(0)).isEqualTo(2);
      assertThat(output.logits().size(0)).isEqualTo(2);
      assertThat(part.task().orElseThrow().apply(output).item_double())
          .isCloseTo(expected, within(1e-6));
      assertThat(task(1).part(task(1).exercise(batch), 0.01).inputs().size(0)).isEqualTo(1);
    }
  }

  @Test
  void withoutLabelsThereIsNoLoss() {
    try (PointerScope scope = new PointerScope()) {
      ImageBatch batch = new ImageBatch(batch().images(), Optional.empty());
      Output output = PIXELS.forward(batch.images(), new Memory());

      assertThat(task(1).exercise(batch).task()).isEmpty();
      assertThat(task(1).observe(output, batch)).isEmpty();
      assertThatThrownBy(() -> task(1).loss(output, batch))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void filesAreClassifiedAsInTraining(@TempDir Path directory) throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 51);
    image.getRaster().setSample(1, 0, 0, 102);
    Path file = directory.resolve("a.png");
    ImageIO.write(image, "png", file.toFile());
    ImagePrediction prediction =
        new ImagePrediction(
            List.of("no", "yes"),
            List.of(1L, 1L, 2L),
            new Normalization(List.of(0.2), List.of(0.1)));
    double yes = prediction.probabilities(PIXELS, List.of(file, file)).get(1).get(1);

    // (0.4 - 0.2) / 0.1 against (0.2 - 0.2) / 0.1.
    assertThat(yes).isCloseTo(probability(2, 0, 1), within(1e-6));
  }

  @Test
  void aFileOfAnotherSizeIsNamed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("a.png");
    ImageIO.write(new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    ImagePrediction prediction =
        new ImagePrediction(List.of("no", "yes"), List.of(1L, 1L, 2L), Normalization.none(1));

    assertThatThrownBy(() -> prediction.probabilities(PIXELS, List.of(file)))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": is 3x1; the network takes 2x1");
  }

  private static ImageBatch batch() {
    Tensor images = tensor(new float[] {0, 2, 3, 1, 5, 4, 1, 1, 0, 1}).view(5, 1, 1, 2);
    return new ImageBatch(images, Optional.of(tensor(new long[] {1, 0, 1, 0, 1})));
  }
}
