package lot4j;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.bytedeco.pytorch.TensorBase;

@AnalyzeClasses(
    packages = "lot4j",
    importOptions = {ImportOption.DoNotIncludeTests.class, CoreArchitectureTest.NoTestkit.class})
class CoreArchitectureTest {
  /** The testkit shares the package prefix and stands on the test classpath. */
  static final class NoTestkit implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("lot4j-testkit");
    }
  }

  @ArchTest
  static final ArchRule DEPENDS_ON_THE_ENGINE_ALONE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("lot4j", "lot4j.imitability", "java..", "org.bytedeco..");

  @ArchTest
  static final ArchRule THE_ALGORITHM_READS_NO_NUMBER_FROM_THE_DEVICE =
      noClasses()
          .that() // These leave CUDA devices alone; on the processor there is no one to wait for.
          .haveNameNotMatching("lot4j\\.(OnePass|imitability\\.KlByHand)")
          .should()
          .callMethodWhere(tensorCall("item"));

  @ArchTest
  static final ArchRule THE_STOP_GRADIENT_HAS_FEW_PLACES =
      noClasses()
          .that()
          .haveNameNotMatching(
              "lot4j\\.(Lot|Output|PieceGradient|PassParty(\\$.*)?|imitability.KlByHand|Distribution(\\$.*)?|Memory|KeyValues|Penalty)")
          .should()
          .callMethodWhere(tensorCall("detach"));

  private static DescribedPredicate<JavaMethodCall> tensorCall(String prefix) {
    return describe(
            "a tensor's " + prefix + "*",
            (JavaCall<?> call) ->
                call.getTargetOwner().isAssignableTo(TensorBase.class)
                    && call.getTarget().getName().startsWith(prefix))
        .forSubtype();
  }
}
