package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lot4j.config.Dummies.PreResNet;
import lot4j.optim.Clip;
import lot4j.optim.Cosine;
import lot4j.optim.Sgd;
import lot4j.train.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
  private final RunConfig run = run(MINIMAL);

  @Test
  void keepsWhatIsTheFilesOwn() {
    assertThat(run.name()).isEqualTo("first");
    assertThat(run.task().kind()).isEqualTo("image");
    assertThat(run.teacher()).isEqualTo(new LearnerConfig("preresnet20", new PreResNet(20)));
    assertThat(run.budget()).isEqualTo(new Budget(Budget.Unit.EPOCHS, 30));
  }

  @Test
  void fillsTheTask() {
    assertThat(Plain.of(run.task().spec()))
        .containsEntry("data", "cifar100")
        .containsEntry("augment", "crop-flip")
        .containsEntry("unlabelled", "none")
        .containsEntry("validation", 0.1)
        .containsEntry("split-seed", 0L)
        .containsEntry("train-examples", "all")
        .containsEntry("label-noise", 0L)
        .containsEntry("allow-subset", false);
  }

  @Test
  void trainsLotByThePaper() {
    assertThat(run.method()).isEqualTo("lot");
    assertThat(run.lot().objective()).isEqualTo(Objective.PAPER);
  }

  @Test
  void setsEveryKeyOfLot() {
    assertThat(new Plain(Dummies.catalog()).keys(run.lot()))
        .hasToString(
            "{objective=paper, alpha=1, steps=1, teacher-metric=kl-free-reference,"
                + " student-metric=kl-free-reference, temperature=1.5, scale-by-t2=false,"
                + " student-task-weight=0, student-metric-weight=1.0, order=teacher-first,"
                + " regularize-on=fresh-batch, reference-mode=train, start=0, every=1,"
                + " batch-fraction=1, student-targets=fresh}");
  }

  @Test
  void weighsStudentsEqually() {
    RunConfig two = run(MINIMAL, "students=[preresnet20, preresnet20, mlp, mlp]");

    assertThat(two.students()).extracting(StudentConfig::lambda).containsOnly(0.25);
    assertThat(two.students()).extracting(StudentConfig::initFrom).allMatch(o -> o.isEmpty());
  }

  @Test
  void optimizesAsTheContractSays() {
    Sgd sgd = new Sgd(0.1, 0.9, true, 1e-4, Clip.of("none"));

    assertThat(run.optimization().optimizer()).isEqualTo(sgd);
    assertThat(run.optimization().studentOptimizer()).isEqualTo(sgd);
    assertThat(run.optimization().schedule()).isEqualTo(Cosine.defaults());
    assertThat(run.optimization().ema()).isEmpty();
  }

  @Test
  void setsBatchSizes() {
    assertThat(run.batching()).isEqualTo(new Batching(128, 128, 512, 1));
    assertThat(run(MINIMAL, "batch-size=32").batching()).isEqualTo(new Batching(32, 32, 512, 1));
  }

  @Test
  void evaluatesTextInTenColumns() {
    assertThat(run(MINIMAL, "task.kind=text").batching().evalBatchSize()).isEqualTo(10);
  }

  @Test
  void runsInFloat32OnWhateverIsThere() {
    assertThat(run.execution().precision()).isEqualTo(Precision.FLOAT32);
    assertThat(run.execution().threads()).isEmpty();
    assertThat(run.execution().device()).isEqualTo("auto");
  }

  @Test
  void comparesThreeMethodsOverThreeSeeds() {
    ExperimentConfig experiment = Texts.experiment(MINIMAL);

    assertThat(experiment.seeds()).isEqualTo(List.of(0L, 1L, 2L));
    assertThat(experiment.methods())
        .extracting(ExperimentConfig.Variant::label)
        .containsExactly("teacher-only", "teacher-only-equal-compute", "lot-paper");
    assertThat(run.seed()).isZero();
  }

  @Test
  void comparesReinforcementLearningAtEqualSteps() {
    assertThat(Texts.experiment(MINIMAL, "task.kind=rl").methods())
        .extracting(ExperimentConfig.Variant::label)
        .containsExactly("teacher-only", "lot-paper");
  }

  @Test
  void selectsTheBestAndNeverStopsEarly() {
    assertThat(run.evaluation().select()).isEqualTo(Selection.BEST);
    assertThat(run.evaluation().earlyStopping()).isEmpty();
  }

  @Test
  void selectsTheLastWithoutValidation() {
    assertThat(run(MINIMAL, "task.validation=none").evaluation().select())
        .isEqualTo(Selection.LAST);
  }

  @ParameterizedTest
  @CsvSource({
    "budget.epochs=30, 1",
    "budget.minutes=90, 1",
    "budget.updates=1000, 100",
    "budget.updates=25, 3",
    "budget.updates=3, 1",
    "budget.env-steps=50000, 5000",
  })
  void evaluatesAndSavesTenTimesOrOnceAnEpoch(String budget, double every) {
    RunConfig config = run(MINIMAL, "task.kind=rl", budget);

    assertThat(config.evaluation().evalEvery()).isEqualTo(every);
    assertThat(config.checkpoint()).isEqualTo(new CheckpointConfig(every, 2));
  }

  @Test
  void namesAnExperimentAfterItsFile() {
    ConfigReader reader = new ConfigReader(Dummies.catalog());
    String nameless = MINIMAL.replace("name: first\n", "");

    RunConfig config = reader.readRun(ConfigSource.of("dir/my own.yaml", nameless), List.of());

    assertThat(config.name()).isEqualTo("my-own");
  }
}
