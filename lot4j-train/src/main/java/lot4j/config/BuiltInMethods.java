package lot4j.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import lot4j.config.MethodTraits.Match;
import lot4j.method.BornAgain;
import lot4j.method.CoDistillation;
import lot4j.method.ConfidencePenalty;
import lot4j.method.DecoupledDistillation;
import lot4j.method.DecoupledLabels;
import lot4j.method.DeepMutualLearning;
import lot4j.method.EnsembleDistillation;
import lot4j.method.Epochs;
import lot4j.method.Following;
import lot4j.method.FreshStudent;
import lot4j.method.FrozenStudent;
import lot4j.method.KnowledgeDistillation;
import lot4j.method.LabelSmoothing;
import lot4j.method.LearnedLambda;
import lot4j.method.LotMethod;
import lot4j.method.MeanTeacher;
import lot4j.method.MethodSpec;
import lot4j.method.OwnCopy;
import lot4j.method.PeerWithoutImitation;
import lot4j.method.RDrop;
import lot4j.method.Review;
import lot4j.method.ReviewPlan;
import lot4j.method.Sam;
import lot4j.method.SelfLagged;
import lot4j.method.ShuffledStudent;
import lot4j.method.SoftLabels;
import lot4j.method.Swa;
import lot4j.method.TeacherOnly;
import lot4j.method.TwoNetworkEnsemble;

/** The methods of this module. One with keys of its own has a section that bears its name. */
final class BuiltInMethods {
  private BuiltInMethods() {}

  static void register(Catalog catalog) {
    catalog.method(
        "teacher-only",
        new MethodTraits(false, false, Match.NONE, (config, names) -> new TeacherOnly()),
        "the teacher alone, on the same budget");
    catalog.method(
        "teacher-only-equal-compute",
        new MethodTraits(true, true, Match.COMPUTE, (config, names) -> new TeacherOnly()),
        "the teacher alone, with as many FLOPs as the method it is matched to");
    catalog.method(
        "teacher-only-equal-steps",
        new MethodTraits(true, true, Match.STEPS, (config, names) -> new TeacherOnly()),
        "the teacher alone, with as many updates as the matched teacher and its students");
    catalog.method(
        "lot",
        new MethodTraits(true, true, Match.NONE, BuiltInMethods::lot),
        "Learning from Teaching");
    alone(catalog);
    withPeers(catalog);
    distilled(catalog);
  }

  /** Neighbours that train the teacher without students. */
  private static void alone(Catalog catalog) {
    alone(
        catalog,
        "label-smoothing",
        new LabelSmoothing(0.1),
        false,
        "the teacher alone, part of each label spread over all classes");
    alone(
        catalog,
        "confidence-penalty",
        new ConfidencePenalty(0.1),
        true,
        "the teacher alone, rewarded for the entropy of its answers");
    alone(
        catalog,
        "sam",
        new Sam(0.05),
        false,
        "the teacher alone, sharpness-aware: two gradients a step");
    alone(
        catalog,
        "r-drop",
        new RDrop(1),
        false,
        "the teacher alone, drawn toward itself under another dropout mask");
    alone(
        catalog,
        "swa",
        new Swa(0.75, Optional.empty(), true),
        new MethodTraits(false, false, Match.NONE, BuiltInMethods::swa),
        "the teacher alone, its weights averaged toward the end of the run");
    copying(
        catalog,
        "mean-teacher",
        new MeanTeacher(0.99),
        "the teacher alone, drawn toward the moving average of its weights");
    copying(
        catalog,
        "self-lagged",
        new SelfLagged(Optional.empty()),
        "the teacher alone, drawn toward what it was a while ago");
  }

  /** A method that is described by its section. */
  private static <S extends Record & MethodSpec> void alone(
      Catalog catalog, String name, S defaults, boolean rollouts, String about) {
    alone(
        catalog,
        name,
        defaults,
        new MethodTraits(
            false,
            false,
            Match.NONE,
            rollouts,
            (config, names) -> (MethodSpec) config.sections().getOrDefault(name, defaults)),
        about);
  }

  /** A method that goes by lot's α and measure, and has a copy of the teacher for a student. */
  private static <S extends Record & Following> void copying(
      Catalog catalog, String name, S defaults, String about) {
    alone(
        catalog,
        name,
        defaults,
        new MethodTraits(
            false,
            true,
            Match.NONE,
            (config, names) ->
                new OwnCopy(
                    config.lot().alpha(),
                    config.lot().teacherMeasure(names),
                    config.lot().start().step(),
                    config.lot().every(),
                    new Epochs(config.lot().start().afterFirstRollout(), Optional.empty()),
                    (Following) config.sections().getOrDefault(name, defaults))),
        about);
  }

  private static void alone(
      Catalog catalog, String name, Record section, MethodTraits traits, String about) {
    catalog.add(Category.SECTION, name, section, Set.of(), "keys of the method");
    catalog.method(name, traits, about);
  }

  /**
   * SWA, where the run's length is known and nothing else averages.
   *
   * @throws ConfigError if not
   */
  private static MethodSpec swa(RunConfig config, Catalog catalog) {
    if (config.optimization().ema().isPresent()) {
      throw new ConfigError(
          "method", "swa is not allowed with ema; none, for swa keeps an average of its own");
    }
    if (config.budget().unit() == Budget.Unit.MINUTES) {
      throw new ConfigError(
          "method",
          "swa is not allowed with budget.minutes; epochs or updates, for it begins after a part of"
              + " them");
    }
    return (MethodSpec)
        config.sections().getOrDefault("swa", new Swa(0.75, Optional.empty(), true));
  }

  /** Neighbours and controls whose students learn beside the teacher. */
  private static void withPeers(Catalog catalog) {
    own(
        catalog,
        "deep-mutual-learning",
        DeepMutualLearning.defaults(),
        true,
        "teacher and students learn the labels and each other's answers");
    own(
        catalog,
        "co-distillation",
        CoDistillation.defaults(),
        true,
        "teacher and students learn the labels and stale copies' mean answer");
    catalog.method(
        "two-network-ensemble",
        new MethodTraits(false, false, Match.NONE, false, (config, c) -> new TwoNetworkEnsemble()),
        "two teachers that know nothing of each other, judged by their mean probabilities");
    control(catalog, "frozen-student", FrozenStudent::new, "lot with students that never learn");
    control(
        catalog,
        "peer-without-imitation",
        PeerWithoutImitation::new,
        "lot with students that learn labels and do not imitate");
    control(
        catalog,
        "shuffled-student",
        ShuffledStudent::new,
        "lot whose regularizer sees the students' answers on other samples");
    control(
        catalog,
        "fresh-student",
        FreshStudent.Keys.defaults(),
        (lot, keys) -> new FreshStudent(lot, keys.period()),
        "lot whose students begin anew every so many steps");
    control(
        catalog,
        "learned-lambda",
        LearnedLambda.Keys.defaults(),
        (lot, keys) -> new LearnedLambda(lot, keys.rate(), keys.entropy()),
        "lot that learns the weights of its students");
  }

  /** A variant of LoT that goes by all of its keys and by a section of its own. */
  private static <K extends Record> void control(
      Catalog catalog,
      String name,
      K defaults,
      BiFunction<LotMethod, K, MethodSpec> of,
      String about) {
    keys(catalog, name, defaults);
    catalog.method(
        name,
        new MethodTraits(
            true,
            true,
            Match.NONE,
            (config, c) -> of.apply(lot(config, c), section(config, name, defaults))),
        about);
  }

  /** The section that bears a method's name. */
  private static void keys(Catalog catalog, String name, Record defaults) {
    catalog.add(Category.SECTION, name, defaults, Set.of(), "keys of the method");
  }

  @SuppressWarnings("unchecked") // a section's record is of its defaults' class
  private static <K extends Record> K section(RunConfig config, String name, K defaults) {
    return (K) config.sections().getOrDefault(name, defaults);
  }

  /** A method whose record is its own section. */
  private static <S extends Record & MethodSpec> void own(
      Catalog catalog, String name, S defaults, boolean students, String about) {
    keys(catalog, name, defaults);
    catalog.method(
        name,
        new MethodTraits(
            students, false, Match.NONE, false, (config, c) -> section(config, name, defaults)),
        about);
  }

  /** A distillation from the configured students, whose loss is its section. */
  private static <K extends Record> void distillation(
      Catalog catalog,
      String name,
      K defaults,
      BiFunction<K, RunConfig, MethodSpec> of,
      String about) {
    keys(catalog, name, defaults);
    catalog.method(
        name,
        new MethodTraits(
            true,
            false,
            Match.NONE,
            false,
            (config, c) -> of.apply(section(config, name, defaults), config)),
        about);
  }

  /** For each student, whether it comes with trained weights. */
  private static List<Boolean> ready(RunConfig config) {
    return config.students().stream().map(student -> student.initFrom().isPresent()).toList();
  }

  /**
   * Decoupled distillation, where the run's length is known as far as its warm-up goes by it.
   *
   * @throws ConfigError if it is not
   */
  private static MethodSpec decoupled(DecoupledLabels loss, RunConfig config) {
    if (loss.warmup() > 0 && config.budget().unit() == Budget.Unit.MINUTES) {
      throw new ConfigError(
          "decoupled-distillation.warmup",
          "decoupled-distillation.warmup is not allowed with budget.minutes, whose steps nobody"
              + " knows beforehand; 0, or epochs or updates");
    }
    return new DecoupledDistillation(loss, ready(config));
  }

  /** A variant of LoT that goes by all of its keys. */
  private static void control(
      Catalog catalog, String name, Function<LotMethod, MethodSpec> of, String about) {
    catalog.method(
        name,
        new MethodTraits(true, true, Match.NONE, (config, c) -> of.apply(lot(config, c))),
        about);
  }

  /** Neighbours that learn from networks trained before. */
  private static void distilled(Catalog catalog) {
    own(
        catalog,
        "born-again",
        BornAgain.defaults(),
        false,
        "generations of teachers, each learning from labels and from the one before it");
    distillation(
        catalog,
        "knowledge-distillation",
        SoftLabels.defaults(),
        (loss, config) -> new KnowledgeDistillation(loss, ready(config)),
        "the teacher learns from labels and from students trained before it");
    own(
        catalog,
        "ensemble-distillation",
        EnsembleDistillation.defaults(),
        false,
        "the teacher learns from labels and from several of its kind trained before it");
    distillation(
        catalog,
        "decoupled-distillation",
        DecoupledLabels.defaults(),
        BuiltInMethods::decoupled,
        "knowledge-distillation that weighs the right class and the others apart");
  }

  private static LotMethod lot(RunConfig config, Catalog catalog) {
    LotConfig lot = config.lot();
    OptionalDouble weight = lot.studentMetricWeight().number();
    return new LotMethod(
        lot.alpha(),
        lot.steps(),
        lot.teacherMeasure(catalog),
        lot.studentMeasure(catalog),
        lot.studentTaskWeight(),
        weight.isPresent() ? Optional.of(weight.getAsDouble()) : Optional.empty(),
        lot.order(),
        lot.regularizeOn(),
        lot.start().step(),
        lot.every(),
        lot.batchFraction(),
        lot.studentTargets(),
        false,
        new Epochs(lot.start().afterFirstRollout(), review(config)));
  }

  private static Optional<Review> review(RunConfig config) {
    return Optional.ofNullable(config.sections().get(Objectives.REPLAY))
        .filter(ReviewPlan.class::isInstance)
        .map(ReviewPlan.class::cast)
        .filter(plan -> plan.passes() > 0)
        .map(plan -> new Review(plan.passes(), plan.states()));
  }
}
