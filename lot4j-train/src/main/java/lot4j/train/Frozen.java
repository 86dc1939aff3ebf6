package lot4j.train;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import lot4j.Freeze;
import lot4j.Model;
import lot4j.config.RunConfig;
import lot4j.method.MethodSpec;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What of a run's networks stays as it is: {@code freeze}. */
final class Frozen {
  private Frozen() {}

  /**
   * A learner's network that was just built, frozen as configured; before its weights are laid out,
   * which are those that learn.
   *
   * @throws DataException if the patterns do not fit the network
   */
  static Model as(String learner, RunConfig config, Model model) {
    String section =
        learner.equals(MethodSpec.TEACHER)
            ? learner
            : "students[" + learner.substring("student".length()) + "]";
    try {
      return config.freeze(learner).over(model, section + ".freeze");
    } catch (IllegalArgumentException e) {
      throw new DataException(e.getMessage(), e);
    }
  }

  /** Checks the patterns of everyone who has some, on networks that are built for nothing else. */
  static void require(RunConfig config, MethodSpec method, Prepared<?> prepared) {
    require(MethodSpec.TEACHER, config, prepared);
    int students = method.usesStudents() ? config.students().size() : 0;
    for (int i = 0; i < students; i++) {
      require("student" + i, config, prepared);
    }
  }

  private static void require(String learner, RunConfig config, Prepared<?> prepared) {
    if (!config.freeze(learner).isNone()) {
      try (PointerScope scope = new PointerScope()) {
        as(learner, config, prepared.build(config.learner(learner)));
      }
    }
  }

  /** How many numbers of a learner are trained, if something is frozen. */
  static OptionalLong trained(String learner, RunConfig config, Prepared<?> prepared) {
    if (config.freeze(learner).isNone()) {
      return OptionalLong.empty();
    }
    try (PointerScope scope = new PointerScope();
        Weights weights =
            Weights.of(as(learner, config, prepared.build(config.learner(learner))).module())) {
      return OptionalLong.of(weights.count());
    }
  }

  /** A sentence on how much of a network learns, if something is frozen. */
  static Optional<String> words(String learner, RunConfig config, Weights weights) {
    Freeze freeze = config.freeze(learner);
    if (freeze.isNone()) {
      return Optional.empty();
    }
    long all = 0;
    for (Map.Entry<String, Tensor> parameter : weights.parameters().entrySet()) {
      all += parameter.getValue().numel();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s: %,d of %,d parameters are trained; freeze %s",
            learner,
            weights.count(),
            all,
            freeze.patterns()));
  }
}
