package lot4j.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Adapted;
import lot4j.Freeze;
import lot4j.method.ReviewPlan;

/**
 * Writes configurations complete, defaults included. Reading the text gives an equal configuration,
 * writing that gives the same text.
 */
public final class ConfigWriter {
  private final Catalog catalog;
  private final Plain plain;

  /** A writer of the names in {@code catalog}. */
  public ConfigWriter(Catalog catalog) {
    this.catalog = catalog;
    this.plain = new Plain(catalog);
  }

  /** The resolved configuration of a run, {@code config.yaml} of its directory. */
  public String yaml(RunConfig run) {
    return YamlText.of(keys(run));
  }

  /** The same as maps, lists, texts, numbers and truth values. */
  public Map<String, Object> keys(RunConfig run) {
    return root(run, List.of(run.seed()), Optional.empty());
  }

  /** The complete configuration of a comparison. */
  public String yaml(ExperimentConfig experiment) {
    List<Object> methods = experiment.methods().stream().map(v -> method(v, experiment)).toList();
    return YamlText.of(root(experiment.base(), experiment.seeds(), Optional.of(methods)));
  }

  /** SHA-256 of {@link #yaml(RunConfig)} in UTF-8, lower-case hex. */
  public String digest(RunConfig run) {
    try {
      byte[] text = yaml(run).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Map<String, Object> root(
      RunConfig run, List<Long> seeds, Optional<List<Object>> methods) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("name", run.name());
    root.put("task", kind(run.task().kind(), plain.keys(run.task().spec())));
    root.put("method", run.method());
    methods.ifPresent(list -> root.put("methods", list));
    root.put("teacher", teacher(run.teacher()));
    root.put("students", run.students().stream().map(this::student).toList());
    root.put("lot", plain.keys(run.lot()));
    root.put("optimizer", plain.spec(Category.OPTIMIZER, run.optimization().optimizer()));
    root.put(
        "student-optimizer", plain.spec(Category.OPTIMIZER, run.optimization().studentOptimizer()));
    root.put("schedule", plain.spec(Category.SCHEDULE, run.optimization().schedule()));
    root.put(
        "student-schedule", plain.spec(Category.SCHEDULE, run.optimization().studentSchedule()));
    root.put("budget", budget(run.budget()));
    root.putAll(plain.keys(run.batching()));
    root.put("ema", run.optimization().ema().map(Object.class::cast).orElse("none"));
    root.putAll(plain.keys(run.execution()));
    root.put("seeds", seeds);
    root.putAll(plain.keys(run.evaluation()));
    root.put("checkpoint", plain.keys(run.checkpoint()));
    run.sections().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(section -> root.put(section.getKey(), plain.keys(section.getValue())));
    run.equalCompute().ifPresent(match -> root.put("equal-compute", plain.keys(match)));
    return root;
  }

  private static Map<String, Object> kind(String kind, Map<String, Object> keys) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", kind);
    map.putAll(keys);
    return map;
  }

  private static Map<String, Object> budget(Budget budget) {
    Object amount =
        budget.unit().whole() ? (Object) (long) budget.amount() : Plain.number(budget.amount());
    return Map.of(budget.unit().key(), amount);
  }

  private Map<String, Object> learner(String model, Object spec) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", model);
    map.putAll(plain.keys(spec instanceof Adapted adapted ? adapted.base() : spec));
    catalog.entry(Category.MODEL, model).ifPresent(entry -> map.keySet().removeAll(entry.fixed()));
    if (spec instanceof Adapted adapted) {
      map.put("lora", plain.keys(adapted.lora()));
    }
    return map;
  }

  /**
   * Without {@code init-from} and {@code freeze} where there are none: digests of such runs stay.
   */
  private Map<String, Object> teacher(LearnerConfig teacher) {
    Map<String, Object> map = learner(teacher.model(), teacher.spec());
    teacher.initFrom().ifPresent(from -> map.put("init-from", from));
    putFreeze(map, teacher.freeze());
    return map;
  }

  private Map<String, Object> student(StudentConfig student) {
    Map<String, Object> map = learner(student.model(), student.spec());
    map.put("lambda", Plain.number(student.lambda()));
    map.put("init-from", student.initFrom().orElse("none"));
    putFreeze(map, student.freeze());
    return map;
  }

  private static void putFreeze(Map<String, Object> map, Freeze freeze) {
    if (!freeze.isNone()) {
      map.put("freeze", freeze.patterns());
    }
  }

  private Object method(ExperimentConfig.Variant variant, ExperimentConfig experiment) {
    boolean bare = variant.label().equals(variant.method()) && variant.set().isEmpty();
    if (bare && variant.match().isEmpty()) {
      return variant.method();
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("label", variant.label());
    map.put("method", variant.method());
    variant.match().ifPresent(label -> map.put("match", label));
    map.put("set", set(variant, experiment.base()));
    return map;
  }

  /**
   * A variant's own keys. An objective among them fills keys that the written base gives, so what
   * it filled is written out too.
   */
  private Map<String, Object> set(ExperimentConfig.Variant variant, RunConfig base) {
    Map<String, Object> set = new LinkedHashMap<>(variant.set());
    if (set.keySet().stream().anyMatch(key -> key.equals("lot") || key.equals("lot.objective"))) {
      set.remove("lot");
      Map<String, Object> filled = plain.keys(variant.config().lot());
      Map<String, Object> before = plain.keys(base.lot());
      filled.forEach(
          (key, value) -> {
            if (!value.equals(before.get(key))) {
              set.put("lot." + key, value);
            }
          });
      passes(variant.config())
          .filter(passes -> !set.containsKey(Objectives.REPLAY))
          .filter(passes -> !Optional.of(passes).equals(passes(base)))
          .ifPresent(passes -> set.put(Objectives.REPLAY + "." + Objectives.PASSES, passes));
    }
    return set;
  }

  private static Optional<Integer> passes(RunConfig run) {
    return Optional.ofNullable(run.sections().get(Objectives.REPLAY))
        .filter(ReviewPlan.class::isInstance)
        .map(plan -> ((ReviewPlan) plan).passes());
  }
}
