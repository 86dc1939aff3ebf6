package lot4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** The one chain of modules: cli → rl → zoo → train → core, cli → watch → report → stats. */
@AnalyzeClasses(packages = "lot4j", importOptions = ProductClasses.class)
class LayersTest {
  private static final String[] CORE = {"lot4j", "lot4j.imitability"};
  private static final String[] TRAIN = {
    "lot4j.checkpoint..",
    "lot4j.config..",
    "lot4j.distributed..",
    "lot4j.log..",
    "lot4j.method..",
    "lot4j.optim..",
    "lot4j.random..",
    "lot4j.train.."
  };
  private static final String[] ZOO = {
    "lot4j.data..",
    "lot4j.export..",
    "lot4j.model..",
    "lot4j.onnx..",
    "lot4j.preset..",
    "lot4j.task..",
    "lot4j.zoo.."
  };
  private static final String[] RL = {"lot4j.rl.."};
  private static final String[] ATARI = {"lot4j.atari.."};
  private static final String[] STATS = {"lot4j.stats.."};
  private static final String[] REPORT = {"lot4j.report.."};
  private static final String[] WATCH = {"lot4j.watch.."};
  private static final String[] CLI = {
    "lot4j.cli..", "lot4j.conformance..", "lot4j.bench..", "lot4j.sweep.."
  };

  private static final DescribedPredicate<JavaClass> LIBRARIES =
      describe(
          "libraries",
          type -> !(type.getBaseComponentType().getPackageName() + ".").startsWith("lot4j."));

  private static ArchRule only(String[] layer, String[]... allowed) {
    String[] ours = layer;
    for (String[] more : allowed) {
      ours = concat(ours, more);
    }
    return classes()
        .that()
        .resideInAnyPackage(layer)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(ours).or(LIBRARIES));
  }

  private static String[] concat(String[] a, String[] b) {
    String[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @ArchTest
  static final ArchRule everyClassBelongsToALayer =
      classes()
          .should()
          .resideInAnyPackage(
              concat(
                  concat(concat(CORE, TRAIN), concat(ZOO, STATS)),
                  concat(concat(RL, ATARI), concat(concat(REPORT, WATCH), CLI))));

  @ArchTest static final ArchRule coreStandsAlone = only(CORE);

  @ArchTest static final ArchRule trainSeesCore = only(TRAIN, CORE);

  @ArchTest static final ArchRule zooSeesTrainAndCore = only(ZOO, TRAIN, CORE);

  @ArchTest static final ArchRule rlSeesTheZooAndBelow = only(RL, ZOO, TRAIN, CORE);

  @ArchTest static final ArchRule atariSeesRlAndBelow = only(ATARI, RL, ZOO, TRAIN, CORE);

  @ArchTest
  static final ArchRule noneButAtariKnowsTheEmulator =
      noClasses()
          .that()
          .resideOutsideOfPackage("lot4j.atari..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("lot4j.atari..", "org.bytedeco.ale..");

  @ArchTest static final ArchRule statsStandAlone = only(STATS);

  @ArchTest static final ArchRule reportSeesStats = only(REPORT, STATS);

  @ArchTest static final ArchRule watchSeesReportsAndStats = only(WATCH, REPORT, STATS);

  @ArchTest
  static final ArchRule noneButTheLivePageKnowsAWebServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("lot4j.watch..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

  @ArchTest
  static final ArchRule watchReportAndStatsKnowNoTensors =
      noClasses()
          .that()
          .resideInAnyPackage(concat(concat(WATCH, REPORT), STATS))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule noneButTheCommandsKnowTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("lot4j.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("lot4j.cli..", "picocli..", "me.tongfei..");
}
