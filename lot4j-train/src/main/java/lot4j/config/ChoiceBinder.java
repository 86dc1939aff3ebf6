package lot4j.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A component written as a name or with its parameters: both bind to the same record. */
final class ChoiceBinder {
  private final Binder binder;

  ChoiceBinder(Binder binder) {
    this.binder = binder;
  }

  /**
   * What was chosen.
   *
   * @param name as written
   * @param spec the record
   */
  record Choice(String name, Object spec) {}

  /**
   * The specification that a node names.
   *
   * @param others keys that stand beside and are read by someone else
   * @param usual the name that holds where none is given
   */
  Optional<Choice> choose(
      Category category, YamlNode node, String path, Set<String> others, Optional<String> usual) {
    if (node instanceof YamlNode.Scalar scalar && !scalar.isNothing()) {
      if (category == Category.ALPHA && scalar.value().orElseThrow() instanceof Number number) {
        return constant(scalar, path, number.doubleValue());
      }
      Optional<Choice> named = withArgument(category, scalar, path, others);
      if (named.isPresent()) {
        return named;
      }
      YamlNode.Mapping empty = YamlNode.Mapping.empty(node.where());
      return entry(category, node, path).flatMap(entry -> bind(entry, empty, path, others));
    }
    Optional<YamlNode.Mapping> mapping = binder.mapping(node, path);
    return mapping.flatMap(map -> choose(category, map, path, others, usual));
  }

  private Optional<Choice> choose(
      Category category,
      YamlNode.Mapping written,
      String path,
      Set<String> others,
      Optional<String> usual) {
    YamlNode.Mapping map = category == Category.MODEL ? spelledOut(written) : written;
    List<String> words = category == Category.MODEL ? List.of("model", "kind") : List.of("kind");
    Optional<String> word = words.stream().filter(map::has).findFirst();
    if (word.isEmpty() && usual.isEmpty()) {
      binder.problems().add(map.where(), "missing key: " + RecordBinder.join(path, words.get(0)));
      return Optional.empty();
    }
    if (word.isEmpty()) {
      return bind(binder.catalog().entry(category, usual.get()).orElseThrow(), map, path, others);
    }
    YamlNode name = map.at(word.get()).orElseThrow();
    YamlNode.Mapping rest = map.without(word.get());
    if (name instanceof YamlNode.Mapping inner) {
      if (!word.get().equals("model")) {
        binder.problems().refuse(name, RecordBinder.join(path, "kind"), "a name");
        return Optional.empty();
      }
      new RecordBinder(binder, path, Set.of(), Set.of(), new TreeSet<>(others))
          .bind(rest, new None());
      return choose(category, inner, RecordBinder.join(path, "model"), Set.of(), usual);
    }
    return entry(category, name, RecordBinder.join(path, word.get()))
        .flatMap(entry -> bind(entry, rest, path, others));
  }

  /** {@code {name: value}}, short for a network with one required key. */
  private YamlNode.Mapping spelledOut(YamlNode.Mapping map) {
    if (map.has("model") || map.has("kind")) {
      return map;
    }
    for (Catalog.Entry entry : binder.catalog().entries(Category.MODEL)) {
      if (entry.required().size() == 1 && map.has(entry.name())) {
        YamlNode.Entry pair = map.entries().get(entry.name());
        return map.without(entry.name())
            .with("model", pair.where(), YamlNode.text(pair.where(), entry.name()))
            .with(entry.required().iterator().next(), pair.where(), pair.value());
      }
    }
    return map;
  }

  /** {@code name:argument}, short for the name and its one required key. */
  private Optional<Choice> withArgument(
      Category category, YamlNode.Scalar scalar, String path, Set<String> others) {
    String text = scalar.text();
    int colon = text.indexOf(':');
    if (category != Category.ENVIRONMENT || colon < 0) {
      return Optional.empty();
    }
    return binder
        .catalog()
        .entry(category, text.substring(0, colon))
        .filter(entry -> entry.required().size() == 1)
        .flatMap(
            entry -> {
              String key = entry.required().iterator().next();
              YamlNode.Scalar argument = YamlNode.text(scalar.where(), text.substring(colon + 1));
              YamlNode.Mapping keys =
                  YamlNode.Mapping.empty(scalar.where()).with(key, scalar.where(), argument);
              return bind(entry, keys, path, others);
            });
  }

  private record None() {}

  private Optional<Choice> constant(YamlNode.Scalar scalar, String path, double value) {
    if (value >= 0 && Double.isFinite(value)) {
      return Optional.of(new Choice("constant", new AlphaSchedule.Constant(value)));
    }
    binder.problems().refuse(scalar, path, AlphaSchedule.ALLOWED);
    return Optional.empty();
  }

  /** The entry of a name; a name that does not exist is reported with the nearest that does. */
  Optional<Catalog.Entry> entry(Category category, YamlNode name, String path) {
    Optional<Catalog.Entry> found =
        name instanceof YamlNode.Scalar scalar && scalar.value().orElse("") instanceof String text
            ? binder.catalog().entry(category, text)
            : Optional.empty();
    if (found.isEmpty()) {
      List<String> names = binder.catalog().names(category);
      String hint =
          name instanceof YamlNode.Scalar scalar ? NearestName.hint(scalar.text(), names) : "";
      String allowed = names.size() <= 8 ? Keys.choice(names) : "a name of " + category.plural();
      if (category == Category.ALPHA) {
        allowed = "a number, or {kind: " + String.join("|", names) + ", …}";
      }
      binder.problems().refuse(name, path, allowed + hint);
    }
    return found;
  }

  private Optional<Choice> bind(
      Catalog.Entry entry, YamlNode.Mapping keys, String path, Set<String> others) {
    if (!(entry.defaults() instanceof Record)) {
      return Optional.of(new Choice(entry.name(), entry.defaults()));
    }
    return new RecordBinder(binder, path, entry.required(), entry.fixed(), new TreeSet<>(others))
        .bind(keys, entry.defaults())
        .map(spec -> new Choice(entry.name(), spec));
  }
}
