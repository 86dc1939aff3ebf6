package lot4j.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import lot4j.Adaptable;
import lot4j.Adapted;
import lot4j.Freeze;
import lot4j.Lora;
import lot4j.ModelSpec;

/** The teacher and the students. */
final class LearnerBinder {
  private static final String LAMBDA = "lambda";
  private static final String INIT = "init-from";
  private static final String LORA = "lora";
  private static final String FREEZE = "freeze";
  private static final Set<String> OF_TEACHER = Set.of(INIT, LORA, FREEZE);
  private static final Set<String> OF_STUDENT = Set.of(LAMBDA, INIT, LORA, FREEZE);
  private static final Set<String> BESIDE = Set.of(LAMBDA, INIT, LORA, FREEZE, "model", "kind");
  private static final double TOLERANCE = 1e-6;

  private final Binder binder;
  private final YamlNode.Mapping root;

  LearnerBinder(Binder binder, YamlNode.Mapping root) {
    this.binder = binder;
    this.root = root;
  }

  Optional<LearnerConfig> teacher() {
    if (!root.has("teacher")) {
      binder.problems().add(root.where(), "missing key: teacher");
      return Optional.empty();
    }
    YamlNode node = root.at("teacher").orElseThrow();
    Optional<String> init = init(node, "teacher");
    Freeze freeze = freeze(node, "teacher");
    return new ChoiceBinder(binder)
        .choose(Category.MODEL, node, "teacher", OF_TEACHER, Optional.empty())
        .map(
            choice ->
                new LearnerConfig(
                    choice.name(), network(node, "teacher", choice, init), init, freeze));
  }

  /** The students; none where the key is not given, empty if one of them is wrong. */
  Optional<List<StudentConfig>> students() {
    Optional<YamlNode> node = root.at("students");
    if (node.isEmpty()) {
      return Optional.of(List.of());
    }
    if (!(node.get() instanceof YamlNode.Sequence sequence)) {
      binder
          .problems()
          .refuse(node.get(), "students", "a list of {model, lambda, init-from, lora, freeze}");
      return Optional.empty();
    }
    List<YamlNode> items = sequence.items();
    List<OptionalDouble> lambdas = new ArrayList<>();
    List<StudentConfig> students = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      OptionalDouble lambda = lambda(items.get(i), "students[" + i + "]");
      lambdas.add(lambda);
      student(items.get(i), "students[" + i + "]", lambda.orElse(1.0 / items.size()))
          .ifPresent(students::add);
    }
    checkSum(sequence, lambdas);
    return students.size() == items.size() ? Optional.of(students) : Optional.empty();
  }

  private Optional<StudentConfig> student(YamlNode node, String path, double lambda) {
    Optional<String> init = init(node, path);
    Freeze freeze = freeze(node, path);
    return new ChoiceBinder(binder)
        .choose(Category.MODEL, node, path, OF_STUDENT, Optional.empty())
        .map(
            choice ->
                new StudentConfig(
                    choice.name(), network(node, path, choice, init), lambda, init, freeze));
  }

  /**
   * The network as its weights' directory sizes it, if it has no keys of its own; with adapters.
   */
  private ModelSpec network(
      YamlNode node, String path, ChoiceBinder.Choice choice, Optional<String> init) {
    ModelSpec spec = (ModelSpec) choice.spec();
    boolean bare =
        node instanceof YamlNode.Mapping map && BESIDE.containsAll(map.entries().keySet());
    if (bare && spec instanceof PublishedSizes sized) {
      Optional<Path> directory = init.flatMap(LearnerBinder::sized);
      spec = directory.isPresent() ? sized.sizedBy(directory.get()) : spec;
    }
    return node instanceof YamlNode.Mapping map && map.has(LORA)
        ? adapted(map, path, choice.name(), spec)
        : spec;
  }

  /** The directory, if it says what sizes its weights have. */
  private static Optional<Path> sized(String init) {
    try {
      return Optional.of(Path.of(init))
          .filter(directory -> Files.isRegularFile(directory.resolve(PublishedSizes.FILE)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private ModelSpec adapted(YamlNode.Mapping map, String path, String name, ModelSpec spec) {
    YamlNode written = map.at(LORA).orElseThrow();
    String key = RecordBinder.join(path, LORA);
    if (written instanceof YamlNode.Scalar scalar && scalar.is("none")) {
      return spec;
    }
    if (!(written instanceof YamlNode.Mapping keys)) {
      binder.problems().refuse(written, key, "none, or {rank, alpha, dropout, targets}");
      return spec;
    }
    if (!(spec instanceof Adaptable adaptable)) {
      binder
          .problems()
          .add(written.where(), key + ": " + name + " takes no adapters; gpt or llama");
      return spec;
    }
    RecordBinder record = new RecordBinder(binder, key, Set.of(), Set.of(), Set.of());
    Optional<Lora> lora = record.bind(keys, Lora.usual());
    try {
      return lora.<ModelSpec>map(own -> new Adapted(adaptable, own)).orElse(spec);
    } catch (IllegalArgumentException e) {
      binder.problems().add(written.where(), RecordBinder.join(path, e.getMessage()));
      return spec;
    }
  }

  private OptionalDouble lambda(YamlNode node, String path) {
    if (!(node instanceof YamlNode.Mapping map) || !map.has(LAMBDA)) {
      return OptionalDouble.empty();
    }
    YamlNode written = map.at(LAMBDA).orElseThrow();
    Optional<Double> value = ScalarBinder.value(double.class, written).map(Double.class::cast);
    if (value.filter(v -> v >= 0 && v <= 1 + TOLERANCE).isEmpty()) {
      binder.problems().refuse(written, path + "." + LAMBDA, "a number from 0 to 1");
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(value.get());
  }

  private Optional<String> init(YamlNode node, String path) {
    if (!(node instanceof YamlNode.Mapping map) || !map.has(INIT)) {
      return Optional.empty();
    }
    YamlNode written = map.at(INIT).orElseThrow();
    Optional<String> value = ScalarBinder.value(String.class, written).map(String.class::cast);
    if (value.filter(text -> !text.isBlank()).isEmpty()) {
      binder.problems().refuse(written, path + "." + INIT, "none, or a path");
    }
    return value.filter(text -> !text.equals("none"));
  }

  private Freeze freeze(YamlNode node, String path) {
    if (!(node instanceof YamlNode.Mapping map) || !map.has(FREEZE)) {
      return Freeze.none();
    }
    YamlNode written = map.at(FREEZE).orElseThrow();
    if (written instanceof YamlNode.Scalar scalar && scalar.is("none")) {
      return Freeze.none();
    }
    List<String> patterns = new ArrayList<>();
    if (written instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        ScalarBinder.value(String.class, item)
            .map(String.class::cast)
            .filter(text -> !text.replaceFirst("^!", "").isBlank())
            .ifPresent(patterns::add);
      }
      if (patterns.size() == sequence.items().size()) {
        return new Freeze(patterns);
      }
    }
    binder
        .problems()
        .refuse(written, path + "." + FREEZE, "none, or a list of beginnings of parameters' names");
    return Freeze.none();
  }

  private void checkSum(YamlNode.Sequence students, List<OptionalDouble> lambdas) {
    long written =
        students.items().stream()
            .filter(item -> item instanceof YamlNode.Mapping map && map.has(LAMBDA))
            .count();
    if (written == 0) {
      return;
    }
    if (written < lambdas.size()) {
      binder.problems().add(students.where(), "students: lambda for every student, or for none");
      return;
    }
    if (lambdas.stream().anyMatch(OptionalDouble::isEmpty)) {
      return;
    }
    double sum = lambdas.stream().mapToDouble(OptionalDouble::getAsDouble).sum();
    if (Math.abs(sum - 1) > TOLERANCE) {
      binder
          .problems()
          .add(students.where(), "sum of students' lambda = " + sum + " is not allowed; 1");
    }
  }
}
