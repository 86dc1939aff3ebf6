package lot4j.config;

import java.util.Set;
import java.util.function.BiFunction;
import lot4j.Imitability;
import lot4j.imitability.FeatureError;
import lot4j.imitability.GaussianJeffreys;
import lot4j.imitability.GaussianKl;
import lot4j.imitability.Jeffreys;
import lot4j.imitability.JensenShannon;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.imitability.LogitError;
import lot4j.imitability.SquaredError;
import lot4j.imitability.TotalVariation;
import lot4j.optim.Adam;
import lot4j.optim.AdamW;
import lot4j.optim.Asgd;
import lot4j.optim.Constant;
import lot4j.optim.Cosine;
import lot4j.optim.Linear;
import lot4j.optim.MultiStep;
import lot4j.optim.Plateau;
import lot4j.optim.Sgd;
import lot4j.optim.Step;
import lot4j.train.Imitate;

/** The names of this module: measures, schedules of α, optimizers, schedules; methods beside. */
public final class BuiltIns implements Extension {
  @Override
  public void register(Catalog catalog) {
    metrics(catalog);
    gaussians(catalog);
    alphas(catalog);
    BuiltInMethods.register(catalog);
    optimizers(catalog);
    schedules(catalog);
    catalog.add(
        Category.SECTION,
        Imitate.SECTION,
        Imitate.teacherOf("(a run)"),
        Set.of("run"),
        "imitates a finished run's network, without labels");
    catalog.add(
        Category.SECTION,
        ProbeConfig.SECTION,
        ProbeConfig.standard(),
        Set.of("teachers"),
        "teachers that lot probe trains and has imitated");
  }

  private static void metrics(Catalog catalog) {
    logits(
        catalog,
        "kl-free-reference",
        "kl_free_ref",
        (t, s) -> new KlDivergence(Direction.FREE_REFERENCE, t, s),
        "KL(free ‖ reference), the paper's measure");
    logits(
        catalog,
        "kl-reference-free",
        "kl_ref_free",
        (t, s) -> new KlDivergence(Direction.REFERENCE_FREE, t, s),
        "KL(reference ‖ free), the released programs' measure");
    logits(
        catalog, "jeffreys", "", Jeffreys::new, "the sum of both KL divergences, without a half");
    logits(catalog, "js", "", JensenShannon::new, "Jensen-Shannon divergence, at most ln 2");
    logits(catalog, "l2", "l2_prob", SquaredError::new, "squared difference of the probabilities");
    logits(
        catalog,
        "mse-logits",
        "mse_logits",
        LogitError::new,
        "squared difference of the logits over temperature, mean over classes");
    logits(catalog, "tv", "", TotalVariation::new, "total variation distance, at most 1");
    metric(
        catalog,
        "l2-features",
        "",
        new OfFeatures(),
        "squared difference of what goes into the last layer, mean over features");
  }

  private static void logits(
      Catalog catalog,
      String name,
      String fixtureName,
      BiFunction<Double, Boolean, Imitability> build,
      String about) {
    boolean normals = name.startsWith("kl-") || name.equals("jeffreys");
    metric(catalog, name, fixtureName, new Tempered(build, normals), about);
  }

  private static void gaussians(Catalog catalog) {
    metric(
        catalog,
        "gaussian-kl-free-reference",
        "gaussian_kl_free_ref",
        new Untempered(new GaussianKl(Direction.FREE_REFERENCE)),
        "KL(free ‖ reference) of diagonal normals");
    metric(
        catalog,
        "gaussian-kl-reference-free",
        "gaussian_kl_ref_free",
        new Untempered(new GaussianKl(Direction.REFERENCE_FREE)),
        "KL(reference ‖ free) of diagonal normals");
    metric(
        catalog,
        "gaussian-jeffreys",
        "gaussian_jeffreys",
        new Untempered(new GaussianJeffreys()),
        "the sum of both KL divergences of diagonal normals");
  }

  private static void metric(
      Catalog catalog, String name, String fixtureName, MetricSpec spec, String about) {
    catalog.metric(name, spec, about);
    if (!fixtureName.isEmpty()) {
      catalog.alias(Category.METRIC, fixtureName, name, spec, Set.of(), about);
    }
  }

  private static void alphas(Catalog catalog) {
    catalog.add(
        Category.ALPHA,
        "linear",
        new AlphaSchedule.Linear(0, 1, 1),
        Set.of("to", "steps"),
        "a straight line from one value to another");
    catalog.add(
        Category.ALPHA,
        "cosine",
        new AlphaSchedule.Cosine(0, 1, 1),
        Set.of("to", "steps"),
        "half a cosine wave from one value to another");
    catalog.add(
        Category.ALPHA,
        "warmup",
        new AlphaSchedule.Warmup(1, 1),
        Set.of("to", "steps"),
        "from 0 up in a straight line");
  }

  private static void optimizers(Catalog catalog) {
    catalog.optimizer("sgd", Sgd.defaults(), "stochastic gradient descent with momentum");
    catalog.optimizer("adam", Adam.defaults(), "Adam, weight decay as an L2 penalty");
    catalog.optimizer("adamw", AdamW.defaults(), "Adam with decoupled weight decay");
    catalog.optimizer("asgd", Asgd.defaults(), "averaged stochastic gradient descent");
  }

  private static void schedules(Catalog catalog) {
    catalog.schedule("constant", Constant.defaults(), Set.of(), "the learning rate as it is");
    catalog.schedule("linear", Linear.defaults(), Set.of(), "a straight line down to floor");
    catalog.schedule("cosine", Cosine.defaults(), Set.of(), "half a cosine wave down to floor");
    catalog.schedule("step", Step.defaults(), Set.of("size"), "times gamma every size units");
    catalog.schedule(
        "multi-step", MultiStep.defaults(), Set.of("milestones"), "times gamma at each milestone");
    catalog.schedule(
        "plateau", Plateau.defaults(), Set.of(), "times factor when validation stops improving");
  }

  /**
   * A measure of logits.
   *
   * @param ofNormals whether it measures diagonal normals too
   */
  private record Tempered(BiFunction<Double, Boolean, Imitability> build, boolean ofNormals)
      implements MetricSpec {
    @Override
    public Imitability with(double temperature, boolean scaleByT2) {
      return build.apply(temperature, scaleByT2);
    }

    @Override
    public boolean tempered() {
      return true;
    }
  }

  /** A measure of features: a temperature is the other measure's and does not concern it. */
  private record OfFeatures() implements MetricSpec {
    @Override
    public Imitability with(double temperature, boolean scaleByT2) {
      return new FeatureError();
    }

    @Override
    public boolean tempered() {
      return true;
    }

    @Override
    public boolean ofFeatures() {
      return true;
    }
  }

  /** A measure of normals, which has no temperature. */
  private record Untempered(Imitability measure) implements MetricSpec {
    @Override
    public Imitability with(double temperature, boolean scaleByT2) {
      return measure;
    }

    @Override
    public boolean tempered() {
      return false;
    }
  }
}
