package lot4j.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import lot4j.method.Order;
import lot4j.method.RegularizeOn;
import lot4j.method.StudentTargets;
import lot4j.train.Imitate;
import lot4j.train.TaskSpec;

/** Combinations that make no sense, told at the key that would have to change. */
final class Checks {
  private final Catalog catalog;
  private final Problems problems;
  private final YamlNode.Mapping root;
  private final Draft config;

  Checks(Catalog catalog, Problems problems, YamlNode.Mapping root, Draft config) {
    this.catalog = catalog;
    this.problems = problems;
    this.root = root;
    this.config = config;
  }

  /** What holds whatever the method is. */
  void ofEveryMethod() {
    boolean unvalidated = config.taskKey("validation").filter("none"::equals).isPresent();
    if (unvalidated && config.evaluation().select() == Selection.BEST) {
      refuse("select", "best", "last with task.validation none");
    }
    if (unvalidated && config.evaluation().earlyStopping().isPresent()) {
      refuse("early-stopping", "{patience}", "none with task.validation none");
    }
    interval("eval-every", config.evaluation().evalEvery());
    interval("checkpoint.every", config.checkpoint().every());
    boolean rl = config.task().isEmpty() || config.isReinforcement();
    if (config.budget().filter(b -> b.unit() == Budget.Unit.ENV_STEPS).isPresent() && !rl) {
      problems.add(where("budget"), "budget.env-steps is not allowed; only with task.kind rl");
    }
    if (config.lot().start().afterFirstRollout() && !rl) {
      refuse("lot.start", "after-first-rollout", "a number unless task.kind is rl");
    }
    config.task().ifPresent(this::sections);
    imitate().ifPresent(this::imitation);
  }

  private Optional<Imitate> imitate() {
    return Optional.ofNullable(config.sections().get(Imitate.SECTION)).map(Imitate.class::cast);
  }

  /** What is imitated is a distribution, and the one who imitates is alone. */
  private void imitation(Imitate imitate) {
    if (config.isReinforcement()) {
      refuse(Imitate.SECTION, "{…}", "only with task.kind image, tabular or text");
    }
    List<String> measures =
        catalog.entries(Category.METRIC).stream()
            .filter(entry -> measuresAnswers((MetricSpec) entry.defaults()))
            .map(Catalog.Entry::name)
            .toList();
    if (!measures.contains(imitate.metric())) {
      refuse(
          "imitate.metric",
          imitate.metric(),
          Keys.choice(measures) + NearestName.hint(imitate.metric(), measures));
    } else if (!tempered(imitate.metric()) && imitate.temperature() != 1) {
      refuse(
          "imitate.temperature",
          YamlText.number(imitate.temperature()),
          "1 with " + imitate.metric());
    }
  }

  private static boolean measuresAnswers(MetricSpec metric) {
    return metric.ofLogits() || metric.ofNormals();
  }

  /**
   * The further sections: those that only other kinds of tasks go by, and what this one demands.
   */
  private void sections(TaskConfig task) {
    for (String section : catalog.names(Category.SECTION)) {
      List<String> kinds = kindsWith(section);
      if (root.has(section) && !kinds.isEmpty() && !task.spec().sections().contains(section)) {
        refuse(section, "{…}", "only with task.kind " + Keys.choice(kinds));
      }
    }
    BiConsumer<String, String> refuse =
        (key, what) -> refuse(key, value(key).orElse("(nothing)"), what);
    if (config.sections().keySet().containsAll(task.spec().sections())) {
      task.spec().check(config.sections(), config.batching(), refuse);
    }
    Stream.concat(
            config.teacher().flatMap(LearnerConfig::initFrom).stream(),
            config.students().stream()
                .flatMap(List::stream)
                .flatMap(student -> student.initFrom().stream()))
        .distinct()
        .forEach(from -> task.spec().checkWeights(Path.of(from), refuse));
  }

  private List<String> kindsWith(String section) {
    return catalog.entries(Category.TASK).stream()
        .filter(entry -> ((TaskSpec) entry.defaults()).sections().contains(section))
        .map(Catalog.Entry::name)
        .toList();
  }

  /** What holds at a key that is not given: its default, as a configuration would write it. */
  private Optional<String> value(String path) {
    String[] keys = path.split("\\.", 2);
    Map<String, Object> section =
        keys[0].equals("task")
            ? config.taskKeys()
            : Optional.ofNullable(config.sections().get(keys[0]))
                .map(Plain::of)
                .orElseGet(() -> Plain.of(config.batching()));
    return Optional.ofNullable(section.get(keys[keys.length - 1])).map(String::valueOf);
  }

  private void interval(String key, double every) {
    Optional<Budget.Unit> unit = config.budget().map(Budget::unit).filter(Budget.Unit::whole);
    if (unit.isPresent() && (every < 1 || every != Math.rint(every))) {
      refuse(
          key,
          YamlText.number(every),
          "a whole number, 1 or more, with budget." + unit.get().key());
    }
  }

  /** What the method needs and does not allow. */
  void ofTheMethod() {
    MethodTraits traits = catalog.method(config.method());
    if (imitate().isPresent() && !config.method().equals("teacher-only")) {
      refuse("method", config.method(), "teacher-only with imitate, which takes the labels' place");
    }
    if (!traits.rollouts() && config.isReinforcement()) {
      problems.add(
          where("method"), "method " + config.method() + " is not allowed with task.kind rl");
    }
    boolean none = config.students().filter(List::isEmpty).isPresent();
    if (traits.students() && none && config.equalCompute().isEmpty()) {
      if (root.has("students")) {
        refuse("students", "[]", "at least one with method " + config.method());
      } else {
        problems.add(
            root.where(), "missing key: students; method " + config.method() + " needs them");
      }
    }
    if (traits.lot() && config.lotIsSound()) {
      order();
      labels();
      metric("teacher-metric", config.lot().teacherMetric());
      metric("student-metric", config.lot().studentMetric());
    }
  }

  private void order() {
    LotConfig lot = config.lot();
    boolean task = lot.regularizeOn() == RegularizeOn.TASK_BATCH;
    String on = Keys.word(lot.regularizeOn());
    if (lot.order() == Order.JOINT && !task) {
      refuse("lot.regularize-on", on, "task-batch with lot.order joint");
    }
    if (lot.order() == Order.JOINT && lot.steps() < 1) {
      refuse("lot.steps", "0", "1 or more with lot.order joint");
    }
    if (lot.regularizeOn() == RegularizeOn.STUDENT_BATCH && lot.steps() < 1) {
      refuse("lot.steps", "0", "1 or more with lot.regularize-on student-batch");
    }
    if (lot.studentTargets() == StudentTargets.REUSE && !task) {
      refuse("lot.student-targets", "reuse", "fresh unless lot.regularize-on is task-batch");
    }
  }

  private void labels() {
    LotConfig lot = config.lot();
    boolean firstOnTask =
        lot.order() == Order.JOINT || lot.studentTargets() == StudentTargets.REUSE;
    boolean fromStream = lot.steps() > (firstOnTask ? 1 : 0);
    Object unlabelled = config.taskKey("unlabelled").orElse("none");
    if (lot.studentTaskWeight() > 0 && config.isReinforcement()) {
      refuse(
          "lot.student-task-weight",
          YamlText.number(lot.studentTaskWeight()),
          "0 with task.kind rl, whose states have no labels");
    }
    if (lot.studentTaskWeight() > 0 && fromStream && !"none".equals(unlabelled)) {
      refuse(
          "lot.student-task-weight",
          YamlText.number(lot.studentTaskWeight()),
          "0 with task.unlabelled "
              + Shown.brief(String.valueOf(unlabelled))
              + ", which has no labels");
    }
  }

  private void metric(String key, String name) {
    LotConfig lot = config.lot();
    if (tempered(name)) {
      return;
    }
    if (lot.temperature() != 1) {
      refuse("lot.temperature", YamlText.number(lot.temperature()), "1 with " + name);
    }
    if (lot.scaleByT2() && at("lot.scale-by-t2").isPresent()) {
      refuse("lot.scale-by-t2", "true", "false with " + name);
    }
  }

  private boolean tempered(String metric) {
    return catalog
        .entry(Category.METRIC, metric)
        .map(entry -> ((MetricSpec) entry.defaults()).tempered())
        .orElse(true);
  }

  private void refuse(String path, String value, String what) {
    String shown = at(path).map(Shown::of).orElse(value);
    problems.add(where(path), path + " = " + shown + " is not allowed; " + what);
  }

  /** The key's own place if it is given, else the nearest mapping's around it. */
  private String where(String path) {
    YamlNode node = root;
    for (String key : path.split("\\.")) {
      if (!(node instanceof YamlNode.Mapping map) || map.at(key).isEmpty()) {
        return node.where();
      }
      node = map.at(key).get();
    }
    return node.where();
  }

  private Optional<YamlNode> at(String path) {
    Optional<YamlNode> node = Optional.of(root);
    for (String key : path.split("\\.")) {
      node =
          node.filter(YamlNode.Mapping.class::isInstance)
              .flatMap(map -> ((YamlNode.Mapping) map).at(key));
    }
    return node;
  }
}
