package lot4j.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.method.MethodSpec;

/**
 * Reads configurations, strictly: unknown keys, wrong types, values out of range and impossible
 * combinations are told all together.
 *
 * <pre>{@code
 * ConfigReader reader = new ConfigReader(Catalog.load());
 * ConfigSource source = ConfigSource.file(Path.of("digits.yaml"));
 * RunConfig run = reader.readRun(source, List.of("lot.alpha=0.5"));
 * }</pre>
 */
public final class ConfigReader {
  private static final List<String> METHODS =
      List.of("teacher-only", "teacher-only-equal-compute", "lot-paper");
  private static final List<String> RL_METHODS = List.of("teacher-only", "lot-paper");

  private final Catalog catalog;

  /** A reader of the names in {@code catalog}. */
  public ConfigReader(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The run that {@code method} and the first seed stand for.
   *
   * @param overrides {@code key.path=value} each, in order
   * @throws ConfigError with everything that is wrong
   */
  public RunConfig readRun(ConfigSource source, List<String> overrides) {
    Problems problems = new Problems();
    YamlNode.Mapping root = tree(source, overrides, problems);
    MethodsBinder methods = new MethodsBinder(new Binder(catalog, problems));
    methods.read(root, List.of());
    String method = methods.method(root);
    YamlNode.Mapping tree = MethodsBinder.objective(root, method, method);
    Optional<RunConfig> config = bind(source, named(tree, method), problems, true);
    problems.throwIfAny();
    return config.map(ConfigReader::withoutEarlyStopping).orElseThrow();
  }

  /**
   * The comparison that {@code methods} and {@code seeds} stand for.
   *
   * @param overrides {@code key.path=value} each, in order
   * @throws ConfigError with everything that is wrong
   */
  public ExperimentConfig read(ConfigSource source, List<String> overrides) {
    Problems problems = new Problems();
    YamlNode.Mapping root = tree(source, overrides, problems);
    MethodsBinder methods = new MethodsBinder(new Binder(catalog, problems));
    String method = methods.method(root);
    YamlNode.Mapping baseTree = named(MethodsBinder.objective(root, method, method), method);
    Optional<RunConfig> base = bind(source, baseTree, problems, false);
    List<MethodsBinder.Written> entries = methods.read(root, usual(base));
    List<ExperimentConfig.Variant> variants = new ArrayList<>();
    for (MethodsBinder.Written entry : entries) {
      bind(source, methods.tree(root, entry).without("equal-compute"), problems, true)
          .ifPresent(config -> variants.add(variant(entry, config)));
    }
    problems.throwIfAny();
    List<Long> seeds = new RunBinder(catalog, problems, root).seeds();
    return finished(base.orElseThrow(), variants, seeds, root);
  }

  /**
   * The configuration's {@code method} as written, {@code lot} where it has none or a wrong one.
   */
  public String methodName(ConfigSource source, List<String> overrides) {
    Problems unheard = new Problems(); // whoever reads the configuration hears of them
    return new MethodsBinder(new Binder(catalog, unheard)).method(tree(source, overrides, unheard));
  }

  /**
   * The comparison that a point of a sweep stands for: as {@link #read}, each method's own keys
   * first and the point's over them. A baseline without students, or without LoT, does not go by
   * the keys of either, so that points that differ in them alone have equal baselines.
   *
   * @param overrides {@code key.path=value} each, in order
   * @param methods the name of one method and of its baselines; the configuration's own {@code
   *     methods} where there are none
   * @param point key paths and their values, YAML each
   * @throws ConfigError with everything that is wrong
   */
  public ExperimentConfig readPoint(
      ConfigSource source,
      List<String> overrides,
      List<String> methods,
      Map<String, String> point) {
    Problems problems = new Problems();
    YamlNode.Mapping root = tree(source, overrides, problems);
    if (!methods.isEmpty()) {
      List<YamlNode> names = new ArrayList<>();
      for (String name : methods) {
        names.add(YamlNode.text((names.isEmpty() ? "--method " : "--baseline ") + name, name));
      }
      root = root.with("methods", "methods", new YamlNode.Sequence("methods", names));
    }
    SweepPoint values = SweepPoint.read(point, problems);
    MethodsBinder binder = new MethodsBinder(new Binder(catalog, problems));
    String method = binder.method(root);
    YamlNode.Mapping baseTree = named(MethodsBinder.objective(root, method, method), method);
    Optional<RunConfig> base = bind(source, baseTree, problems, false);
    List<MethodsBinder.Written> entries = binder.read(root, usual(base));
    List<ExperimentConfig.Variant> variants = new ArrayList<>();
    for (MethodsBinder.Written entry : entries) {
      YamlNode.Mapping tree = binder.tree(root, entry).without("equal-compute");
      bind(source, values.over(tree, binder.traits(entry)), problems, true)
          .ifPresent(config -> variants.add(variant(entry, config)));
    }
    problems.throwIfAny();
    List<Long> seeds = new RunBinder(catalog, problems, root).seeds();
    return finished(base.orElseThrow(), variants, seeds, root);
  }

  private static List<String> usual(Optional<RunConfig> base) {
    return base.filter(b -> b.task().kind().equals("rl")).isPresent() ? RL_METHODS : METHODS;
  }

  private static ExperimentConfig.Variant variant(MethodsBinder.Written entry, RunConfig config) {
    Map<String, Object> set = new LinkedHashMap<>();
    entry.set().forEach((key, own) -> set.put(key, YamlNode.plain(own.value())));
    return new ExperimentConfig.Variant(entry.label(), entry.method(), entry.match(), set, config);
  }

  private ExperimentConfig finished(
      RunConfig base,
      List<ExperimentConfig.Variant> variants,
      List<Long> seeds,
      YamlNode.Mapping root) {
    List<String> notes = new ArrayList<>();
    boolean matched =
        variants.stream()
            .anyMatch(
                v ->
                    v.match().isPresent()
                        || catalog.method(v.config().method()).match()
                            == MethodTraits.Match.COMPUTE);
    boolean stopping =
        variants.stream().anyMatch(v -> v.config().evaluation().earlyStopping().isPresent());
    List<ExperimentConfig.Variant> kept = variants;
    if (matched && stopping) {
      notes.add("early-stopping is off: an equal-compute method is compared");
      kept = variants.stream().map(ConfigReader::withoutEarlyStopping).toList();
    }
    ignoredKeys(variants, root, notes);
    return new ExperimentConfig(base, kept, seeds, notes);
  }

  /** Says so if keys under {@code lot} reach no method because built-in labels take their own. */
  private static void ignoredKeys(
      List<ExperimentConfig.Variant> variants, YamlNode.Mapping root, List<String> notes) {
    boolean all =
        variants.stream()
            .filter(v -> v.config().method().equals("lot"))
            .allMatch(
                v ->
                    MethodsBinder.BUILT_IN.containsKey(v.method())
                        || MethodsBinder.BUILT_IN.containsKey(v.label()));
    boolean given =
        root.at("lot").filter(YamlNode.Mapping.class::isInstance).isPresent()
            && Objectives.KEYS.stream()
                .anyMatch(key -> ((YamlNode.Mapping) root.at("lot").get()).has(key));
    boolean passes =
        root.at(Objectives.REPLAY)
            .filter(node -> node instanceof YamlNode.Mapping map && map.has(Objectives.PASSES))
            .isPresent();
    if (all && passes) {
      notes.add(
          "replay.passes reaches no method here: lot-paper and lot-released take their own; use"
              + " {label, method: lot, set: {…}}");
    }
    if (all && given) {
      notes.add(
          "keys under lot that an objective decides reach no method here: lot-paper and"
              + " lot-released take their own; use {label, method: lot, set: {…}}");
    }
  }

  private static ExperimentConfig.Variant withoutEarlyStopping(ExperimentConfig.Variant variant) {
    return new ExperimentConfig.Variant(
        variant.label(),
        variant.method(),
        variant.match(),
        variant.set(),
        variant.config().withoutEarlyStopping());
  }

  private static RunConfig withoutEarlyStopping(RunConfig config) {
    return config.method().equals("teacher-only-equal-compute")
        ? config.withoutEarlyStopping()
        : config;
  }

  private static YamlNode.Mapping named(YamlNode.Mapping root, String method) {
    String where =
        root.entries().containsKey("method") ? root.entries().get("method").where() : root.where();
    return root.with("method", where, YamlNode.text(where, MethodsBinder.plainName(method)));
  }

  private static YamlNode.Mapping tree(
      ConfigSource source, List<String> overrides, Problems problems) {
    YamlNode.Mapping root = YamlTree.file(source.name(), source.bytes());
    for (String override : overrides) {
      root = TreeEdit.override(root, override, problems);
    }
    return root;
  }

  /** With the students that the method brings itself, if it does. */
  private RunConfig cast(RunConfig config, YamlNode.Mapping root, Problems problems) {
    MethodSpec method = catalog.method(config.method()).recipe().spec(config, catalog);
    if (method.stages() > 1 && config.budget().unit() == Budget.Unit.MINUTES) {
      problems.add(
          root.where(),
          "budget.minutes is not allowed with method "
              + config.method()
              + ", whose trainings follow one another; epochs or updates");
    }
    return config.withCopies(method.copies());
  }

  private Optional<RunConfig> bind(
      ConfigSource source, YamlNode.Mapping root, Problems problems, boolean asRun) {
    int before = problems.count();
    Draft draft = new RunBinder(catalog, problems, root).bind(source.stem());
    Checks checks = new Checks(catalog, problems, root, draft);
    checks.ofEveryMethod();
    if (asRun) {
      checks.ofTheMethod();
    }
    Optional<RunConfig> config = draft.finished();
    return asRun && problems.count() == before ? config.map(c -> cast(c, root, problems)) : config;
  }
}
