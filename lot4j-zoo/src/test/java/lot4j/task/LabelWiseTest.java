package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import lot4j.Mask;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Shape;
import lot4j.data.Augmentation;
import lot4j.data.Augmentation.View;
import lot4j.data.ImageSet;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.imitability.KlDivergence;
import lot4j.random.Streams;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several labels an image, against numbers worked out by hand. */
class LabelWiseTest {
  private static final byte[][] MARKS = {{1, 0}, {0, 0}, {1, 1}, {0, 1}};
  private static final double[][] Z = {{2, 1}, {0, 3}, {4, 2}, {5, 5}};

  /** Four images of two pixels, which are the network's two answers. */
  private static final LabelledImages IMAGES =
      new LabelledImages(
              Shape.of(1, 1, 2),
              1,
              List.of("sea", "sky"),
              new byte[] {2, 1, 0, 3, 4, 2, 5, 5},
              new int[0])
          .marked(MARKS);

  private static final Network PIXELS = Network.of(x -> x.flatten(1, -1).sub(tensor(2.5f)));
  private static final double SHIFT = 2.5;

  private static double sigma(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static double nll(int image, int label) {
    double yes = sigma(Z[image][label] - SHIFT);
    return -Math.log(MARKS[image][label] == 1 ? yes : 1 - yes);
  }

  private static ImageBatch batch() {
    ImagePart part = ImageParts.everything(IMAGES);
    return new ImageFeed(part, Normalization.none(1))
        .batch(new int[] {0, 1, 2, 3}, 0, 4, () -> View.PLAIN);
  }

  private static Output output(ImageBatch batch) {
    return LabelWise.of(PIXELS).forward(batch.images(), new Memory());
  }

  @Test
  void theLossIsTheMeanBinaryCrossEntropy() {
    double mean = 0;
    for (int i = 0; i < 4; i++) {
      mean += (nll(i, 0) + nll(i, 1)) / 8;
    }
    try (PointerScope scope = new PointerScope()) {
      ImageBatch batch = batch();
      ImageTask task = ImageTask.withoutSplits();

      assertThat(output(batch).logits().sizes().vec().get()).containsExactly(4, 2, 2);
      assertThat(task.classes(batch).orElseThrow().sizes().vec().get()).containsExactly(4, 2);
      assertThat(task.loss(output(batch), batch).item_double()).isCloseTo(mean, within(1e-6));
      assertThat(task.observe(output(batch), batch).get("accuracy").item_double())
          .isCloseTo(4 / 8.0, within(1e-6));
      Output half = task.part(output(batch), 0.5);
      assertThat(task.loss(half, batch).item_double())
          .isCloseTo((nll(0, 0) + nll(0, 1) + nll(1, 0) + nll(1, 1)) / 4, within(1e-6));
    }
  }

  @Test
  void weightsAreOfAnswers() {
    double[][] weights = {{1, 3}, {0.5, 2}}; // no and yes of each label
    double sum = 0;
    double all = 0;
    for (int i = 0; i < 4; i++) {
      for (int label = 0; label < 2; label++) {
        double weight = weights[label][MARKS[i][label]];
        sum += weight * nll(i, label);
        all += weight;
      }
    }
    try (PointerScope scope = new PointerScope()) {
      ImageTask task =
          new ImageTask(
              Map.of(), Normalization.none(1), 1, Optional.of(List.of(1.0, 3.0, 0.5, 2.0)));
      assertThat(task.loss(output(batch()), batch()).item_double())
          .isCloseTo(sum / all, within(1e-6));
    }
    ImagePart part = ImageParts.everything(IMAGES);
    assertThat(new ClassWeights.Balanced().of(part)).contains(List.of(1.0, 1.0, 1.0, 1.0));
    assertThat(ClassWeights.of(Map.of("sky", 4)).of(part)).contains(List.of(1.0, 1.0, 1.0, 4.0));
  }

  @Test
  void theMeasureIsTheMeanOfBernoulliDivergences() {
    try (PointerScope scope = new PointerScope()) {
      Tensor images = batch().images();
      Output own = LabelWise.of(PIXELS).forward(images, new Memory());
      Network other = Network.of(x -> x.flatten(1, -1).mul(tensor(-0.5f)));
      Output reference = LabelWise.of(other).forward(images, new Memory());
      double kl = 0;
      for (double[] z : Z) {
        for (double each : z) {
          double p = sigma(each - SHIFT);
          double q = sigma(-0.5 * each);
          kl += (p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))) / 8;
        }
      }

      assertThat(
              new KlDivergence(KlDivergence.Direction.FREE_REFERENCE, 1, false)
                  .measure(own, reference, Mask.none())
                  .item_double())
          .isCloseTo(kl, within(1e-6));
    }
  }

  @Test
  void scoresByHand() {
    // z − 2.5: sea −0.5 −2.5 1.5 2.5, sky −1.5 0.5 −0.5 2.5; said sea: 2 3, sky: 1 3
    ImageTask task =
        new ImageTask(Map.of(Split.TEST, ImageParts.everything(IMAGES)), Normalization.none(1), 3);
    List<Map<String, Double>> scores =
        task.score(List.of(LabelWise.of(PIXELS), LabelWise.of(PIXELS)), Split.TEST);
    Map<String, Double> score = scores.get(0);

    assertThat(score.keySet())
        .containsExactly(
            "loss",
            "accuracy",
            "exact_match",
            "f1",
            "micro_f1",
            "mean_average_precision",
            "ece",
            "entropy");
    assertThat(score.get("accuracy")).isEqualTo(4 / 8.0);
    assertThat(score.get("exact_match")).isZero();
    // sea: said 2, right 2, both 1; sky: the same
    assertThat(score.get("f1")).isCloseTo(0.5, within(1e-12));
    assertThat(score.get("micro_f1")).isCloseTo(0.5, within(1e-12));
    // sea in order of z: no, yes, yes, no: ½·½ + ½·⅔; sky: yes, no, yes, no: ½·1 + ½·⅔
    assertThat(score.get("mean_average_precision"))
        .isCloseTo((0.25 + 1 / 3.0 + 0.5 + 1 / 3.0) / 2, within(1e-12));
    assertThat(scores.get(1)).containsEntry("agreement", 1.0);
    assertThat(scores.get(1).get("kl_free_reference")).isZero();
  }

  @Test
  void averagePrecisionTakesEqualScoresTogether() {
    assertThat(
            AveragePrecision.of(
                new double[] {0.9, 0.5, 0.5, 0.1}, new boolean[] {false, true, false, true}))
        .isCloseTo(0.5 / 3 + 0.5 * 2 / 4, within(1e-15));
    assertThat(AveragePrecision.of(new double[] {0.1, 0.9}, new boolean[] {false, true})).isOne();
    assertThat(AveragePrecision.of(new double[] {1}, new boolean[] {false})).isNaN();
  }

  private static ImageSet many() {
    int size = 300;
    byte[][] marks = new byte[size][3];
    byte[] pixels = new byte[size];
    for (int i = 0; i < size; i++) {
      pixels[i] = (byte) i;
      for (int label = 0; label < 3; label++) {
        marks[i][label] = (byte) (i % (2 + 3 * label) == 0 ? 1 : 0);
      }
    }
    LabelledImages all =
        new LabelledImages(Shape.of(1, 1, 1), 255, List.of("a", "b", "c"), pixels, new int[0])
            .marked(marks);
    return new ImageSet("many", all, Optional.empty(), Optional.empty(), 60, List.of());
  }

  @Test
  void splitsKeepEveryLabelsShare() {
    ImageClassification spec = ImageClassification.of("many");
    Map<Split, ImagePart> splits = ImageParts.of(spec, many(), Path.of("x")).splits();
    long[] all = ImageParts.everything(many().train()).counts();
    List<Integer> rows = new ArrayList<>();
    splits.values().forEach(part -> rows.addAll(part.rows()));

    assertThat(rows).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 300).boxed().toList());
    ImagePart test = splits.get(Split.TEST);
    assertThat((double) test.size()).isCloseTo(60, within(2.0));
    for (int label = 0; label < 3; label++) {
      assertThat((double) test.counts()[label])
          .as("label " + label)
          .isCloseTo(0.2 * all[label], within(2.0));
    }
    assertThat(
            ImageParts.of(
                    spec.withTrainExamples(new TrainExamples.Number(50)), many(), Path.of("x"))
                .splits()
                .get(Split.TRAIN)
                .size())
        .isEqualTo(50);
    assertThatThrownBy(() -> ImageParts.of(spec.withLabelNoise(0.1), many(), Path.of("x")))
        .isInstanceOf(DataException.class)
        .hasMessage("many: task.label-noise = 0.1 is not allowed with several labels");
  }

  @Test
  void streamsCarryTheLabels() {
    try (PointerScope scope = new PointerScope()) {
      PreparedImages prepared =
          PreparedImages.of(ImageClassification.of("many"), many(), Path.of("x"), 9);
      assertThat(prepared.primary().name()).isEqualTo("mean_average_precision");
      assertThat(prepared.outputs()).isEqualTo(3);
      ImagePart part = ImageParts.everything(many().train());
      ImageBatch batch =
          new ImageStream(
                  part,
                  Normalization.none(1),
                  new Augmentation.None(),
                  7,
                  1,
                  new Streams(0).named("a"),
                  new Streams(0).named("b"))
              .next()
              .get(0);
      assertThat(batch.labels().orElseThrow().sizes().vec().get()).containsExactly(7, 3);
    }
  }

  @Test
  void filesGetTheProbabilityOfEachLabel(@TempDir Path directory) throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 1);
    image.getRaster().setSample(1, 0, 0, 4);
    Path file = directory.resolve("a.png");
    ImageIO.write(image, "png", file.toFile());
    ImagePrediction prediction =
        new ImagePrediction(
            List.of("sea", "sky"),
            List.of(1L, 1L, 2L),
            new Normalization(List.of(0.0), List.of(1 / 255.0)),
            Optional.empty(),
            true);
    ImagePrediction read =
        ImagePrediction.read(Files.write(directory.resolve("p.json"), prediction.file()));
    List<Double> probabilities = read.probabilities(PIXELS, List.of(file)).get(0);

    assertThat(read).isEqualTo(prediction);
    assertThat(probabilities.get(0)).isCloseTo(sigma(-1.5), within(1e-6));
    assertThat(probabilities.get(1)).isCloseTo(sigma(1.5), within(1e-6));
    assertThat(read.said(probabilities)).containsExactly("sky");
    assertThat(read.said(List.of(0.5, 0.1))).isEmpty();
  }

  @Test
  void otherImagesMayLackLabelsButHaveNoOthers() {
    LabelledImages sky =
        new LabelledImages(Shape.of(1, 1, 2), 1, List.of("sky"), new byte[] {1, 1}, new int[0])
            .marked(new byte[][] {{1}});

    assertThat(ImageParts.among("x", sky, IMAGES).labelsOf(0)).containsExactly(1);
    assertThatThrownBy(() -> ImageParts.among("x", IMAGES, sky))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("x: label = sea is not allowed; one of [sky]");
  }
}
