package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import lot4j.stats.PairedPower;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Differences +.01 +.03 +.02: standard deviation .01. */
class SeedPlanTest {
  private static final PairedPower USUAL = new PairedPower(0.8);

  @TempDir Path folder;

  private void pilot() {
    new SyntheticRuns(folder)
        .method("teacher-only", "teacher-only", 2e9, 0.60, 0.61, 0.62)
        .method("teacher-only-equal-compute", "teacher-only-equal-compute", 4e9, 0.70, 0.71, 0.72)
        .method("lot-paper", "lot", 4e9, 0.71, 0.74, 0.74);
  }

  private SeedPlan plan(double difference, Optional<Integer> present) {
    pilot();
    return SeedPlan.read(folder, difference, USUAL, present);
  }

  @Test
  void seedsComeFromTheScatterOfTheDifferences() {
    // Half a standard deviation: 34 seeds. The scatter is known from .52066 to 6.28473 times what
    // three seeds show; scipy gives 11 and 1242 seeds for these.
    SeedPlan.Need need = plan(0.005, Optional.empty()).needs().get(0);
    assertThat(need.method()).isEqualTo("lot-paper");
    assertThat(need.baseline()).isEqualTo("teacher-only-equal-compute");
    assertThat(need.seeds()).hasValue(34);
    assertThat(need.fewest()).hasValue(11);
    assertThat(need.most()).hasValue(1242);
    assertThat(plan(-0.005, Optional.empty()).needs().get(0).seeds()).hasValue(34);
  }

  @Test
  void presentSeedsSeeADifference() {
    assertThat(plan(0.005, Optional.empty()).needs().get(0).visible().orElseThrow())
        .isCloseTo(0.032640435, within(1e-8));
    SeedPlan.Need twenty = plan(0.005, Optional.of(20)).needs().get(0);
    assertThat(twenty.present()).isEqualTo(20);
    assertThat(twenty.visible().orElseThrow()).isCloseTo(0.0066044165, within(1e-9));
  }

  @Test
  void neverProposesFewerThanAVerdictNeeds() {
    assertThat(plan(0.5, Optional.empty()).needs().get(0).seeds()).hasValue(5);
  }

  @Test
  void baselinesAreNotPlannedFor() {
    assertThat(plan(0.005, Optional.empty()).needs()).hasSize(1);
  }

  @Test
  void documentAndTableHoldTheSame() {
    SeedPlan plan = plan(0.005, Optional.empty());
    JsonNode pair = plan.json().path("pairs").path(0);
    assertThat(plan.json().path("difference").doubleValue()).isEqualTo(0.005);
    assertThat(plan.json().path("power").doubleValue()).isEqualTo(0.8);
    assertThat(pair.path("sd").doubleValue()).isCloseTo(0.01, within(1e-12));
    assertThat(pair.path("seeds").intValue()).isEqualTo(34);
    assertThat(pair.path("seeds_low").intValue()).isEqualTo(11);
    assertThat(pair.path("seeds_high").intValue()).isEqualTo(1242);
    assertThat(pair.path("n").intValue()).isEqualTo(3);
    assertThat(plan.text())
        .startsWith(
            "synthetic: seeds that see 0.50 percentage points of test accuracy with power 0.80")
        .contains("1.00 [0.521, 6.28]")
        .contains("34 [11, 1,242]")
        .contains("3.26");
  }

  @Test
  void refusesAPilotThatKnowsNoScatter() {
    new SyntheticRuns(folder)
        .method("teacher-only", "teacher-only", 2e9, 0.6)
        .method("lot-paper", "lot", 4e9, 0.7);
    assertThatThrownBy(() -> SeedPlan.read(folder, 0.01, USUAL, Optional.empty()))
        .isInstanceOf(ReportException.class)
        .hasMessageEndingWith(
            ": no method and baseline in it have 2 seeds in common, so their scatter is not known");
  }

  @Test
  void refusesADifferenceThatIsNone() {
    assertThatThrownBy(() -> plan(0, Optional.empty()))
        .hasMessage("difference = 0.0 is not allowed; a number that is not 0");
    assertThatThrownBy(() -> plan(2, Optional.empty()))
        .hasMessageEndingWith("accuracies are fractions, 0.01 is one percentage point");
  }
}
