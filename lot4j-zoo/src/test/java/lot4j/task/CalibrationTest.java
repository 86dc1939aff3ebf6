package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void theErrorIsTheMeanDistanceOfAccuracyFromConfidence() {
    Calibration calibration = new Calibration();
    calibration.add(.95, true); // the last bin: confidence .96, accuracy 2/3
    calibration.add(.97, false);
    calibration.add(.96, true);
    calibration.add(.5, true); // (7/15, 8/15]: confidence .51, accuracy 1/2
    calibration.add(.52, false);

    assertThat(calibration.error())
        .isCloseTo(3. / 5 * (.96 - 2. / 3) + 2. / 5 * .01, within(1e-15));
  }

  /**
   * {@code numpy.digitize(c, numpy.linspace(0, 1, 16), right=True)}, worked out by another tool.
   */
  @Test
  void binsAreOpenBelowAndClosedAbove() {
    double[] confidences = {0, 1e-9, 1. / 15, .0667, .2, .5, 14. / 15, .94, 1, 1 + 1e-16};
    int[] bins = {0, 0, 0, 1, 2, 7, 13, 14, 14, 14};
    for (int i = 0; i < bins.length; i++) {
      Calibration calibration = new Calibration();
      calibration.add(confidences[i], true);
      assertThat(calibration.reliability().get(bins[i]).path("n").asInt())
          .as("bin of %s", confidences[i])
          .isEqualTo(1);
    }
  }

  @Test
  void theDiagramHasEveryBin() {
    Calibration calibration = new Calibration();
    calibration.add(.96, true);
    calibration.add(.98, false);
    JsonNode bins = calibration.reliability();

    assertThat(bins).hasSize(15);
    assertThat(bins.get(0).path("from").asDouble()).isZero();
    assertThat(bins.get(14).path("to").asDouble()).isEqualTo(1);
    for (int i = 1; i < 15; i++) {
      assertThat(bins.get(i).path("from")).isEqualTo(bins.get(i - 1).path("to"));
    }
    assertThat(bins.get(14).path("n").asInt()).isEqualTo(2);
    assertThat(bins.get(14).path("confidence").asDouble()).isCloseTo(.97, within(1e-15));
    assertThat(bins.get(14).path("accuracy").asDouble()).isEqualTo(.5);
    assertThat(bins.get(3).path("accuracy").isNull()).isTrue();
    assertThat(bins.get(3).path("accuracy_reason").asText()).isEqualTo("no samples");
  }

  @Test
  void whatIsNotANumberIsNoCalibration() {
    Calibration calibration = new Calibration();
    calibration.add(Double.NaN, false);
    assertThat(calibration.error()).isNaN();
    assertThat(calibration.reliability().get(0).path("confidence_reason").asText())
        .isEqualTo("not a number");
  }

  /** Worked out the long way: every sample looks for the others in its bin. */
  @Property(tries = 100)
  void agreesWithTheDefinition(
      @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = 0, max = 1) Double> confidences,
      @ForAll long seed) {
    Random random = new Random(seed);
    boolean[] right = new boolean[confidences.size()];
    Calibration calibration = new Calibration();
    for (int i = 0; i < right.length; i++) {
      right[i] = random.nextBoolean();
      calibration.add(confidences.get(i), right[i]);
    }
    double expected = 0;
    for (int bin = 0; bin < 15; bin++) {
      double low = bin / 15.;
      double high = (bin + 1) / 15.;
      double n = 0;
      double sure = 0;
      double hits = 0;
      for (int i = 0; i < right.length; i++) {
        double c = confidences.get(i);
        if (bin == 0 && c == 0 || c > low && c <= high) {
          n++;
          sure += c;
          hits += right[i] ? 1 : 0;
        }
      }
      expected += n == 0 ? 0 : n / right.length * Math.abs(hits / n - sure / n);
    }
    assertThat(calibration.error()).isCloseTo(expected, within(1e-12));
  }
}
