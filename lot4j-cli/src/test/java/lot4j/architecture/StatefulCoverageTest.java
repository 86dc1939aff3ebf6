package lot4j.architecture;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import lot4j.checkpoint.Stateful;

/**
 * Whatever has state has a test that saves it, restores it and goes on to the same bits. A new
 * stateful class fails here until it stands in the list with its test.
 */
@AnalyzeClasses(packages = "lot4j", importOptions = ProductClasses.class)
class StatefulCoverageTest {
  private static final Map<String, String> RESTORED_BY =
      Map.ofEntries(
          entry("lot4j.log.JsonLinesSink", "lot4j.log.JsonLinesSinkTest#goesOnWhereACheckpointWas"),
          entry(
              "lot4j.log.TensorBoardSink",
              "lot4j.log.TensorBoardSinkTest#goesOnWhereACheckpointWas"),
          entry(
              "lot4j.optim.AdamSteps",
              "lot4j.optim.OptimizerGoldenTest#aRestoredOneContinuesToTheBit"),
          entry(
              "lot4j.optim.Asgd$Running",
              "lot4j.optim.OptimizerGoldenTest#aRestoredOneContinuesToTheBit"),
          entry("lot4j.optim.Trigger$Watch", "lot4j.optim.TriggerTest#goesOnToTheBitAfterARestore"),
          entry(
              "lot4j.optim.Sgd$Running",
              "lot4j.optim.OptimizerGoldenTest#aRestoredOneContinuesToTheBit"),
          entry("lot4j.optim.Plateau$Watching", "lot4j.optim.ScheduleTest#plateauIsRestored"),
          entry("lot4j.optim.Descender", "lot4j.train.ResumeTest#interruptedAnywhere"),
          entry(
              "lot4j.optim.HeldRate",
              "lot4j.optim.SnapshotTest#aHeldRateStaysWhatItWasWhateverScoresSay"),
          entry(
              "lot4j.optim.RunningMean",
              "lot4j.optim.SnapshotTest#aRunningMeanGoesOnAfterARestore"),
          entry("lot4j.optim.Snapshot", "lot4j.optim.SnapshotTest#isRestored"),
          entry("lot4j.optim.Ema", "lot4j.train.ResumeTest#interruptedAnywhere"),
          entry(
              "lot4j.random.RandomStream",
              "lot4j.random.RandomStreamTest#goesOnToTheBitAfterARestore"),
          entry(
              "lot4j.train.EngineRandomness",
              "lot4j.train.EngineRandomnessTest#goesOnToTheBitAfterARestore"),
          entry(
              "lot4j.train.Ledger",
              "lot4j.train.LedgerTest#savedHalfwayAndRestoredItGoesOnToTheSameBits"),
          entry(
              "lot4j.train.ImitationStream",
              "lot4j.train.ImitationTest#interruptedAnywhereItEndsInTheSameBits"),
          entry("lot4j.train.Seat", "lot4j.train.SeatTest#everythingOfALearnerIsRestored"),
          entry(
              "lot4j.task.ImageStream",
              "lot4j.task.ImageStreamTest#resumedMidEpochEqualsUninterrupted"),
          entry(
              "lot4j.task.EpochStream",
              "lot4j.task.EpochStreamTest#resumedMidEpochEqualsUninterrupted"),
          entry(
              "lot4j.task.TextStream", "lot4j.task.TextStreamTest#aRestoredStreamGoesOnWhereItWas"),
          entry(
              "lot4j.rl.env.CartPole$Running", "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry(
              "lot4j.rl.env.Acrobot$Running", "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry(
              "lot4j.rl.env.MountainCar$Running",
              "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry(
              "lot4j.rl.env.MountainCarContinuous$Running",
              "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry(
              "lot4j.rl.env.Pendulum$Running", "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry("lot4j.rl.env.Episode", "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry("lot4j.rl.env.Hill", "lot4j.rl.env.ClassicContractTest#keepsTheContract"),
          entry("lot4j.rl.env.MiniGrid", "lot4j.rl.env.MiniGridTest#goesOnToTheBitAfterARestore"),
          entry("lot4j.rl.env.Shoal", "lot4j.rl.env.MiniGridTest#goesOnToTheBitAfterARestore"),
          entry(
              "lot4j.rl.env.MinAtarAsterix$Game",
              "lot4j.rl.env.MiniGridTest#everyFieldOfAGameIsSavedAndRestored"),
          entry(
              "lot4j.rl.env.MinAtarBreakout$Game",
              "lot4j.rl.env.MiniGridTest#everyFieldOfAGameIsSavedAndRestored"),
          entry(
              "lot4j.rl.env.MinAtarFreeway$Game",
              "lot4j.rl.env.MiniGridTest#everyFieldOfAGameIsSavedAndRestored"),
          entry(
              "lot4j.rl.env.MinAtarSeaquest$Game",
              "lot4j.rl.env.MiniGridTest#everyFieldOfAGameIsSavedAndRestored"),
          entry(
              "lot4j.rl.env.MinAtarSpaceInvaders$Game",
              "lot4j.rl.env.MiniGridTest#everyFieldOfAGameIsSavedAndRestored"),
          entry("lot4j.rl.env.GridWalk", "lot4j.rl.env.GridLevelsTest#keepsTheContract"),
          entry("lot4j.rl.Copies", "lot4j.rl.EnvironmentContractTest#copiesThatAreNotRestored"),
          entry("lot4j.rl.Episodes", "lot4j.rl.RolloutStreamTest#goesOnWhereItWasSaved"),
          entry("lot4j.rl.RewardScale", "lot4j.rl.RolloutStreamTest#goesOnWhereItWasSaved"),
          entry("lot4j.rl.Rollout", "lot4j.rl.RolloutStreamTest#goesOnWhereItWasSaved"),
          entry("lot4j.rl.RolloutStream", "lot4j.rl.RolloutStreamTest#goesOnWhereItWasSaved"),
          entry("lot4j.rl.StateMemory", "lot4j.rl.StateMemoryTest#goesOnWhereItWasSaved"),
          entry("lot4j.rl.ReplayStream", "lot4j.rl.StateMemoryTest#goesOnWhereItWasSaved"),
          entry(
              "lot4j.rl.gymnasium.GymnasiumEnvironments",
              "lot4j.rl.gymnasium.RestoreTest#goesOnToTheBitInOtherProcesses"),
          entry(
              "lot4j.rl.gymnasium.GymnasiumEnvironment",
              "lot4j.rl.gymnasium.RestoreTest#aSingleOneGoesOnToTheBit"),
          entry("lot4j.atari.Game", "lot4j.atari.AleTest#goesOnToTheBitAfterARestore"));

  /** Stateful by their type, without a state of their own. */
  private static final Set<String> WITHOUT_STATE =
      Set.of(
          "lot4j.optim.PlannedRate", // a function of the step
          "lot4j.train.DealtStream", // that of the stream which it deals out
          "lot4j.train.Assembly$Nothing", // the students' stream of a method without students
          "lot4j.conformance.LotStepFile$InOrder"); // a fixture's batches, never saved

  @ArchTest
  static void everyStatefulClassHasARestoreTest(JavaClasses all) {
    Set<String> stateful =
        all.stream()
            .filter(c -> c.isAssignableTo(Stateful.class) && !c.isInterface())
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>(RESTORED_BY.keySet());
    known.addAll(WITHOUT_STATE);
    assertThat(stateful).isEqualTo(known);
  }

  @ArchTest
  static void theTestsExist(JavaClasses all) {
    RESTORED_BY.forEach(
        (type, test) -> {
          String[] names = test.split("#");
          String file = names[0].replace('.', '/') + ".java";
          assertThat(Sources.testFile(file)).as(test).isPresent();
          assertThat(Sources.text(Sources.testFile(file).orElseThrow()))
              .as(test)
              .contains("void " + names[1]);
        });
  }
}
