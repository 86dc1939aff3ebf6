package lot4j.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What holds where a key is not given, found out by binding configurations that do not give it: one
 * for each kind of task, one with a budget in updates, and so on. What differs stands in brackets
 * after the first one's value, with what it depends on.
 */
final class UsualValues {
  private static final String NONE = "none";
  private static final String XL = "transformer-xl";
  private static final String WIKI = "wikitext-103";
  private static final Map<String, String> WORDS =
      Map.of(
          "name", "the file's name",
          "task", ConfigKey.REQUIRED,
          "teacher", ConfigKey.REQUIRED,
          "budget", ConfigKey.REQUIRED,
          "methods",
              "[teacher-only, teacher-only-equal-compute, lot-paper] (rl: [teacher-only, lot-paper])",
          "students", "none (required where the method needs students)",
          "lot", "the objective's values",
          "checkpoint", "below",
          "student-optimizer", "the optimizer",
          "student-schedule", "the schedule");

  private final Catalog catalog;
  private final Plain plain;
  private final Map<String, Map<String, String>> roots = new LinkedHashMap<>();
  private final Map<Objective, Map<String, Map<String, String>>> lots = new LinkedHashMap<>();

  UsualValues(Catalog catalog) {
    this.catalog = catalog;
    this.plain = new Plain(catalog);
    List<String> kinds = new ArrayList<>(catalog.names(Category.TASK).stream().sorted().toList());
    if (kinds.remove("image")) {
      kinds.add(0, "image"); // what the others are compared with
    }
    for (String kind : kinds) {
      roots.put(kind, rootOf(drafted(task(kind), Map.of("budget", "{epochs: 100}"))));
    }
    if (!kinds.isEmpty()) {
      variants(kinds.get(0));
    }
    for (Objective objective : Objective.values()) {
      Map<String, Map<String, String>> lot = new LinkedHashMap<>();
      for (String kind : kinds) {
        lot.put(kind, lotOf(Objectives.of(objective, kind, "", "")));
        if (kind.equals("text")) {
          lot.put(XL, lotOf(Objectives.of(objective, kind, XL, "")));
          lot.put(WIKI, lotOf(Objectives.of(objective, kind, "", WIKI)));
        }
      }
      lots.put(objective, lot);
    }
  }

  private void variants(String kind) {
    Map<String, String> unvalidated = task(kind);
    unvalidated.put("validation", NONE);
    roots.put(
        "of budget.updates 1000", rootOf(drafted(task(kind), Map.of("budget", "{updates: 1000}"))));
    roots.put(
        "task.validation none", rootOf(drafted(unvalidated, Map.of("budget", "{epochs: 100}"))));
    roots.put(
        "of batch-size 64",
        rootOf(drafted(task(kind), Map.of("budget", "{epochs: 100}", "batch-size", "64"))));
  }

  /** The value of a key of a record, as YAML. */
  String of(Record defaults, String key) {
    return text(plain.keys(defaults).get(key));
  }

  /** Of a key of the root, or {@code checkpoint.every}. */
  String root(String key) {
    return WORDS.containsKey(key) ? WORDS.get(key) : collapsed(roots, key);
  }

  /** Of a key under {@code lot}. */
  String lot(String key) {
    List<String> values =
        lots.values().stream().map(contexts -> collapsed(contexts, key)).distinct().toList();
    if (values.size() == 1 || key.equals("objective")) {
      return values.get(0);
    }
    return lots.entrySet().stream()
        .map(entry -> Keys.word(entry.getKey()) + ": " + collapsed(entry.getValue(), key))
        .collect(Collectors.joining("; "));
  }

  /** Of a key beside a student's model. */
  String student(String key) {
    return switch (key) {
      case "model" -> ConfigKey.REQUIRED;
      case "lambda" -> "1 / number of students";
      default -> NONE;
    };
  }

  /** The first context's value, then those that differ, with their contexts. */
  private static String collapsed(Map<String, Map<String, String>> contexts, String key) {
    List<String> values = new ArrayList<>();
    Map<String, List<String>> others = new LinkedHashMap<>();
    contexts.forEach(
        (context, keys) -> {
          String value = keys.getOrDefault(key, NONE);
          values.add(value);
          if (!value.equals(values.get(0)) && !context.startsWith("of " + key + " ")) {
            others.computeIfAbsent(value, v -> new ArrayList<>()).add(context);
          }
        });
    String first = values.isEmpty() ? NONE : values.get(0);
    return others.isEmpty()
        ? first
        : first
            + others.entrySet().stream()
                .map(other -> String.join(", ", other.getValue()) + ": " + other.getKey())
                .collect(Collectors.joining("; ", " (", ")"));
  }

  /** The keys that a kind of task requires, with the values of its own defaults. */
  private Map<String, String> task(String kind) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("kind", kind);
    Catalog.Entry entry = catalog.entry(Category.TASK, kind).orElseThrow();
    Map<String, Object> defaults = plain.keys(entry.defaults());
    entry.required().forEach(key -> keys.put(key, YamlText.flow(defaults.get(key))));
    return keys;
  }

  private Draft drafted(Map<String, String> task, Map<String, String> others) {
    String flow =
        task.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
    YamlNode.Mapping root = YamlNode.Mapping.empty("").with("task", "", YamlTree.value("", flow));
    for (Map.Entry<String, String> other : others.entrySet()) {
      root = root.with(other.getKey(), "", YamlTree.value("", other.getValue()));
    }
    return new RunBinder(catalog, new Problems(), root).bind("name");
  }

  private Map<String, String> rootOf(Draft draft) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("method", draft.method());
    values.putAll(plain.keys(draft.batching()));
    values.putAll(plain.keys(draft.evaluation()));
    values.putAll(plain.keys(draft.execution()));
    YamlNode.Mapping nothing = YamlNode.Mapping.empty("");
    values.put("seeds", new RunBinder(catalog, new Problems(), nothing).seeds());
    draft
        .optimization()
        .ifPresent(
            o -> {
              values.put("optimizer", plain.spec(Category.OPTIMIZER, o.optimizer()));
              values.put("schedule", plain.spec(Category.SCHEDULE, o.schedule()));
            });
    plain.keys(draft.checkpoint()).forEach((key, value) -> values.put("checkpoint." + key, value));
    return written(values);
  }

  private Map<String, String> lotOf(LotConfig lot) {
    return written(plain.keys(lot));
  }

  private static Map<String, String> written(Map<String, Object> values) {
    Map<String, String> out = new LinkedHashMap<>();
    values.forEach((key, value) -> out.put(key, text(value)));
    return out;
  }

  private static String text(Object value) {
    return YamlText.flow(value instanceof Double number ? Plain.number(number) : value);
  }
}
