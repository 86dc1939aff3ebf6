package lot4j.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which method a LoT variant has to beat. */
final class Baselines {
  private static final String EQUAL_COMPUTE = "teacher-only-equal-compute";

  private Baselines() {}

  /**
   * The baseline of {@code method} among {@code methods}: the teacher alone with the same compute;
   * the plain teacher if there is none, and always in reinforcement learning, which compares at
   * equal environment steps.
   *
   * <p>Of several equal-compute baselines it is the one labelled {@code …@<label>}, else the one
   * whose FLOPs are nearest: variants of one cost share a baseline that carries only one name.
   */
  static Optional<MethodResult> of(
      MethodResult method, List<MethodResult> methods, boolean reinforcement) {
    Optional<MethodResult> plain =
        methods.stream().filter(other -> other.method().equals("teacher-only")).findFirst();
    List<MethodResult> equal =
        methods.stream()
            .filter(MethodResult::isEqualCompute)
            .filter(other -> !other.label().equals(method.label()))
            .toList();
    if (equal.isEmpty() || reinforcement && plain.isPresent()) {
      return plain.filter(other -> !other.label().equals(method.label()));
    }
    return equal.stream()
        .filter(other -> other.label().equals(EQUAL_COMPUTE + "@" + method.label()))
        .findFirst()
        .or(() -> equal.stream().min(Comparator.comparingDouble(other -> distance(method, other))));
  }

  /** Place of a method where nothing else orders them: baselines, other methods, LoT. */
  static int rank(String method) {
    return switch (method) {
      case "teacher-only" -> 0;
      case EQUAL_COMPUTE -> 1;
      case "teacher-only-equal-steps" -> 2;
      case "lot" -> 4;
      default -> 3;
    };
  }

  /**
   * Whether the method is the teacher alone in one of its budgets, what others are held against.
   */
  static boolean isBaseline(MethodResult method) {
    return rank(method.method()) < rank("");
  }

  /** How many times the FLOPs of {@code method} the baseline used; 1 if either is unknown. */
  static double computeRatio(MethodResult method, MethodResult baseline) {
    double own = method.flops().orElse(0);
    double other = baseline.flops().orElse(0);
    return own > 0 && other > 0 ? other / own : 1;
  }

  private static double distance(MethodResult method, MethodResult baseline) {
    return Math.abs(Math.log(computeRatio(method, baseline)));
  }
}
