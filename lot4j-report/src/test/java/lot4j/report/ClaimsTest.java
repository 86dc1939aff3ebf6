package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P values, effects and scatter of a comparison, worked out by hand or with scipy. */
class ClaimsTest {
  private static final double[] BASE = {0.70, 0.71, 0.72, 0.73, 0.74};

  @TempDir Path folder;

  /**
   * Against the baseline: lot +.01 +.02 +.03 +.04 +.05, all of one sign: 2 of 32. mutual +.03 −.01
   * +.02 +.01 +.02, sum .07: as far out are all of one sign (.09), and that with either of the two
   * .01 turned (.07), each both ways: 6 of 32.
   */
  private Comparison two() {
    return new SyntheticRuns(folder)
        .method("teacher-only", "teacher-only", 2e9, 0.69, 0.70, 0.70, 0.72, 0.73)
        .method("teacher-only-equal-compute", "teacher-only-equal-compute", 4e9, BASE)
        .method("mutual-learning", "mutual-learning", 4e9, 0.73, 0.70, 0.74, 0.74, 0.76)
        .method("lot-paper", "lot", 4e9, 0.71, 0.73, 0.75, 0.77, 0.79)
        .compare();
  }

  @Test
  void theFamilyIsEveryMethodThatIsNoBaseline() {
    assertThat(two().claims().claims())
        .extracting(Claims.Claim::method)
        .containsExactly("mutual-learning", "lot-paper");
    assertThat(two().claims().claims())
        .extracting(Claims.Claim::baseline)
        .containsOnly("teacher-only-equal-compute");
  }

  @Test
  void pValuesAreCorrectedForTheFamily() {
    JsonNode lot = pair("lot-paper", "teacher-only-equal-compute");
    assertThat(lot.path("sign_flip_p").doubleValue()).isEqualTo(0.0625);
    assertThat(lot.path("smallest_p").doubleValue()).isEqualTo(0.0625);
    assertThat(lot.path("p_holm").doubleValue()).isEqualTo(0.125);
    JsonNode mutual = pair("mutual-learning", "teacher-only-equal-compute");
    assertThat(mutual.path("sign_flip_p").doubleValue()).isEqualTo(6 / 32.0);
    assertThat(mutual.path("p_holm").doubleValue()).isEqualTo(6 / 32.0);
  }

  @Test
  void otherPairsAreNotInTheFamily() {
    JsonNode pair = pair("lot-paper", "mutual-learning");
    assertThat(pair.path("sign_flip_p").isNumber()).isTrue();
    assertThat(pair.path("p_holm").isNull()).isTrue();
    assertThat(pair.path("p_holm_reason").textValue())
        .isEqualTo("not a method against its baseline");
  }

  @Test
  void effectsAreOfDifferencesAndOfSingleRuns() {
    JsonNode lot = pair("lot-paper", "teacher-only-equal-compute");
    // Differences .01 … .05: mean .03, sd √(.00025) = .0158114.
    assertThat(lot.path("cohens_dz").doubleValue()).isCloseTo(0.03 / 0.0158113883, within(1e-8));
    // Runs: sd .0158114 and .0316228, pooled √((.00025 + .001) / 2) = .025.
    assertThat(lot.path("cohens_d").doubleValue()).isCloseTo(1.2, within(1e-9));
    assertThat(lot.path("cohens_dz_ci95").size()).isEqualTo(2);
    assertThat(lot.path("ci95_bca").path(0).doubleValue()).isBetween(0.015, 0.025);
    assertThat(lot.path("ci95_bca").path(1).doubleValue()).isBetween(0.035, 0.045);
  }

  @Test
  void aMethodHasItsMedianAndItsScatter() {
    JsonNode lot = two().json().path("methods").path("lot-paper");
    assertThat(lot.path("median").doubleValue()).isEqualTo(0.75);
    assertThat(lot.path("sd").doubleValue()).isCloseTo(0.0316227766, within(1e-9));
  }

  @Test
  void peopleReadTheSmallestPAndTheCorrectedOne() {
    assertThat(two().verdict())
        .endsWith(
            ", 5 seeds, p 0.063 by sign flips (the smallest 5 seeds can reach), 0.13 after Holm"
                + " for 2 methods.");
    assertThat(two().text())
        .contains(
            "Sign-flip p against the baseline [after Holm for 2 methods]: mutual-learning 0.19"
                + " [0.19], lot-paper 0.063 [0.13]; 5 seeds can reach 0.063.\n");
    assertThat(two().markdown())
        .contains("| sign-flip p \\[Holm\\] | d paired / pooled |")
        .contains("| 0.063 \\[0.13\\] | 1.90 / 1.20 |")
        .contains("the smallest possible with 5 seeds: 0.063");
  }

  @Test
  void oneSeedHasNoScatterAndNoClaimInWords() {
    Comparison one =
        new SyntheticRuns(folder)
            .method("teacher-only", "teacher-only", 2e9, 0.9)
            .method("lot-paper", "lot", 2e9, 0.8)
            .compare();
    JsonNode pair = one.json().path("pairs").path(0);
    assertThat(pair.path("sign_flip_p").intValue()).isEqualTo(1);
    assertThat(pair.path("cohens_d").isNull()).isTrue();
    assertThat(pair.path("cohens_d_reason").textValue())
        .isEqualTo("an interval needs 2 seeds or more");
    assertThat(one.verdict()).doesNotContain("sign flips");
    assertThat(one.json().path("methods").path("lot-paper").path("sd").isNull()).isTrue();
  }

  @Test
  void withoutBaselineThereIsNoClaim() {
    Comparison alone = new SyntheticRuns(folder).method("lot", "lot", 2e9, 0.9, 0.8).compare();
    assertThat(alone.claims().claims()).isEmpty();
    assertThat(alone.text()).doesNotContain("Sign-flip");
  }

  @Test
  void verySmallPIsNotPrintedAsZero() {
    assertThat(Claims.p(2e-6)).isEqualTo("< 0.0001");
    assertThat(Claims.p(0.00123)).isEqualTo("0.0012");
    assertThat(Claims.p(1)).isEqualTo("1.0");
  }

  private JsonNode pair(String a, String b) {
    return StreamSupport.stream(two().json().path("pairs").spliterator(), false)
        .filter(
            pair -> pair.path("a").textValue().equals(a) && pair.path("b").textValue().equals(b))
        .findFirst()
        .orElseThrow();
  }
}
