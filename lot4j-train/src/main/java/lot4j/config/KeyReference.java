package lot4j.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every key of a configuration, out of the records and the catalog that configurations are bound
 * with: a new component is here by itself. {@code lot zoo keys} prints it, and {@code
 * docs/configuration-reference.md} is made of it.
 */
public final class KeyReference {
  private static final List<Class<?>> ROOTS =
      List.of(
          RunConfig.class,
          Batching.class,
          Optimization.class,
          Execution.class,
          Evaluation.class,
          ExperimentConfig.class);

  private final Catalog catalog;
  private final Plain plain;
  private final UsualValues usual;

  private KeyReference(Catalog catalog) {
    this.catalog = catalog;
    this.plain = new Plain(catalog);
    this.usual = new UsualValues(catalog);
  }

  /** The sections in the order of reading. */
  public static List<KeySection> of(Catalog catalog) {
    return new KeyReference(catalog).sections();
  }

  private List<KeySection> sections() {
    List<KeySection> all = new ArrayList<>();
    all.add(new KeySection("", "", "the root", root()));
    all.addAll(choices(Category.TASK, "task"));
    all.add(new KeySection("students", "", "beside a student's model", student()));
    all.add(new KeySection("lot", "", "the algorithm", lot()));
    all.addAll(choices(Category.ALPHA, "lot.alpha"));
    all.add(new KeySection("budget", "", "exactly one of them", budget()));
    all.addAll(choices(Category.OPTIMIZER, "optimizer"));
    all.addAll(choices(Category.SCHEDULE, "schedule"));
    all.add(new KeySection("checkpoint", "", "when a run is saved", checkpoint()));
    all.add(
        new KeySection(
            "early-stopping",
            "",
            "ends a run that no longer gets better",
            keys("early-stopping", EarlyStopping.class, Optional.empty(), Set.of())));
    all.add(
        new KeySection(
            "equal-compute",
            "",
            "in the config.yaml of a run that matches another's compute",
            keys("equal-compute", EqualCompute.class, Optional.empty(), Set.of())));
    all.add(new KeySection("methods[]", "", "an item that is not a name alone", variant()));
    for (Catalog.Entry entry : sorted(Category.SECTION)) {
      all.add(new KeySection(entry.name(), "", entry.description(), spec(entry.name(), entry)));
    }
    all.addAll(choices(Category.MODEL, "teacher"));
    all.addAll(choices(Category.ENVIRONMENT, "task.environment"));
    return all;
  }

  private List<ConfigKey> root() {
    List<ConfigKey> keys = new ArrayList<>();
    for (String key : RunBinder.KEYS) {
      RecordComponent component = rootComponent(key);
      // The kinds of tasks come in the order in which jars are found.
      String words = key.equals("task") ? "keys with values" : rooted(key, key);
      keys.add(key(key, component, words, usual.root(key)));
    }
    return keys;
  }

  /** The component that stands for a key of the root; those of sections are sections themselves. */
  private static RecordComponent rootComponent(String key) {
    return ROOTS.stream()
        .flatMap(root -> Arrays.stream(root.getRecordComponents()))
        .filter(component -> Keys.kebab(component.getName()).equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no component has key " + key));
  }

  private List<ConfigKey> student() {
    return Stream.of(StudentConfig.class.getRecordComponents())
        .filter(component -> !component.getName().equals("spec"))
        .map(
            component -> {
              String key = Keys.kebab(component.getName());
              String path = "students[0]." + key;
              String words =
                  AllowedWords.of(
                      path,
                      (value, problems) ->
                          bindRoot(
                              problems,
                              "students",
                              new YamlNode.Sequence("", List.of(student(key, value)))));
              return new ConfigKey(
                  "students[]." + key,
                  StudentConfig.class,
                  component.getName(),
                  key.equals("model") ? "a name of models" : words,
                  usual.student(key));
            })
        .toList();
  }

  private YamlNode.Mapping student(String key, YamlNode value) {
    String model = catalog.names(Category.MODEL).stream().findFirst().orElse("");
    return YamlNode.Mapping.empty("")
        .with("model", "", YamlNode.text("", model))
        .with(key, "", value);
  }

  private List<ConfigKey> lot() {
    return Arrays.stream(LotConfig.class.getRecordComponents())
        .map(
            component -> {
              String key = Keys.kebab(component.getName());
              return key("lot." + key, component, rooted("lot." + key, "lot", key), usual.lot(key));
            })
        .toList();
  }

  private List<ConfigKey> budget() {
    return Budget.Unit.keys().stream()
        .map(
            key ->
                new ConfigKey(
                    "budget." + key,
                    Budget.Unit.class,
                    key.toUpperCase(Locale.ROOT).replace('-', '_'),
                    rooted("budget." + key, "budget", key),
                    ConfigKey.REQUIRED))
        .toList();
  }

  private List<ConfigKey> variant() {
    Map<String, String> words =
        Map.of(
            "label", MethodsBinder.LABEL_WORDS,
            "method", "a name of methods, lot-paper or lot-released",
            "match", "a label of this list",
            "set", "keys with values, dotted paths");
    return Arrays.stream(ExperimentConfig.Variant.class.getRecordComponents())
        .filter(component -> words.containsKey(component.getName()))
        .map(
            component ->
                new ConfigKey(
                    "methods[]." + component.getName(),
                    ExperimentConfig.Variant.class,
                    component.getName(),
                    words.get(component.getName()),
                    component.getName().equals("method")
                        ? ConfigKey.REQUIRED
                        : component.getName().equals("label") ? "the method's name" : "none"))
        .toList();
  }

  /** By name: in which order jars are found is nobody's decision. */
  private List<Catalog.Entry> sorted(Category category) {
    return catalog.entries(category).stream()
        .sorted(Comparator.comparing(Catalog.Entry::canonical).thenComparing(Catalog.Entry::name))
        .toList();
  }

  private List<KeySection> choices(Category category, String path) {
    List<KeySection> sections = new ArrayList<>();
    for (Catalog.Entry entry : sorted(category)) {
      boolean canonical = entry.canonical().equals(entry.name());
      String about = entry.description();
      if (!canonical) {
        Map<String, Object> decided = new LinkedHashMap<>(plain.keys(entry.defaults()));
        decided.keySet().retainAll(entry.fixed());
        about += "; " + entry.canonical() + " with " + YamlText.flow(decided);
      }
      List<ConfigKey> keys = canonical ? spec(path, entry) : List.of();
      sections.add(new KeySection(path, entry.name(), about, keys));
    }
    return sections;
  }

  private List<ConfigKey> spec(String path, Catalog.Entry entry) {
    if (!(entry.defaults() instanceof Record defaults)) {
      return List.of();
    }
    return keys(path, defaults.getClass(), Optional.of(defaults), entry.required());
  }

  private List<ConfigKey> checkpoint() {
    CheckpointConfig defaults = new CheckpointConfig(1, 2);
    return keys("checkpoint", CheckpointConfig.class, Optional.of(defaults), Set.of()).stream()
        .map(
            key ->
                new ConfigKey(
                    key.path(),
                    key.owner(),
                    key.component(),
                    key.allowed(),
                    usual.root(key.path())))
        .toList();
  }

  /** The keys of a record and of the records in it. */
  private List<ConfigKey> keys(
      String path, Class<?> type, Optional<Record> defaults, Set<String> required) {
    List<ConfigKey> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = Keys.kebab(component.getName());
      String full = path + "." + key;
      boolean given = defaults.isEmpty() || required.contains(key);
      String value = given ? ConfigKey.REQUIRED : usual.of(defaults.get(), key);
      keys.add(key(full, component, words(full, key, type, defaults), value));
      inner(component.getGenericType())
          .ifPresent(
              record -> keys.addAll(nested(full, component, record, defaults, required, key)));
    }
    return keys;
  }

  private List<ConfigKey> nested(
      String full,
      RecordComponent component,
      Class<?> record,
      Optional<Record> defaults,
      Set<String> required,
      String key) {
    Optional<Record> inside =
        required.contains(key)
            ? Optional.empty()
            : defaults
                .map(outer -> RecordBinder.component(component, outer))
                .filter(record::isInstance)
                .map(Record.class::cast);
    String at = component.getType() == List.class ? full + "[]" : full;
    return keys(at, record, inside, Set.of());
  }

  /** The record that a key's value is bound to, key by key. */
  private static Optional<Class<?>> inner(Type type) {
    if (type instanceof ParameterizedType generic
        && (generic.getRawType() == Optional.class || generic.getRawType() == List.class)) {
      return inner(generic.getActualTypeArguments()[0]);
    }
    return type instanceof Class<?> raw && raw.isRecord() && !Binder.hasCreator(raw)
        ? Optional.of(raw)
        : Optional.empty();
  }

  private String words(String path, String key, Class<?> type, Optional<Record> defaults) {
    Type kind = generic(type, key);
    if (kind instanceof ParameterizedType written && written.getRawType() == Map.class) {
      return "keys with values";
    }
    Optional<Class<?>> item = inner(kind);
    if (item.isPresent()
        && kind instanceof ParameterizedType list
        && list.getRawType() == List.class) {
      return "a list of {" + String.join(", ", Keys.of(item.get())) + "}";
    }
    String parent = path.substring(0, path.length() - key.length() - 1);
    return AllowedWords.of(
        path,
        (value, problems) -> {
          RecordBinder binder =
              new RecordBinder(new Binder(catalog, problems), parent, Set.of(), Set.of(), Set.of());
          YamlNode.Mapping node = YamlNode.Mapping.empty("").with(key, "", value);
          if (defaults.isPresent()) {
            binder.bind(node, defaults.get());
          } else {
            binder.bindWhole(node, type);
          }
        });
  }

  private static Type generic(Class<?> record, String key) {
    return Arrays.stream(record.getRecordComponents())
        .filter(component -> Keys.kebab(component.getName()).equals(key))
        .findFirst()
        .orElseThrow()
        .getGenericType();
  }

  /** The words of a key that the whole configuration is needed for. */
  private String rooted(String path, String section, String key) {
    return AllowedWords.of(
        path,
        (value, problems) ->
            bindRoot(problems, section, YamlNode.Mapping.empty("").with(key, "", value)));
  }

  private String rooted(String path, String key) {
    return AllowedWords.of(path, (value, problems) -> bindRoot(problems, key, value));
  }

  private void bindRoot(Problems problems, String key, YamlNode value) {
    YamlNode.Mapping root = YamlNode.Mapping.empty("").with(key, "", value);
    new RunBinder(catalog, problems, root).bind("name");
    new RunBinder(catalog, problems, root).seeds();
    new MethodsBinder(new Binder(catalog, problems)).read(root, List.of());
  }

  private static ConfigKey key(
      String path, RecordComponent component, String allowed, String value) {
    return new ConfigKey(path, component.getDeclaringRecord(), component.getName(), allowed, value);
  }
}
