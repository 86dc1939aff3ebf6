package lot4j.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * A mapping to a record: keys are the components in kebab case, what is not given comes from a
 * default instance. What the record's constructor refuses is reported at the key that it names, and
 * the rest is checked again with the default in its place.
 */
final class RecordBinder {
  private static final Object NOTHING = Optional.empty();
  private static final int MOST_LISTED = 16;

  private final Binder binder;
  private final String path;
  private final Set<String> required;
  private final Set<String> fixed;
  private final Set<String> others;
  private final boolean open;

  /**
   * A binder of one mapping.
   *
   * @param path of the mapping, empty for the root
   * @param required keys that have to be given
   * @param fixed keys that a name has decided
   * @param others keys that are allowed and read by someone else
   */
  RecordBinder(
      Binder binder, String path, Set<String> required, Set<String> fixed, Set<String> others) {
    this(binder, path, required, fixed, others, false);
  }

  private RecordBinder(
      Binder binder,
      String path,
      Set<String> required,
      Set<String> fixed,
      Set<String> others,
      boolean open) {
    this.binder = binder;
    this.path = path;
    this.required = required;
    this.fixed = fixed;
    this.others = others;
    this.open = open;
  }

  /** A binder that takes some keys of a mapping and leaves the others alone. */
  static RecordBinder some(Binder binder, String path) {
    return new RecordBinder(binder, path, Set.of(), Set.of(), Set.of(), true);
  }

  /** {@code path.key}. */
  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The record; empty if a required key is missing or the whole was refused. */
  <R> Optional<R> bind(YamlNode.Mapping node, R defaults) {
    return bind(node, type(defaults), Optional.of(defaults));
  }

  /** A record without defaults: every key has to be given. */
  <R> Optional<R> bindWhole(YamlNode.Mapping node, Class<R> type) {
    return bind(node, type, Optional.empty());
  }

  @SuppressWarnings("unchecked") // an object's class is its own
  private static <R> Class<R> type(R object) {
    return (Class<R>) object.getClass();
  }

  private <R> Optional<R> bind(YamlNode.Mapping node, Class<R> type, Optional<R> defaults) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys = Keys.of(type);
    if (!open) {
      unknownKeys(node, keys);
    }
    Object[] arguments = new Object[components.length];
    Set<String> given = new LinkedHashSet<>();
    boolean complete = true;
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      Object fallback = defaults.map(record -> component(component, record)).orElse(NOTHING);
      arguments[i] = fallback;
      String key = keys.get(i);
      Optional<YamlNode> written = node.at(key).filter(n -> !fixed.contains(key));
      if (written.isEmpty()) {
        if (required.contains(key) || defaults.isEmpty()) {
          binder.problems().add(node.where(), "missing key: " + join(path, key));
          complete = false;
        }
        continue;
      }
      Optional<Object> value =
          binder.value(
              component.getGenericType(),
              written.get(),
              join(path, key),
              fallback,
              absent(component));
      if (value.isPresent()) {
        arguments[i] = value.get();
        given.add(key);
      }
      complete &= value.isPresent() || defaults.isPresent();
    }
    if (!complete && defaults.isEmpty()) {
      return Optional.empty();
    }
    Optional<R> built = new Attempt<>(node, type, defaults, keys).construct(arguments, given);
    return complete ? built : Optional.empty();
  }

  private void unknownKeys(YamlNode.Mapping node, List<String> keys) {
    Set<String> allowed = new LinkedHashSet<>(keys);
    allowed.addAll(others);
    allowed.removeAll(fixed);
    node.entries()
        .forEach(
            (key, entry) -> {
              if (fixed.contains(key)) {
                binder
                    .problems()
                    .add(
                        entry.where(),
                        join(path, key)
                            + " = "
                            + Shown.of(entry.value())
                            + " is not allowed; the name has decided it");
              } else if (!allowed.contains(key)) {
                unknown(binder.problems(), entry, path, key, allowed);
              }
            });
  }

  static void unknown(
      Problems problems, YamlNode.Entry entry, String path, String key, Set<String> allowed) {
    String hint = NearestName.hint(key, allowed);
    if (hint.isEmpty()) {
      hint = allowed.isEmpty() ? "; no keys here" : listed(allowed);
    }
    problems.add(entry.where(), "unknown key: " + Shown.brief(join(path, key)) + hint);
  }

  private static String listed(Set<String> allowed) {
    return allowed.size() > MOST_LISTED ? "" : "; " + Keys.choice(new ArrayList<>(allowed));
  }

  /** Building a record until its constructor has nothing more to refuse. */
  private final class Attempt<R> {
    private final YamlNode.Mapping node;
    private final Class<R> type;
    private final Optional<R> defaults;
    private final List<String> keys;

    Attempt(YamlNode.Mapping node, Class<R> type, Optional<R> defaults, List<String> keys) {
      this.node = node;
      this.type = type;
      this.defaults = defaults;
      this.keys = keys;
    }

    Optional<R> construct(Object[] arguments, Set<String> given) {
      while (true) {
        try {
          return Optional.of(instance(type, arguments));
        } catch (IllegalArgumentException e) {
          Optional<String> key = report(String.valueOf(e.getMessage()), given);
          if (key.isEmpty() || defaults.isEmpty()) {
            return defaults;
          }
          int index = keys.indexOf(key.get());
          arguments[index] = component(type.getRecordComponents()[index], defaults.get());
        }
      }
    }

    /** Reports a refusal; the key that was given and is at fault, if the message names one. */
    private Optional<String> report(String message, Set<String> given) {
      Matcher form = Binder.REFUSAL.matcher(message);
      String key = form.matches() ? last(form.group("name")) : "";
      if (!keys.contains(key)) {
        binder.problems().add(node.where(), refused(message));
        return Optional.empty();
      }
      if (!given.remove(key)) {
        String rest = Shown.text(message.substring(form.end("name")));
        binder.problems().add(node.where(), join(path, key) + rest);
        return Optional.empty();
      }
      binder.problems().refuse(node.at(key).orElseThrow(), join(path, key), form.group("what"));
      return Optional.of(key);
    }
  }

  private String refused(String message) {
    String text = Shown.text(message);
    return path.isEmpty() ? text : path + ": " + text;
  }

  /** The key that a refusal names: {@code task.weightDecay} is {@code weight-decay}. */
  static String last(String name) {
    return Keys.kebab(name.substring(name.lastIndexOf('.') + 1).strip());
  }

  /** The word for a component that is empty. */
  static String absent(RecordComponent component) {
    WhenAbsent word = component.getAnnotation(WhenAbsent.class);
    return word == null ? "none" : word.value();
  }

  static Object component(RecordComponent component, Object record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static <R> R instance(Class<R> type, Object[] arguments) {
    try {
      Constructor<R> canonical =
          type.getDeclaredConstructor(
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new));
      canonical.setAccessible(true);
      return canonical.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("cannot build " + type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot build " + type, e);
    }
  }
}
