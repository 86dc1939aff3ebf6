package lot4j.config;

import static lot4j.config.Texts.experiment;
import static lot4j.config.Texts.refusal;
import static lot4j.config.Texts.run;
import static lot4j.config.Texts.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.config.Dummies.Ppo;
import lot4j.config.Dummies.Replay;
import lot4j.method.Epochs;
import lot4j.method.LotMethod;
import lot4j.method.Review;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections that only some kinds of tasks go by. */
class SectionsTest {
  private static final String WORLD =
      """
      name: first
      task: {kind: rl, data: cartpole}
      teacher: {model: mlp}
      students: [{model: mlp}]
      budget: {env-steps: 1000}
      """;

  @Test
  void areThereWithTheirDefaultsWhereTheTaskGoesByThem() {
    assertThat(run(WORLD).sections())
        .isEqualTo(Map.of("ppo", new Ppo(4, 0.2), "replay", new Replay(10240, 0)));
    assertThat(run(WORLD, "ppo.epochs=2", "method=teacher-only").sections())
        .containsEntry("ppo", new Ppo(2, 0.2));
  }

  @Test
  void areNotThereForOtherTasks() {
    assertThat(run(Texts.MINIMAL).sections()).isEmpty();
    assertThat(refusal(Texts.MINIMAL + "ppo: {epochs: 3}\n"))
        .isEqualTo("a.yaml:6:6: ppo = {epochs: 3} is not allowed; only with task.kind rl");
  }

  @Test
  void areWrittenAsResolvedAndReadBack() {
    RunConfig config = run(WORLD, "lot.objective=released");
    assertThat(yaml(config))
        .contains("ppo: {epochs: 4, clip: 0.2}\n", "replay: {states: 10240, passes: 5}\n");
    assertThat(run(yaml(config))).isEqualTo(config);
    assertThat(yaml(run(yaml(config)))).isEqualTo(yaml(config));
  }

  @ParameterizedTest
  @CsvSource({
    "lot.objective=paper, 0",
    "lot.objective=released, 5",
    "method=lot-released, 5",
    "method=lot-paper, 0",
    "method=teacher-only, 0",
  })
  void theObjectiveSaysHowOftenTheStudentsReview(String override, int passes) {
    assertThat(run(WORLD, override).sections().get("replay")).isEqualTo(new Replay(10240, passes));
  }

  @Test
  void whatIsGivenWinsOverTheObjective() {
    assertThat(run(WORLD, "lot.objective=released", "replay.passes=2").sections())
        .containsEntry("replay", new Replay(10240, 2));
    assertThat(run(WORLD, "lot.objective=released", "replay={states: 64}").sections())
        .containsEntry("replay", new Replay(64, 5));
  }

  @Test
  void builtInLabelsTakeTheirOwnPassesWhateverIsWritten() {
    ExperimentConfig compared =
        experiment(
            WORLD,
            "replay={states: 64, passes: 3}",
            "methods=[teacher-only, lot-paper, lot-released, {label: mine, method: lot}, {label:"
                + " more, method: lot-released, set: {replay.passes: 9}}]");
    assertThat(compared.methods())
        .extracting(variant -> variant.config().sections().get("replay"))
        .containsExactly(
            new Replay(64, 3),
            new Replay(64, 0),
            new Replay(64, 5),
            new Replay(64, 3),
            new Replay(64, 9));
  }

  @Test
  void saysSoIfTheWrittenPassesReachNoMethod() {
    assertThat(experiment(WORLD, "replay.passes=3").notes())
        .anyMatch(note -> note.startsWith("replay.passes reaches no method here"));
    assertThat(experiment(WORLD, "replay.states=3").notes()).isEmpty();
  }

  @Test
  void aComparisonReadsBackWhereAnObjectiveOfItsOwnChangesThePasses() {
    ExperimentConfig compared =
        experiment(
            WORLD, "methods=[{label: code, method: lot, set: {lot.objective: released}}, lot]");
    ExperimentConfig again = experiment(yaml(compared));
    assertThat(again.methods().stream().map(ExperimentConfig.Variant::config).toList())
        .isEqualTo(compared.methods().stream().map(ExperimentConfig.Variant::config).toList());
    assertThat(again.methods().get(0).config().sections())
        .containsEntry("replay", new Replay(10240, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "ppo.epochs=9 ~ --set ppo.epochs=9: ppo.epochs = 9 is not allowed; at most task.envs",
        "accumulate=2 ~ --set accumulate=2: accumulate = 2 is not allowed; 1 with task.kind rl",
      })
  void theTaskChecksOtherKeysAtTheirPlace(String override, String problem) {
    assertThat(refusal(WORLD, override)).contains(problem);
  }

  @Test
  void aDefaultAtFaultIsShownToo() {
    assertThat(refusal(WORLD, "task.envs=3"))
        .contains("ppo.epochs = 4 is not allowed; at most task.envs")
        .contains("--set task.envs=3: task.envs = 3 is not allowed; ppo.epochs or more");
    assertThat(refusal(WORLD, "ppo.epochs=9"))
        .contains("a.yaml:2:7: task.envs = 8 is not allowed; ppo.epochs or more");
  }

  @Test
  void nothingIsCheckedAgainstASectionThatIsNone() {
    assertThat(refusal(WORLD, "ppo=3", "accumulate=2"))
        .contains("ppo = 3 is not allowed")
        .doesNotContain("accumulate");
    assertThat(refusal(WORLD, "replay.passes=x"))
        .isEqualTo("--set replay.passes=x: replay.passes = x is not allowed; a whole number");
  }

  @Test
  void statesHaveNoLabels() {
    assertThat(refusal(WORLD, "lot.student-task-weight=0.5"))
        .isEqualTo(
            "--set lot.student-task-weight=0.5: lot.student-task-weight = 0.5 is not allowed; 0"
                + " with task.kind rl, whose states have no labels");
  }

  @Test
  void rolloutsCanBeTheBudget() {
    assertThat(run(WORLD.replace("env-steps: 1000", "epochs: 3")).budget().unit())
        .isEqualTo(Budget.Unit.EPOCHS);
  }

  @Test
  void theMethodIsMadeWithThem() {
    assertThat(method(run(WORLD))).isEqualTo(Epochs.none());
    assertThat(method(run(WORLD, "lot.objective=released")))
        .isEqualTo(new Epochs(true, Optional.of(new Review(5, 10240))));
    assertThat(method(run(WORLD, "lot.objective=released", "lot.start=7", "replay.passes=0")))
        .isEqualTo(Epochs.none());
  }

  private static Epochs method(RunConfig config) {
    Catalog catalog = Dummies.catalog();
    LotMethod method = (LotMethod) catalog.method("lot").recipe().spec(config, catalog);
    assertThat(List.of(0L, 7L)).contains(method.start());
    return method.epochs();
  }
}
