package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.tensor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
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
import lot4j.data.Fit;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.testkit.NativeObjects;
import lot4j.train.DataException;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
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
  void entropyCalibrationAndLikenessStandBeside() {
    double[] own = {2, 3, 4, 1, 1};
    double[] other = {0, 1, 5, 1, 0};
    double entropy = 0;
    double kl = 0;
    double reverse = 0;
    for (int i = 0; i < 5; i++) {
      double t = probability(own[i], other[i], 1);
      double s = probability(own[i], other[i], .5);
      entropy -= (t * Math.log(t) + (1 - t) * Math.log(1 - t)) / 5;
      kl += (s * Math.log(s / t) + (1 - s) * Math.log((1 - s) / (1 - t))) / 5;
      reverse += (t * Math.log(t / s) + (1 - t) * Math.log((1 - t) / (1 - s))) / 5;
    }
    for (int evalBatchSize : new int[] {1, 2, 100}) {
      List<Map<String, Double>> scores =
          task(evalBatchSize).score(List.of(PIXELS, HALVED), Split.TEST);

      assertThat(scores.get(0).keySet())
          .containsExactly("loss", "accuracy", "balanced_accuracy", "f1", "ece", "entropy");
      assertThat(scores.get(1).keySet())
          .containsExactly(
              "loss",
              "accuracy",
              "balanced_accuracy",
              "f1",
              "ece",
              "entropy",
              "kl_free_reference",
              "kl_reference_free",
              "agreement");
      assertThat(scores.get(2).keySet())
          .containsExactly("loss", "accuracy", "balanced_accuracy", "f1", "ece", "entropy");
      assertThat(scores.get(0).get("entropy")).isCloseTo(entropy, within(1e-12));
      assertThat(scores.get(1).get("kl_free_reference")).isCloseTo(kl, within(1e-12));
      assertThat(scores.get(1).get("kl_reference_free")).isCloseTo(reverse, within(1e-12));
      assertThat(scores.get(1).get("agreement")).isEqualTo(1);
      // Sure of .881, .881, .731 (wrong), .5, .731: the 14th bin, twice, the 11th, twice, and the
      // 8th.
      double sure = probability(2, 0, 1);
      double less = probability(1, 0, 1);
      assertThat(scores.get(0).get("ece"))
          .isCloseTo((2 * (1 - sure) + Math.abs(1 - 2 * less) + .5) / 5, within(1e-12));
    }
  }

  /** What the metrics were before others stood beside them: one sum a batch, in this order. */
  @Test
  void lossesAreTheSumsOfBatchesToTheBit() {
    try (PointerScope scope = new PointerScope()) {
      ImageBatch batch = batch();
      double sum = 0;
      for (long[] part : new long[][] {{0, 2}, {2, 2}, {4, 1}}) {
        Tensor logits = batch.images().flatten(1, -1).narrow(0, part[0], part[1]);
        sum +=
            log_softmax(logits, 1, new ScalarTypeOptional(ScalarType.Double))
                .gather(1, batch.labels().orElseThrow().narrow(0, part[0], part[1]).unsqueeze(1))
                .sum()
                .neg()
                .item_double();
      }
      assertThat(task(2).score(List.of(PIXELS), Split.TEST).get(0).get("loss")).isEqualTo(sum / 5);
    }
  }

  @Test
  void detailsAreTheDiagramAndTheConfusionOfEveryLearner() {
    List<Task.Examined> examined = task(2).examine(List.of(PIXELS, HALVED), Split.TEST);

    assertThat(examined).hasSize(3);
    assertThat(examined.get(1).metrics())
        .isEqualTo(task(2).score(List.of(PIXELS, HALVED), Split.TEST).get(1));
    ObjectNode details = examined.get(0).details().orElseThrow();
    // The third image is a 'yes' taken for a 'no'; rows are what they are.
    assertThat(details.path("confusion")).hasToString("[[2,0],[1,2]]");
    assertThat(details.path("reliability")).hasSize(15);
    assertThat(details.at("/reliability/13/n").asInt()).isEqualTo(2);
    assertThat(details.at("/reliability/10/n").asInt()).isEqualTo(2);
    assertThat(details.at("/reliability/10/accuracy").asDouble()).isEqualTo(.5);
    assertThat(details.at("/reliability/7/n").asInt()).isEqualTo(1);
  }

  @Test
  void aConfusionOfVeryManyClassesIsLeftOut() {
    List<String> classes = IntStream.range(0, 201).mapToObj(i -> "c" + i).toList();
    LabelledImages images =
        new LabelledImages(Shape.of(1, 1, 201), 1, classes, new byte[201], new int[] {7});
    ImageTask task =
        new ImageTask(Map.of(Split.TEST, ImageParts.everything(images)), Normalization.none(1), 5);

    ObjectNode details = task.examine(List.of(PIXELS), Split.TEST).get(0).details().orElseThrow();
    assertThat(details.has("confusion")).isFalse();
    assertThat(details.path("reliability")).hasSize(15);
  }

  @Test
  void wrongLabelsThatAreFittedAreCounted() {
    ImagePart noisy = new ImagePart(IMAGES, List.of(0, 1, 2, 3, 4), List.of(0, 0, 0, 0, 1));
    ImageTask task = new ImageTask(Map.of(Split.TRAIN, noisy), Normalization.none(1), 2);
    Map<String, Double> score = task.score(List.of(PIXELS), Split.TRAIN).get(0);

    // Images 0 (predicted 1) and 2 (predicted 0) have another label than the set's.
    assertThat(score.get("noise_fitted")).isEqualTo(.5);
    assertThat(task(2).score(List.of(PIXELS), Split.TEST).get(0)).doesNotContainKey("noise_fitted");
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

  @Test
  void weightsOfClassesMakeAWeightedMean() {
    try (PointerScope scope = new PointerScope()) {
      ImageTask weighted =
          new ImageTask(Map.of(), Normalization.none(1), 1, Optional.of(List.of(3.0, 0.5)));
      ImageBatch batch = batch();
      Output output = PIXELS.forward(batch.images(), new Memory());
      double[][] pixels = {{0, 2}, {3, 1}, {5, 4}, {1, 1}, {0, 1}};
      int[] labels = {1, 0, 1, 0, 1};
      double sum = 0;
      double weights = 0;
      for (int i = 0; i < 5; i++) {
        double own = pixels[i][labels[i]];
        double weight = labels[i] == 0 ? 3 : 0.5;
        sum -= weight * Math.log(probability(own, pixels[i][1 - labels[i]], 1));
        weights += weight;
      }

      assertThat(weighted.loss(output, batch).item_double()).isCloseTo(sum / weights, within(1e-6));
      assertThat(weighted.exercise(batch).task().orElseThrow().apply(output).item_double())
          .isCloseTo(sum / weights, within(1e-6));
    }
  }

  @Test
  void filesOfOtherSizesAreResizedAsInTraining(@TempDir Path directory) throws Exception {
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 4; x++) {
      image.getRaster().setSample(x, 0, 0, 10 * (x + 1));
    }
    Path file = directory.resolve("a.png");
    ImageIO.write(image, "png", file.toFile());
    ImagePrediction prediction =
        new ImagePrediction(
            List.of("no", "yes"),
            List.of(1L, 1L, 2L),
            new Normalization(List.of(0.0), List.of(1.0 / 255)),
            Optional.of(Fit.SQUASH),
            false);
    Path stored = Files.write(directory.resolve(ImagePrediction.FILE), prediction.file());
    ImagePrediction read = ImagePrediction.read(stored);

    assertThat(read).isEqualTo(prediction);
    // 10 20 30 40 become 17 and 33.
    assertThat(read.probabilities(PIXELS, List.of(file)).get(0).get(1))
        .isCloseTo(probability(33, 17, 1), within(1e-6));
  }

  @Test
  void olderPredictionFilesAreRead(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("p.json"),
            """
            {"classes": ["a", "b"], "shape": [1, 2, 3],
             "normalization": {"mean": [0.5], "std": [0.25]}}""");

    assertThat(ImagePrediction.read(file))
        .isEqualTo(
            new ImagePrediction(
                List.of("a", "b"),
                List.of(1L, 2L, 3L),
                new Normalization(List.of(0.5), List.of(0.25))));
    for (String damage : new String[] {"", "[]", "{\"classes\": [\"a\"]}", "{\"shape\": 3}"}) {
      Files.writeString(file, damage);
      assertThatThrownBy(() -> ImagePrediction.read(file))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file + ": damaged: ");
    }
  }

  private static ImageBatch batch() {
    Tensor images = tensor(new float[] {0, 2, 3, 1, 5, 4, 1, 1, 0, 1}).view(5, 1, 1, 2);
    return new ImageBatch(images, Optional.of(tensor(new long[] {1, 0, 1, 0, 1})));
  }
}
