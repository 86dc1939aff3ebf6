package lot4j.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lot4j.method.ReviewPlan;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;
import lot4j.train.Precision;
import lot4j.train.TaskSpec;

/** The root of a configuration to a {@link RunConfig}, section by section. */
final class RunBinder {
  /** The keys of the root, but for the further sections. */
  static final List<String> KEYS =
      List.of(
          "name",
          "task",
          "method",
          "methods",
          "teacher",
          "students",
          "lot",
          "optimizer",
          "student-optimizer",
          "student-schedule",
          "schedule",
          "budget",
          "batch-size",
          "student-batch-size",
          "eval-batch-size",
          "accumulate",
          "ema",
          "precision",
          "threads",
          "device",
          "seeds",
          "eval-every",
          "select",
          "early-stopping",
          "checkpoint",
          "equal-compute");

  private static final Pattern UNFIT_NAME = Pattern.compile("^\\.|[/\\\\\\p{Cntrl}]");

  private final Binder binder;
  private final Problems problems;
  private final YamlNode.Mapping root;
  private final RecordBinder roots;
  private final LearnerBinder learners;

  RunBinder(Catalog catalog, Problems problems, YamlNode.Mapping root) {
    this.problems = problems;
    this.binder = new Binder(catalog, problems);
    this.root = root;
    this.roots = RecordBinder.some(binder, "");
    this.learners = new LearnerBinder(binder, root);
  }

  /**
   * The configuration as far as it goes.
   *
   * @param usualName the name of an experiment that gives none
   */
  Draft bind(String usualName) {
    unknownKeys();
    Optional<TaskConfig> task = task();
    String kind = task.map(TaskConfig::kind).orElse("");
    Map<String, Object> taskKeys = task.map(t -> Plain.of(t.spec())).orElse(Map.of());
    Optional<LearnerConfig> teacher = learners.teacher();
    Optional<Budget> budget = new BudgetBinder(binder, root).budget();
    double interval = budget.map(Budget::defaultInterval).orElse(1.0);
    int before = problems.count();
    LotConfig lot = lot(kind, taskKeys, teacher);
    boolean sound = problems.count() == before;
    String method = method();
    return new Draft(
        name(usualName),
        task,
        taskKeys,
        method,
        teacher,
        learners.students(),
        lot,
        sound,
        optimization(),
        budget,
        batching(kind),
        evaluation(interval, taskKeys),
        checkpoint(interval),
        execution(),
        seeds().get(0),
        equalCompute(),
        sections(task, lot.objective(), method));
  }

  private CheckpointConfig checkpoint(double interval) {
    CheckpointConfig defaults = new CheckpointConfig(interval, 2);
    return section("checkpoint")
        .flatMap(node -> record("checkpoint").bind(node, defaults))
        .orElse(defaults);
  }

  private Execution execution() {
    Execution defaults = new Execution(Precision.FLOAT32, Optional.empty(), "auto");
    return roots.bind(root, defaults).orElse(defaults);
  }

  private void unknownKeys() {
    Set<String> allowed = new LinkedHashSet<>(KEYS);
    allowed.addAll(binder.catalog().names(Category.SECTION));
    root.entries()
        .forEach(
            (key, entry) -> {
              if (!allowed.contains(key)) {
                RecordBinder.unknown(problems, entry, "", key, allowed);
              }
            });
  }

  private String name(String usual) {
    Optional<YamlNode> given = root.at("name");
    Optional<String> name =
        given.flatMap(node -> ScalarBinder.value(String.class, node)).map(String.class::cast);
    if (given.isPresent()
        && name.filter(n -> !n.isBlank() && !UNFIT_NAME.matcher(n).find()).isEmpty()) {
      problems.refuse(given.get(), "name", "a text that can name a directory");
    }
    return name.orElse(usual);
  }

  private RecordBinder record(String path) {
    return new RecordBinder(binder, path, Set.of(), Set.of(), Set.of());
  }

  /** A section's mapping; empty if it is not given or no mapping. */
  private Optional<YamlNode.Mapping> section(String key) {
    return root.at(key).flatMap(node -> binder.mapping(node, key));
  }

  private Optional<TaskConfig> task() {
    if (!root.has("task")) {
      problems.add(root.where(), "missing key: task");
      return Optional.empty();
    }
    return new ChoiceBinder(binder)
        .choose(Category.TASK, root.at("task").orElseThrow(), "task", Set.of(), Optional.empty())
        .map(choice -> new TaskConfig(choice.name(), (TaskSpec) choice.spec()));
  }

  private String method() {
    return root.at("method")
        .flatMap(node -> new ChoiceBinder(binder).entry(Category.METHOD, node, "method"))
        .map(Catalog.Entry::name)
        .orElse("lot");
  }

  private LotConfig lot(String kind, Map<String, Object> task, Optional<LearnerConfig> teacher) {
    YamlNode.Mapping node = section("lot").orElse(YamlNode.Mapping.empty(root.where()));
    Objective objective =
        node.at("objective")
            .flatMap(written -> ScalarBinder.value(Objective.class, written))
            .map(Objective.class::cast)
            .orElse(Objective.PAPER);
    String data = String.valueOf(task.getOrDefault("data", ""));
    LotConfig defaults =
        Objectives.of(objective, kind, teacher.map(LearnerConfig::model).orElse(""), data);
    LotConfig lot = record("lot").bind(node, defaults).orElse(defaults);
    return lot.withMetrics(
        metric(node, "teacher-metric", lot.teacherMetric()),
        metric(node, "student-metric", lot.studentMetric()));
  }

  /** The metric's own name for one that may be written as the fixtures do. */
  private String metric(YamlNode.Mapping lot, String key, String name) {
    return lot.at(key)
        .filter(node -> ScalarBinder.value(String.class, node).isPresent())
        .flatMap(node -> new ChoiceBinder(binder).entry(Category.METRIC, node, "lot." + key))
        .map(Catalog.Entry::canonical)
        .orElse(name);
  }

  private Optional<Optimization> optimization() {
    Optional<ChoiceBinder.Choice> optimizer = choice(Category.OPTIMIZER, "optimizer", "sgd");
    Optional<ChoiceBinder.Choice> schedule = choice(Category.SCHEDULE, "schedule", "cosine");
    Optional<OptimizerSpec> students =
        optimizer.flatMap(o -> students(Category.OPTIMIZER, (OptimizerSpec) o.spec(), o.name()));
    Optional<ScheduleSpec> studentSchedule =
        schedule.flatMap(s -> students(Category.SCHEDULE, (ScheduleSpec) s.spec(), s.name()));
    if (optimizer.isEmpty()
        || schedule.isEmpty()
        || students.isEmpty()
        || studentSchedule.isEmpty()) {
      return Optional.empty();
    }
    return roots.bind(
        root.without("optimizer", "student-optimizer", "schedule", "student-schedule"),
        new Optimization(
            (OptimizerSpec) optimizer.get().spec(),
            students.get(),
            (ScheduleSpec) schedule.get().spec(),
            studentSchedule.get(),
            Optional.empty()));
  }

  private Optional<ChoiceBinder.Choice> choice(Category category, String key, String usual) {
    YamlNode node = root.at(key).orElse(YamlNode.Mapping.empty(root.where()));
    return new ChoiceBinder(binder).choose(category, node, key, Set.of(), Optional.of(usual));
  }

  /** Keys given override the teacher's; another kind starts from its own defaults. */
  @SuppressWarnings("unchecked") // a category's specs are all of its one type
  private <S> Optional<S> students(Category category, S teachers, String kind) {
    String key = category == Category.OPTIMIZER ? "student-optimizer" : "student-schedule";
    Optional<YamlNode> node = root.at(key);
    if (node.isEmpty()) {
      return Optional.of(teachers);
    }
    boolean same =
        node.get() instanceof YamlNode.Scalar scalar && scalar.isNothing()
            || node.get() instanceof YamlNode.Mapping map
                && map.at("kind").map(k -> Shown.of(k).equals(kind)).orElse(true);
    if (same) {
      YamlNode.Mapping keys = binder.mapping(node.get(), key).orElseThrow().without("kind");
      return record(key).bind(keys, teachers);
    }
    return new ChoiceBinder(binder)
        .choose(category, node.get(), key, Set.of(), Optional.of(kind))
        .map(choice -> (S) choice.spec());
  }

  private Batching batching(String kind) {
    int batch =
        root.at("batch-size")
            .flatMap(node -> ScalarBinder.value(int.class, node))
            .map(Integer.class::cast)
            .filter(n -> n > 0)
            .orElse(128);
    int asked = kind.equals("text") ? 10 : kind.equals("instructions") ? 32 : 512;
    Batching defaults = new Batching(128, batch, asked, 1);
    return roots.bind(root, defaults).orElse(defaults);
  }

  private Evaluation evaluation(double interval, Map<String, Object> task) {
    boolean unvalidated = "none".equals(task.get("validation"));
    Selection select = unvalidated ? Selection.LAST : Selection.BEST;
    Evaluation defaults = new Evaluation(interval, select, Optional.empty());
    return roots.bind(root, defaults).orElse(defaults);
  }

  /** The seeds, at least one. */
  List<Long> seeds() {
    List<Long> usual = List.of(0L, 1L, 2L);
    Optional<YamlNode> node = root.at("seeds");
    if (node.isEmpty()) {
      return usual;
    }
    if (!(node.get() instanceof YamlNode.Sequence sequence) || sequence.items().isEmpty()) {
      problems.refuse(node.get(), "seeds", "a list of distinct whole numbers, 0 or more");
      return usual;
    }
    Set<Long> seeds = new LinkedHashSet<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode item = sequence.items().get(i);
      Optional<Long> seed = ScalarBinder.value(long.class, item).map(Long.class::cast);
      String key = "seeds[" + i + "]";
      if (seed.filter(n -> n >= 0).isEmpty()) {
        problems.refuse(item, key, "a whole number, 0 or more");
      } else if (!seeds.add(seed.get())) {
        problems.refuse(item, key, "every seed once");
      }
    }
    return seeds.isEmpty() ? usual : new ArrayList<>(seeds);
  }

  private Optional<EqualCompute> equalCompute() {
    Optional<YamlNode> node = root.at("equal-compute");
    if (node.isEmpty() || node.get() instanceof YamlNode.Scalar scalar && scalar.is("none")) {
      return Optional.empty();
    }
    return section("equal-compute")
        .flatMap(map -> record("equal-compute").bindWhole(map, EqualCompute.class));
  }

  /** The sections that are given, and those that task and method go by, given or not. */
  private Map<String, Record> sections(
      Optional<TaskConfig> task, Objective objective, String method) {
    Set<String> needed = new LinkedHashSet<>(task.map(t -> t.spec().sections()).orElse(Set.of()));
    needed.add(method); // a method's own section bears its name
    Map<String, Record> sections = new LinkedHashMap<>();
    for (Catalog.Entry entry : binder.catalog().entries(Category.SECTION)) {
      Optional<YamlNode.Mapping> node = section(entry.name());
      if (node.isEmpty() && needed.contains(entry.name()) && !root.has(entry.name())) {
        node = Optional.of(YamlNode.Mapping.empty(root.where()));
      }
      node.map(map -> withPasses(entry, map, objective, needed))
          .flatMap(
              map ->
                  new RecordBinder(binder, entry.name(), entry.required(), Set.of(), Set.of())
                      .bind(map, (Record) entry.defaults()))
          .ifPresent(record -> sections.put(entry.name(), record));
    }
    return sections;
  }

  /** The objective says how often the students go through their memory, unless the file does. */
  private static YamlNode.Mapping withPasses(
      Catalog.Entry entry, YamlNode.Mapping map, Objective objective, Set<String> needed) {
    boolean decided = map.has(Objectives.PASSES) || !needed.contains(entry.name());
    return decided || !(entry.defaults() instanceof ReviewPlan)
        ? map
        : map.with(
            Objectives.PASSES,
            map.where(),
            YamlNode.number(map.where(), Objectives.passes(objective)));
  }
}
