package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ExperimentConfig;
import lot4j.config.RunConfig;
import lot4j.method.MethodSpec;
import lot4j.method.Paces;
import lot4j.method.TeacherOnly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
  /** 50 images in batches of 12: an epoch ends with a batch of 2. */
  private static final String EXPERIMENT =
      """
      name: planned
      task: {kind: image, data: digits, train-examples: 50}
      methods: [teacher-only, teacher-only-equal-compute, lot-paper]
      teacher: {model: mlp, hidden: [16]}
      students: [{model: mlp, hidden: [7]}]
      optimizer: {kind: sgd, lr: 0.1}
      schedule: {kind: cosine}
      budget: {epochs: 3}
      batch-size: 12
      threads: 1
      """;

  @TempDir Path temporary;

  private static Plan plan(String... overrides) {
    ExperimentConfig experiment =
        new ConfigReader(Runs.CATALOG)
            .read(ConfigSource.of("test.yaml", EXPERIMENT), List.of(overrides));
    return Plan.of(experiment, PlanTest::prepared, Runs.CATALOG);
  }

  private static Prepared<?> prepared(RunConfig config) {
    return Runs.session().prepare(config);
  }

  private static Plan.Planned run(Plan plan, String label) {
    return plan.runs().stream()
        .filter(run -> run.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError(label + " is not among " + labels(plan)));
  }

  private static List<String> labels(Plan plan) {
    return plan.runs().stream().map(Plan.Planned::label).toList();
  }

  @Test
  void epochsCountTheirShortLastBatches() {
    Plan.Planned alone = run(plan(), "teacher-only");
    assertThat(alone.bill().teacher().steps()).isEqualTo(3 * 5);
    assertThat(alone.bill().samples()).isEqualTo(150);
    // 64·16 + 16·10 multiply-accumulates; forward 2 each, backward twice that
    assertThat(alone.flops()).isEqualTo(150 * 6.0 * (64 * 16 + 16 * 10));
    assertThat(alone.studentUpdates()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"12, 1, 3", "12, 2, 1", "50, 1, 2", "64, 1, 1", "7, 3, 4"})
  void equalComputeMakesTheFewestUpdatesThatCostAsMuch(int batch, int accumulate, int epochs) {
    Plan plan =
        plan("batch-size=" + batch, "accumulate=" + accumulate, "budget={epochs: " + epochs + "}");
    Plan.Planned lot = run(plan, "lot-paper");
    Plan.Planned equal = run(plan, "teacher-only-equal-compute");
    assertThat(equal.matched()).contains("lot-paper");
    assertThat(equal.flops()).isGreaterThanOrEqualTo(lot.flops());
    Pace pace = prepared(equal.config()).taskPace(batch, accumulate);
    long updates = equal.config().equalCompute().orElseThrow().updates();
    double less =
        new TeacherOnly()
            .bill(updates - 1, 0, new Paces(pace, pace))
            .flops(2 * (64 * 16 + 16 * 10), List.of());
    assertThat(less).isLessThan(lot.flops());
  }

  @Test
  void equalStepsMakesAsManyAsTeacherAndStudentsTogether() {
    Plan plan =
        plan(
            "methods=[teacher-only-equal-steps, lot-paper]",
            "students=[{model: mlp, hidden: [7]}, {model: mlp, hidden: [5]}]");
    // lot-paper has N = 1: a step of each of two students beside each of 15 of the teacher
    assertThat(run(plan, "teacher-only-equal-steps").bill().teacher().steps()).isEqualTo(45);
  }

  /** What repeats is counted, not walked through. */
  @Test
  void aTrillionUpdatesArePlannedLikeAnyOther() {
    long updates = 1_000_000_000_000L; // whole epochs of 5
    Plan plan =
        plan(
            "budget={updates: " + updates + "}",
            "methods=[lot-paper, lot-released, self-lagged, teacher-only-equal-compute,"
                + " {label: down, method: lot, set: {lot.alpha: {kind: linear, from: 1, to: 0,"
                + " steps: 5}}},"
                + " {label: sam, method: sam, match: down}]");
    Plan one = plan("budget={updates: 5}", "methods=[lot-paper, lot-released, self-lagged, sam]");
    for (String label : List.of("lot-paper", "lot-released", "self-lagged")) {
      assertThat(run(plan, label).flops() / run(one, label).flops())
          .as(label)
          .isCloseTo(updates / 5.0, withinPercentage(1e-9));
    }
    // Beyond the first 5 updates α is 0 and the regularizer's forwards are saved.
    assertThat(run(plan, "down").flops())
        .isLessThan(run(plan, "lot-paper").flops() * 0.99)
        .isGreaterThan(run(plan, "lot-paper").flops() * 0.5);
    assertThat(run(plan, "sam").flops()).isGreaterThanOrEqualTo(run(plan, "down").flops());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "teacher.hidden=[2000000000, 2000000000, 2000000000] | teacher: too large",
        "students=[{model: mlp, hidden: [2147483647, 2147483647, 2147483647]}] | students[0]: too"
            + " large"
      })
  void whatCannotBeCountedIsRefused(String override, String problem) {
    assertThatThrownBy(() -> plan(override))
        .isInstanceOf(ConfigError.class)
        .hasMessageStartingWith(problem);
  }

  @Test
  void aBudgetThatCannotBeCountedIsRefused() {
    assertThatThrownBy(
            () ->
                plan(
                    "budget={epochs: 1e15}",
                    "methods=[{label: many, method: lot, set: {lot.steps: 1000}}]"))
        .isInstanceOf(ConfigError.class)
        .hasMessageStartingWith("budget: too large");
  }

  @Test
  void everyDistinctComputeHasItsBaseline() {
    Plan plan =
        plan(
            "methods=[teacher-only-equal-compute, lot-paper, lot-released,"
                + " {label: lot-half, method: lot-paper, set: {lot.alpha: 0.5}}]");
    assertThat(labels(plan))
        .containsExactly(
            "teacher-only-equal-compute@lot-paper",
            "teacher-only-equal-compute@lot-released",
            "lot-paper",
            "lot-released",
            "lot-half"); // costs what lot-paper costs
    assertThat(run(plan, "lot-half").flops()).isEqualTo(run(plan, "lot-paper").flops());
    assertThat(run(plan, "teacher-only-equal-compute@lot-released").flops())
        .isGreaterThanOrEqualTo(run(plan, "lot-released").flops());
  }

  /** As much compute as LoT, or less than one update more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "label-smoothing",
        "confidence-penalty",
        "r-drop",
        "sam",
        "swa",
        "mean-teacher",
        "self-lagged"
      })
  void anyMethodCanMatchTheComputeOfAnother(String method) {
    Plan plan =
        plan("methods=[lot-paper, {label: fair, method: " + method + ", match: lot-paper}]");
    Plan.Planned fair = run(plan, "fair");
    assertThat(fair.matched()).contains("lot-paper");
    assertThat(fair.flops()).isGreaterThanOrEqualTo(run(plan, "lot-paper").flops());
    MethodSpec spec = Runs.CATALOG.method(method).recipe().spec(fair.config(), Runs.CATALOG);
    Pace pace = prepared(fair.config()).taskPace(12, 1);
    Paces paces = new Paces(pace, pace);
    long updates = fair.config().equalCompute().orElseThrow().updates();
    assertThat(fair.bill().teacher().steps()).isEqualTo(updates);
    assertThat(spec.at(paces).bill(updates - 1, 0, paces).flops(2 * (64 * 16 + 16 * 10), List.of()))
        .isLessThan(run(plan, "lot-paper").flops());
  }

  @Test
  void averagingHasToKnowTheRunsLengthAndIsTheOnlyAverage() {
    assertThatThrownBy(() -> plan("methods=[swa]", "ema=0.9"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("swa is not allowed with ema");
    assertThatThrownBy(() -> Plan.of(swaOf("budget.minutes=1"), PlanTest::prepared, Runs.CATALOG))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("swa is not allowed with budget.minutes");
  }

  private static RunConfig swaOf(String override) {
    return Runs.config(EXPERIMENT, "method=swa", override);
  }

  @Test
  void oneCanBeNamed() {
    Plan plan =
        plan(
            "methods=[lot-paper, lot-released,"
                + " {label: fair, method: teacher-only-equal-compute, match: lot-released}]");
    assertThat(labels(plan)).containsExactly("lot-paper", "lot-released", "fair");
    assertThat(run(plan, "fair").matched()).contains("lot-released");
  }

  @Test
  void aBaselineWithoutAnythingToMatchIsRefused() {
    assertThatThrownBy(() -> plan("methods=[teacher-only, teacher-only-equal-compute]"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("teacher-only-equal-compute has nothing to match");
  }

  @Test
  void aSingleRunMatchesLotOfItsOwnConfiguration() {
    RunConfig config = Runs.config(Runs.SMALL, "method=teacher-only-equal-compute", "lot.steps=2");
    Plan.Planned planned = Plan.of(config, PlanTest::prepared, Runs.CATALOG);
    Plan.Planned lot = Plan.of(config.withMethod("lot"), PlanTest::prepared, Runs.CATALOG);
    assertThat(planned.matched()).contains("lot");
    assertThat(planned.flops()).isGreaterThanOrEqualTo(lot.flops());
    // What is resolved once is not resolved again.
    assertThat(Plan.of(planned.config(), PlanTest::prepared, Runs.CATALOG).flops())
        .isEqualTo(planned.flops());
  }

  @Test
  void theStretchedRunIsEvaluatedAsOftenAndEndsAtTheSchedulesEnd() {
    Path run = temporary.resolve("run");
    RunConfig config =
        Plan.of(
                Runs.config(Runs.SMALL, "method=teacher-only-equal-compute", "lot.steps=3"),
                PlanTest::prepared,
                Runs.CATALOG)
            .config();
    Runs.create(run, config);
    Outcome outcome = Runs.proceed(run, () -> false);
    long updates = config.equalCompute().orElseThrow().updates();
    assertThat(updates).isGreaterThan(24);
    assertThat(outcome.teacherUpdates()).isEqualTo(updates);
    List<JsonNode> valid =
        Runs.metricLines(run).stream()
            .filter(line -> line.get("split").asText().equals("valid"))
            .toList();
    assertThat(valid).hasSize(3); // 12 updates, one every 4
    List<JsonNode> train =
        Runs.metricLines(run).stream()
            .filter(line -> line.get("split").asText().equals("train"))
            .toList();
    double first =
        0.1 * 0.5 * (1 + Math.cos(Math.PI * (train.get(0).get("step").asLong() - 1) / updates));
    assertThat(train.get(0).get("lr").asDouble()).isEqualTo(first);
    double last = 0.1 * 0.5 * (1 + Math.cos(Math.PI * (updates - 1) / updates));
    assertThat(train.get(2).get("lr").asDouble()).isEqualTo(last);
  }
}
