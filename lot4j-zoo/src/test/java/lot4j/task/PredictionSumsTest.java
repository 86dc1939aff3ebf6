package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class PredictionSumsTest {
  private static final double LN2 = Math.log(2);
  private static final double[][] TEACHER = {{.5, .25, .25}, {.1, .2, .7}};
  private static final double[][] STUDENT = {{.25, .5, .25}, {.2, .2, .6}};

  /** Logits of these probabilities, [samples, classes]; their scale is as good as any. */
  private static Tensor logProbabilities(double[][] probabilities) {
    double[] flat = new double[probabilities.length * probabilities[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = Math.log(probabilities[i / probabilities[0].length][i % probabilities[0].length]);
    }
    Tensor logits =
        tensor(flat).view(probabilities.length, probabilities[0].length).add(tensor(3.0));
    return log_softmax(logits, 1, new ScalarTypeOptional(ScalarType.Double));
  }

  private static List<Map<String, Double>> means(PredictionSums sums, int learners) {
    List<Map<String, Double>> scores = new ArrayList<>();
    for (int i = 0; i < learners; i++) {
      scores.add(new LinkedHashMap<>());
    }
    sums.describe(scores);
    return scores;
  }

  private static List<Map<String, Double>> of(double[][]... networks) {
    try (PointerScope scope = new PointerScope()) {
      PredictionSums sums = new PredictionSums(networks.length);
      List<Tensor> all = new ArrayList<>();
      for (double[][] network : networks) {
        all.add(logProbabilities(network));
      }
      sums.add(all);
      return means(sums, networks.length > 1 ? networks.length + 1 : 1);
    }
  }

  private static double entropy(double... p) {
    double sum = 0;
    for (double each : p) {
      sum -= each == 0 ? 0 : each * Math.log(each);
    }
    return sum;
  }

  @Test
  void handComputedNumbersOfTwoSamplesOfThreeClasses() {
    List<Map<String, Double>> scores = of(TEACHER, STUDENT);

    assertThat(scores.get(0)).containsOnlyKeys("entropy");
    assertThat(scores.get(0).get("entropy"))
        .isCloseTo((1.5 * LN2 + entropy(.1, .2, .7)) / 2, within(1e-15));
    Map<String, Double> student = scores.get(1);
    assertThat(student.keySet())
        .containsExactly("entropy", "kl_free_reference", "kl_reference_free", "agreement");
    assertThat(student.get("entropy"))
        .isCloseTo((1.5 * LN2 + entropy(.2, .2, .6)) / 2, within(1e-15));
    assertThat(student.get("kl_free_reference"))
        .isCloseTo((.25 * LN2 + .2 * LN2 + .6 * Math.log(6. / 7)) / 2, within(1e-15));
    assertThat(student.get("kl_reference_free"))
        .isCloseTo((.25 * LN2 - .1 * LN2 + .7 * Math.log(7. / 6)) / 2, within(1e-15));
    assertThat(student.get("agreement")).isEqualTo(.5);
    assertThat(scores.get(2)).containsOnlyKeys("entropy");
    assertThat(scores.get(2).get("entropy"))
        .isCloseTo((entropy(.375, .375, .25) + entropy(.15, .2, .65)) / 2, within(1e-15));
  }

  @Test
  void everyStudentIsComparedWithTheTeacherAlone() {
    List<Map<String, Double>> three = of(TEACHER, STUDENT, TEACHER);

    assertThat(three.get(1).get("kl_free_reference"))
        .isEqualTo(of(TEACHER, STUDENT).get(1).get("kl_free_reference"));
    assertThat(three.get(2))
        .containsEntry("kl_free_reference", 0.0)
        .containsEntry("kl_reference_free", 0.0)
        .containsEntry("agreement", 1.0);
    assertThat(three.get(3).get("entropy"))
        .isCloseTo(
            (entropy(1.25 / 3, 1. / 3, .25) + entropy(.4 / 3, .2, 2. / 3)) / 2, within(1e-15));
  }

  @Test
  void oneNetworkHasAnEntropyAlone() {
    assertThat(of(STUDENT)).hasSize(1);
    assertThat(of(STUDENT).get(0)).containsOnlyKeys("entropy");
  }

  @Test
  void excludedClassesAddNothingOrMakeADivergenceInfinite() {
    double[][] narrow = {{.5, .5, 0}, {0, 1, 0}};
    Map<String, Double> wide = of(narrow, TEACHER).get(1);
    List<Map<String, Double>> reversed = of(TEACHER, narrow);

    assertThat(reversed.get(1).get("entropy")).isCloseTo(LN2 / 2, within(1e-15));
    assertThat(reversed.get(1).get("kl_free_reference"))
        .isCloseTo((.5 * LN2 - Math.log(.2)) / 2, within(1e-15));
    assertThat(reversed.get(1).get("kl_reference_free")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(wide.get("kl_free_reference")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(reversed.get(2).get("entropy"))
        .isCloseTo((entropy(.5, .375, .125) + entropy(.05, .6, .35)) / 2, within(1e-15));
    assertThat(of(narrow, narrow).get(2).get("entropy")).isCloseTo(LN2 / 2, within(1e-15));
  }

  @Test
  void aNetworkThatDivergedHasNoNumbers() {
    double[][] broken = {{.5, Double.NaN, .5}, {.1, .2, .7}};
    List<Map<String, Double>> scores = of(TEACHER, broken);

    assertThat(scores.get(0).get("entropy")).isFinite();
    assertThat(scores.get(1).get("entropy")).isNaN();
    assertThat(scores.get(1).get("kl_free_reference")).isNaN();
    assertThat(scores.get(2).get("entropy")).isNaN();
  }

  /** Against sums that are written out, whatever the batches. */
  @Test
  void agreesWithPlainSumsOnManySamples() {
    Random random = new Random(5);
    double[][] t = random(random, 37, 11);
    double[][] s = random(random, 37, 11);
    double kl = 0;
    double reverse = 0;
    double agree = 0;
    for (int i = 0; i < t.length; i++) {
      int bestT = 0;
      int bestS = 0;
      for (int c = 0; c < 11; c++) {
        kl += s[i][c] * Math.log(s[i][c] / t[i][c]) / 37;
        reverse += t[i][c] * Math.log(t[i][c] / s[i][c]) / 37;
        bestT = t[i][c] > t[i][bestT] ? c : bestT;
        bestS = s[i][c] > s[i][bestS] ? c : bestS;
      }
      agree += bestT == bestS ? 1. / 37 : 0;
    }
    for (int batch : new int[] {1, 5, 37}) {
      try (PointerScope scope = new PointerScope()) {
        PredictionSums sums = new PredictionSums(2);
        Tensor teacher = logProbabilities(t);
        Tensor student = logProbabilities(s);
        for (int from = 0; from < 37; from += batch) {
          int length = Math.min(batch, 37 - from);
          sums.add(List.of(teacher.narrow(0, from, length), student.narrow(0, from, length)));
        }
        Map<String, Double> score = means(sums, 3).get(1);
        assertThat(score.get("kl_free_reference")).isCloseTo(kl, within(1e-13));
        assertThat(score.get("kl_reference_free")).isCloseTo(reverse, within(1e-13));
        assertThat(score.get("agreement")).isCloseTo(agree, within(1e-13));
      }
    }
  }

  private static double[][] random(Random random, int samples, int classes) {
    double[][] all = new double[samples][classes];
    for (double[] row : all) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        row[c] = Math.exp(2 * random.nextGaussian());
        sum += row[c];
      }
      for (int c = 0; c < classes; c++) {
        row[c] /= sum;
      }
    }
    return all;
  }

  @Test
  void holdsNoNativeObjects() {
    try (PointerScope scope = new PointerScope()) {
      PredictionSums sums = new PredictionSums(2);
      List<Tensor> both = List.of(logProbabilities(TEACHER), logProbabilities(STUDENT));
      NativeObjects.assertUnchangedBy(() -> sums.add(both));
    }
  }
}
