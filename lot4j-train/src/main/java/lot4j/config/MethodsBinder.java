package lot4j.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The list {@code methods}: names, or {@code {label, method, match, set}}. */
final class MethodsBinder {
  /** Names that stand for {@code lot} with every key of the objectives' table. */
  static final Map<String, Objective> BUILT_IN =
      Map.of("lot-paper", Objective.PAPER, "lot-released", Objective.RELEASED);

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");

  /** What a label may be. */
  static final String LABEL_WORDS = "letters, digits and . _ @ + -";

  private static final Set<String> NOT_SET = Set.of("name", "method", "methods", "seeds");
  private static final Set<String> KEYS =
      new LinkedHashSet<>(List.of("label", "method", "match", "set"));

  private final Binder binder;
  private final Problems problems;

  MethodsBinder(Binder binder) {
    this.binder = binder;
    this.problems = binder.problems();
  }

  /**
   * One entry as written.
   *
   * @param node where it stands
   * @param label its own, or the method's name
   * @param method as written
   * @param match the label that it names
   * @param set its own keys
   */
  record Written(
      YamlNode node,
      String label,
      String method,
      Optional<String> match,
      Map<String, YamlNode.Entry> set) {}

  /** The entries; those of the default where the key is not given. */
  List<Written> read(YamlNode.Mapping root, List<String> usual) {
    Optional<YamlNode> node = root.at("methods");
    if (node.isEmpty()) {
      return usual.stream().map(name -> plain(YamlNode.text(root.where(), name), name)).toList();
    }
    if (!(node.get() instanceof YamlNode.Sequence sequence) || sequence.items().isEmpty()) {
      problems.refuse(node.get(), "methods", "a list of names or of {label, method, set}");
      return List.of();
    }
    List<Written> found = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      entry(sequence.items().get(i), "methods[" + i + "]").ifPresent(found::add);
    }
    labels(found);
    return found;
  }

  private static Written plain(YamlNode node, String name) {
    return new Written(node, name, name, Optional.empty(), Map.of());
  }

  private Optional<Written> entry(YamlNode node, String path) {
    if (!(node instanceof YamlNode.Mapping map)) {
      return name(node, path).map(name -> plain(node, name));
    }
    map.entries()
        .forEach(
            (key, entry) -> {
              if (!KEYS.contains(key)) {
                RecordBinder.unknown(problems, entry, path, key, KEYS);
              }
            });
    Optional<YamlNode> method = map.at("method");
    if (method.isEmpty()) {
      problems.add(map.where(), "missing key: " + path + ".method");
      return Optional.empty();
    }
    Optional<String> label = text(map, "label", path, LABEL_WORDS);
    Optional<String> match = text(map, "match", path, "a label of this list");
    Map<String, YamlNode.Entry> set = new LinkedHashMap<>();
    map.at("set")
        .flatMap(written -> binder.mapping(written, path + ".set"))
        .ifPresent(keys -> keys.entries().forEach((key, entry) -> own(key, entry, path, set)));
    return name(method.get(), path + ".method")
        .map(name -> new Written(map, label.orElse(name), name, match, set));
  }

  private void own(String key, YamlNode.Entry entry, String path, Map<String, YamlNode.Entry> set) {
    String first = key.split("[.\\[]", 2)[0];
    if (NOT_SET.contains(first)) {
      problems.add(
          entry.where(),
          path + ".set." + Shown.brief(key) + " is not allowed; it is the same for all methods");
    } else {
      set.put(key, entry);
    }
  }

  private Optional<String> text(YamlNode.Mapping map, String key, String path, String what) {
    Optional<YamlNode> node = map.at(key);
    Optional<String> text =
        node.filter(YamlNode.Scalar.class::isInstance)
            .map(written -> ((YamlNode.Scalar) written).text())
            .filter(written -> LABEL.matcher(written).matches());
    if (node.isPresent() && text.isEmpty()) {
      problems.refuse(node.get(), path + "." + key, what);
    }
    return text;
  }

  private Optional<String> name(YamlNode node, String path) {
    List<String> names = names();
    Optional<String> name =
        ScalarBinder.value(String.class, node).map(String.class::cast).filter(names::contains);
    if (name.isEmpty()) {
      problems.refuse(node, path, allowed(node));
    }
    return name;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(binder.catalog().names(Category.METHOD));
    BUILT_IN.keySet().stream().sorted().forEach(names::add);
    return names;
  }

  private String allowed(YamlNode node) {
    List<String> names = names();
    String hint =
        node instanceof YamlNode.Scalar scalar ? NearestName.hint(scalar.text(), names) : "";
    return (names.size() <= 8 ? Keys.choice(names) : "a name of methods") + hint;
  }

  /** The name under {@code method}; {@code lot} where none is given. */
  String method(YamlNode.Mapping root) {
    return root.at("method").flatMap(node -> name(node, "method")).orElse("lot");
  }

  private void labels(List<Written> found) {
    Set<String> labels = new LinkedHashSet<>();
    for (Written written : found) {
      if (!labels.add(written.label())) {
        problems.add(
            written.node().where(),
            "label " + written.label() + " is not allowed twice; a label of its own");
      }
    }
    for (Written written : found) {
      matches(written, found);
    }
  }

  private void matches(Written written, List<Written> all) {
    boolean matching = traits(written).match() != MethodTraits.Match.NONE;
    if (written.match().isPresent()) {
      String label = written.match().get();
      List<String> labels = all.stream().filter(this::free).map(Written::label).toList();
      if (!labels.contains(label)) {
        problems.add(
            written.node().where(),
            "match = "
                + label
                + " is not allowed; "
                + (labels.isEmpty()
                    ? "the label of a method that goes by the budget"
                    : Keys.choice(labels))
                + NearestName.hint(label, labels));
      }
    } else if (matching && all.stream().noneMatch(this::costs)) {
      problems.add(
          written.node().where(),
          written.method() + " has nothing to match; a method with students, lot-paper for one");
    }
  }

  /** Whether it goes by the budget and not by another method's compute. */
  private boolean free(Written other) {
    return other.match().isEmpty() && traits(other).match() == MethodTraits.Match.NONE;
  }

  private boolean costs(Written other) {
    return traits(other).students() && free(other);
  }

  MethodTraits traits(Written written) {
    return binder.catalog().method(plainName(written.method()));
  }

  /** The method that does the work: {@code lot} for {@code lot-paper}. */
  static String plainName(String method) {
    return BUILT_IN.containsKey(method) ? "lot" : method;
  }

  /**
   * The tree that an entry stands for: objective first, its own keys over it.
   *
   * @param root what the file says
   */
  YamlNode.Mapping tree(YamlNode.Mapping root, Written written) {
    YamlNode.Mapping tree = objective(root, written.method(), written.label());
    String where = written.node().where();
    tree = tree.with("method", where, YamlNode.text(where, plainName(written.method())));
    for (Map.Entry<String, YamlNode.Entry> own : written.set().entrySet()) {
      YamlNode.Entry entry = own.getValue();
      tree = TreeEdit.set(tree, own.getKey(), entry.where(), entry.value(), problems);
    }
    return tree;
  }

  /** The tree with the keys of the table taken out where a built-in name decides them. */
  static YamlNode.Mapping objective(YamlNode.Mapping root, String method, String label) {
    Optional<Objective> objective =
        Optional.ofNullable(BUILT_IN.get(method))
            .or(() -> Optional.ofNullable(BUILT_IN.get(label)).filter(o -> method.equals("lot")));
    if (objective.isEmpty()) {
      return root;
    }
    YamlNode.Mapping lot =
        root.at("lot")
            .filter(YamlNode.Mapping.class::isInstance)
            .map(YamlNode.Mapping.class::cast)
            .orElse(YamlNode.Mapping.empty(root.where()))
            .without(Objectives.KEYS.toArray(String[]::new));
    YamlNode word = YamlNode.text(root.where(), Keys.word(objective.get()));
    return withoutPasses(root).with("lot", root.where(), lot.with("objective", root.where(), word));
  }

  private static YamlNode.Mapping withoutPasses(YamlNode.Mapping root) {
    return root.at(Objectives.REPLAY)
        .filter(YamlNode.Mapping.class::isInstance)
        .map(YamlNode.Mapping.class::cast)
        .map(replay -> replay.without(Objectives.PASSES))
        .map(replay -> root.with(Objectives.REPLAY, replay.where(), replay))
        .orElse(root);
  }
}
