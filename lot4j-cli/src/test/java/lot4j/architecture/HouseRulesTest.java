package lot4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lot4j.Adapted;
import lot4j.Imitability;
import lot4j.ModelSpec;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.MetricSpec;
import lot4j.imitability.Shuffled;
import lot4j.method.MethodSpec;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;
import lot4j.train.TaskSpec;
import org.bytedeco.pytorch.TensorBase;

/** Rules of style.md that a machine can hold. */
@AnalyzeClasses(packages = "lot4j", importOptions = ProductClasses.class)
class HouseRulesTest {
  private static final Set<String> CONFORMANCE_MAY_CALL =
      Set.of(
          // the tested classes' results and their gradients
          "backward",
          "grad",
          "set_requires_grad",
          "detach",
          // numbers in and out
          "to",
          "reshape",
          "contiguous",
          "copy_",
          "numel",
          "data_ptr_double");
  private static final Set<String> CONFORMANCE_MAY_MAKE = Set.of("tensor");
  private static final String TORCH = "org.bytedeco.pytorch.global.torch";

  @ArchTest
  static final ArchRule conformanceDoesNoArithmeticWithTensors =
      noClasses()
          .that()
          .resideInAPackage("lot4j.conformance..")
          .should()
          .callMethodWhere(
              call(
                      "any but an allowed method of a tensor",
                      c ->
                          c.getTargetOwner().isAssignableTo(TensorBase.class)
                                  && !CONFORMANCE_MAY_CALL.contains(c.getTarget().getName())
                              || c.getTargetOwner().getName().equals(TORCH)
                                  && !CONFORMANCE_MAY_MAKE.contains(c.getTarget().getName()))
                  .forSubtype());

  @ArchTest
  static final ArchRule conformanceUsesTheClassesThatTrainingUses =
      noClasses()
          .that()
          .resideInAPackage("lot4j.conformance..")
          .should()
          .beAssignableTo(Imitability.class)
          .orShould()
          .beAssignableTo(OptimizerSpec.class)
          .orShould()
          .beAssignableTo(MethodSpec.class)
          .orShould()
          .beAssignableTo(ModelSpec.class);

  /** Everything durable goes through AtomicFile or the sinks' append-only file. */
  @ArchTest
  static final ArchRule fewClassesWriteFiles =
      noClasses()
          .that()
          .resideInAnyPackage("lot4j.checkpoint..", "lot4j.config..", "lot4j.train..")
          .and()
          .doNotHaveFullyQualifiedName("lot4j.checkpoint.AtomicFile")
          // The lock file's content is a courtesy to people; the lock is the system's.
          .and()
          .doNotHaveFullyQualifiedName("lot4j.checkpoint.DirectoryLock")
          // Writes to /proc, which is no file on a disk.
          .and()
          .doNotHaveFullyQualifiedName("lot4j.train.PeakMemory")
          .should()
          .callCodeUnitWhere(
              DescribedPredicate.<JavaCall<?>>describe("a file is written", HouseRulesTest::writes)
                  .forSubtype());

  private static boolean writes(JavaCall<?> call) {
    String owner = call.getTargetOwner().getName();
    String method = call.getTarget().getName();
    boolean files =
        owner.equals("java.nio.file.Files")
            && (method.startsWith("write")
                || method.equals("newOutputStream")
                || method.equals("newBufferedWriter")
                || method.equals("newByteChannel")
                || method.equals("createFile")
                || method.equals("copy"));
    boolean streams =
        method.equals("<init>")
            && Set.of(
                    FileOutputStream.class.getName(),
                    FileWriter.class.getName(),
                    RandomAccessFile.class.getName())
                .contains(owner);
    return files || streams;
  }

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(
              ".*(Manager|Helper|Utils?|Impl|Base|Abstract|Data|Info|Processor|Wrapper|Factory)");

  @ArchTest
  static final ArchRule onlyCommandsPrint =
      noClasses()
          .that()
          .resideOutsideOfPackage("lot4j.cli..")
          .should()
          .accessFieldWhere(
              DescribedPredicate.<JavaAccess<?>>describe(
                      "System.out or System.err",
                      access ->
                          access.getTargetOwner().isEquivalentTo(System.class)
                              && access.getTarget().getName().matches("out|err"))
                  .forSubtype())
          .orShould()
          .callMethod(Throwable.class, "printStackTrace");

  @ArchTest
  static final ArchRule randomNumbersComeFromNamedStreams =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Random.class, ThreadLocalRandom.class)
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule nothingIsSerializedByJava =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectOutputStream");

  @ArchTest
  static final ArchRule listenersAndReportsHoldNoTensors =
      noClasses()
          .that(
              are(
                  describe(
                      "what leaves a step",
                      (JavaClass c) ->
                          Set.of(
                                  "lot4j.train.Listener",
                                  "lot4j.train.Progress",
                                  "lot4j.train.Outcome",
                                  "lot4j.log.MetricLine")
                              .contains(c.getName()))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static void everyPackageSaysWhatItIsFor(JavaClasses all) {
    Set<String> packages =
        all.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    Set<String> without = new TreeSet<>();
    for (String name : packages) {
      if (Sources.mainFile(name.replace('.', '/') + "/package-info.java").isEmpty()) {
        without.add(name);
      }
    }
    assertThat(packages).hasSizeGreaterThan(15);
    assertThat(without).isEmpty();
  }

  /** A model, optimizer, schedule or task that nobody can name is of no use. */
  @ArchTest
  static void everySpecificationHasAName(JavaClasses all) {
    Catalog catalog = Catalog.load();
    List<String> named = new ArrayList<>();
    for (Category category : Category.values()) {
      catalog.entries(category).forEach(e -> named.add(e.defaults().getClass().getName()));
    }
    named.add(Adapted.class.getName()); // chosen by the key lora, beside a model's name
    List<String> specifications = records(all, ModelSpec.class, OptimizerSpec.class);
    specifications.addAll(records(all, ScheduleSpec.class, TaskSpec.class));
    specifications.addAll(records(all, MetricSpec.class, MetricSpec.class));
    assertThat(specifications).hasSizeGreaterThan(15);
    assertThat(named).containsAll(specifications);
  }

  /** Measures and methods are made by what stands in the catalog. */
  @ArchTest
  static void everyMeasureAndMethodIsMadeByAName(JavaClasses all) {
    Catalog catalog = Catalog.load();
    Set<String> made = new TreeSet<>();
    for (String name : catalog.names(Category.METRIC)) {
      made.add(catalog.metric(name, 1.5, false).getClass().getName());
    }
    made.add(Shuffled.class.getName()); // of any measure, by method shuffled-student
    assertThat(made).containsAll(records(all, Imitability.class, Imitability.class));
    Set<String> used =
        Stream.of("lot4j.config.BuiltIns", "lot4j.config.BuiltInMethods")
            .flatMap(names -> all.get(names).getDirectDependenciesFromSelf().stream())
            .map(dependency -> dependency.getTargetClass().getName())
            .collect(Collectors.toSet());
    assertThat(used).containsAll(records(all, MethodSpec.class, MethodSpec.class));
  }

  private static List<String> records(JavaClasses all, Class<?> either, Class<?> or) {
    return all.stream()
        .filter(JavaClass::isRecord)
        .filter(c -> c.isAssignableTo(either) || c.isAssignableTo(or))
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @ArchTest
  static final ArchRule recordsAndFinalClassesOnly =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnonymousClasses()
          .and()
          .areTopLevelClasses()
          .should()
          .haveModifier(JavaModifier.FINAL);

  private static DescribedPredicate<JavaCall<?>> call(
      String description, Predicate<JavaCall<?>> test) {
    return describe(description, test);
  }
}
