package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.experiment;
import static lot4j.config.Texts.experimentRefusal;
import static lot4j.config.Texts.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lot4j.method.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodsTest {
  private static RunConfig variant(ExperimentConfig experiment, String label) {
    return experiment.methods().stream()
        .filter(v -> v.label().equals(label))
        .findFirst()
        .orElseThrow()
        .config();
  }

  @Test
  void builtInLabelsTakeTheTableWhateverStandsUnderLot() {
    ExperimentConfig experiment =
        experiment(
            MINIMAL,
            "methods=[lot-paper, lot-released, lot]",
            "lot={alpha: 7, steps: 9, every: 3, batch-fraction: 0.5}");

    LotConfig paper = variant(experiment, "lot-paper").lot();
    LotConfig released = variant(experiment, "lot-released").lot();
    assertThat(paper.alpha()).isEqualTo(new AlphaSchedule.Constant(1));
    assertThat(paper.steps()).isEqualTo(1);
    assertThat(released.alpha()).isEqualTo(new AlphaSchedule.Constant(0.5));
    assertThat(released.order()).isEqualTo(Order.JOINT);
    assertThat(variant(experiment, "lot").lot().alpha()).isEqualTo(new AlphaSchedule.Constant(7));
    assertThat(List.of(paper, released)).extracting(LotConfig::every).containsOnly(3);
    assertThat(List.of(paper, released)).extracting(LotConfig::batchFraction).containsOnly(0.5);
  }

  @Test
  void builtInLabelsAreRunByTheMethodLot() {
    assertThat(variant(experiment(MINIMAL), "lot-paper").method()).isEqualTo("lot");
    assertThat(run(MINIMAL, "method=lot-released").method()).isEqualTo("lot");
    assertThat(run(MINIMAL, "method=lot-released", "lot.alpha=3").lot())
        .isEqualTo(Objectives.of(Objective.RELEASED, "image", "preresnet20", "cifar100"));
  }

  @Test
  void entriesSetTheirOwnKeys() {
    ExperimentConfig experiment =
        experiment(
            MINIMAL,
            "methods=[{label: hot, method: lot, set: {lot.temperature: 4, budget.updates: 5,"
                + " optimizer.lr: 0.5}}, {label: 2lot, method: lot-released, set: {lot.alpha:"
                + " 0.1}}]");

    assertThat(variant(experiment, "hot").lot().temperature()).isEqualTo(4);
    assertThat(variant(experiment, "hot").budget()).isEqualTo(new Budget(Budget.Unit.UPDATES, 5));
    assertThat(variant(experiment, "2lot").lot().alpha())
        .isEqualTo(new AlphaSchedule.Constant(0.1));
    assertThat(variant(experiment, "2lot").lot().steps()).isEqualTo(2);
    assertThat(experiment.base().lot().temperature()).isEqualTo(1.5);
  }

  @Test
  void entriesMayNameWhatTheyMatch() {
    ExperimentConfig experiment =
        experiment(
            MINIMAL,
            "methods=[lot-paper, lot-released, {label: eq, method: teacher-only-equal-compute,"
                + " match: lot-released}]");

    assertThat(experiment.methods().get(2).match()).contains("lot-released");
    assertThat(variant(experiment, "eq").method()).isEqualTo("teacher-only-equal-compute");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "[] ~ 6:10: methods = [] is not allowed; a list of names or of {label, method, set}",
        "[lot, lot] ~ 6:16: label lot is not allowed twice; a label of its own",
        "[{label: a b, method: lot}] ~ 6:19: methods[0].label = a b is not allowed; letters,"
            + " digits and . _ @ + -",
        "[{label: a}] ~ 6:11: missing key: methods[0].method",
        "[{label: a, method: lot, sett: {}}] ~ 6:35: unknown key: methods[0].sett; did you mean"
            + " 'set'?",
        "[{label: a, method: lot, set: {lot.aplha: 1}}] ~ 6:41: unknown key: lot.aplha; did you"
            + " mean 'alpha'?",
        "[{label: a, method: lot, set: {lot.alpha: -1}}] ~ 6:52: lot.alpha = -1 is not allowed; 0"
            + " or more (0 trains the teacher alone)",
        "[{label: a, method: lot, set: {seeds: [1]}}] ~ 6:41: methods[0].set.seeds is not allowed;"
            + " it is the same for all methods",
        "[{label: a, method: lot, match: lot}] ~ 6:11: match = lot is not allowed; the label of a"
            + " method that goes by the budget",
        "[lot, {method: teacher-only-equal-compute, match: lto}] ~ 6:16: match = lto is not"
            + " allowed; lot; did you mean 'lot'?",
        "[teacher-only, teacher-only-equal-compute] ~ 6:25: teacher-only-equal-compute has nothing"
            + " to match; a method with students, lot-paper for one",
      })
  void tellsWhatIsWrongWithTheList(String methods, String problem) {
    assertThat(experimentRefusal(MINIMAL + "methods: " + methods + "\n"))
        .isEqualTo("a.yaml:" + problem);
  }

  @Test
  void aProblemOfTheFileIsToldOnce() {
    assertThat(experimentRefusal(MINIMAL + "batch-size: 0\n"))
        .isEqualTo("a.yaml:6:13: batch-size = 0 is not allowed; 1 or more");
  }

  @Test
  void neverStopsEarlyBesideEqualCompute() {
    ExperimentConfig matched = experiment(MINIMAL, "early-stopping={patience: 3}");
    ExperimentConfig alone =
        experiment(MINIMAL, "early-stopping={patience: 3}", "methods=[teacher-only, lot-paper]");

    assertThat(matched.methods()).allMatch(v -> v.config().evaluation().earlyStopping().isEmpty());
    assertThat(matched.notes())
        .containsExactly("early-stopping is off: an equal-compute method is compared");
    assertThat(alone.methods()).allMatch(v -> v.config().evaluation().earlyStopping().isPresent());
    assertThat(alone.notes()).isEmpty();
  }

  @Test
  void saysSoIfKeysUnderLotReachNoMethod() {
    assertThat(experiment(MINIMAL, "lot.alpha=3").notes())
        .singleElement()
        .asString()
        .startsWith("keys under lot that an objective decides reach no method here");
    assertThat(experiment(MINIMAL, "lot.alpha=3", "methods=[lot, lot-paper]").notes()).isEmpty();
  }

  @Test
  void aComparisonOfTeachersNeedsNoStudents() {
    String alone = MINIMAL.replace("students: [{model: preresnet20}]\n", "");

    assertThat(experimentRefusal(alone, "methods=[teacher-only]")).isEmpty();
    assertThat(experimentRefusal(alone))
        .isEqualTo(
            """
            a.yaml:1:1: missing key: students; method teacher-only-equal-compute needs them
            a.yaml:1:1: missing key: students; method lot needs them\
            """);
  }
}
