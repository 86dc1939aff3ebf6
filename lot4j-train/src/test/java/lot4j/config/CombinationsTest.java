package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinationsTest {

  /** The text is the sixth line, after the minimal configuration. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "lot: {order: joint} ~ 6:6: lot.regularize-on = fresh-batch is not allowed; task-batch with"
            + " lot.order joint",
        "lot: {order: joint, regularize-on: student-batch} ~ 6:36: lot.regularize-on ="
            + " student-batch is not allowed; task-batch with lot.order joint",
        "lot: {objective: released, steps: 0} ~ 6:35: lot.steps = 0 is not allowed; 1 or more with"
            + " lot.order joint",
        "lot: {regularize-on: student-batch, steps: 0} ~ 6:44: lot.steps = 0 is not allowed; 1 or"
            + " more with lot.regularize-on student-batch",
        "lot: {student-targets: reuse} ~ 6:24: lot.student-targets = reuse is not allowed; fresh"
            + " unless lot.regularize-on is task-batch",
        "lot: {teacher-metric: gaussian-jeffreys} ~ 6:6: lot.temperature = 1.5 is not allowed; 1"
            + " with gaussian-jeffreys",
        "lot: {student-metric: gaussian-kl-free-reference, temperature: 1, scale-by-t2: true} ~"
            + " 6:80: lot.scale-by-t2 = true is not allowed; false with"
            + " gaussian-kl-free-reference",
        "lot: {start: after-first-rollout} ~ 6:14: lot.start = after-first-rollout is not allowed;"
            + " a number unless task.kind is rl",
      })
  void refusesWhatContradictsItself(String line, String problem) {
    assertThat(refusal(MINIMAL + line + "\n")).isEqualTo("a.yaml:" + problem);
  }

  @ParameterizedTest
  @CsvSource({
    "'lot={order: joint, regularize-on: task-batch}'",
    "'lot={regularize-on: task-batch, student-targets: reuse}'",
    "'lot={teacher-metric: gaussian-jeffreys, temperature: 1}'",
    "'lot={alpha: 0, steps: 0}'",
  })
  void allowsWhatMakesSense(String override) {
    assertThat(refusal(MINIMAL, override)).isEmpty();
  }

  @Test
  void refusesTheBestOfNoValidation() {
    assertThat(refusal(MINIMAL, "task.validation=none", "select=best"))
        .isEqualTo(
            "--set select=best: select = best is not allowed; last with task.validation none");
  }

  @Test
  void refusesToStopEarlyWithoutValidation() {
    assertThat(refusal(MINIMAL, "task.validation=none", "early-stopping={patience: 2}"))
        .endsWith("early-stopping = {patience: 2} is not allowed; none with task.validation none");
  }

  @Test
  void refusesLabelsOfUnlabelledData() {
    assertThat(refusal(MINIMAL, "task.unlabelled=rest", "lot.student-task-weight=1"))
        .isEqualTo(
            "--set lot.student-task-weight=1: lot.student-task-weight = 1 is not allowed; 0 with"
                + " task.unlabelled rest, which has no labels");
  }

  @Test
  void allowsLabelsWhereTheOnlyStudentStepIsTheJointOne() {
    assertThat(refusal(MINIMAL, "task.unlabelled=rest", "lot={objective: released, steps: 1}"))
        .isEmpty();
    assertThat(refusal(MINIMAL, "task.unlabelled=rest", "lot.objective=released"))
        .contains("lot.student-task-weight = 1.0 is not allowed");
  }

  @Test
  void wantsWholeIntervalsOfUpdates() {
    assertThat(refusal(MINIMAL, "budget.updates=100", "eval-every=2.5"))
        .isEqualTo(
            "--set eval-every=2.5: eval-every = 2.5 is not allowed; a whole number, 1 or more, with"
                + " budget.updates");
  }

  @Test
  void teacherOnlyNeedsNeitherStudentsNorALotThatFits() {
    String alone = MINIMAL.replace("students: [{model: preresnet20}]\n", "");

    assertThat(refusal(alone))
        .isEqualTo("a.yaml:1:1: missing key: students; method lot needs them");
    assertThat(refusal(alone, "method=teacher-only")).isEmpty();
    assertThat(refusal(alone, "method=teacher-only", "lot.order=joint")).isEmpty();
  }

  @Test
  void judgesNoCombinationOfKeysThatAreWrongThemselves() {
    assertThat(refusal(MINIMAL, "lot={student-targets: reuse, regularize-on: taks-batch}"))
        .isEqualTo(
            "--set lot={student-targets: reuse, regularize-on: taks-batch}: lot.regularize-on ="
                + " taks-batch is not allowed; fresh-batch, student-batch or task-batch; did you"
                + " mean 'task-batch'?");
  }
}
