package lot4j.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import lot4j.Imitability;
import lot4j.ModelSpec;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;
import lot4j.train.TaskSpec;

/**
 * What can be named in a configuration: names to records with their default values. An instance is
 * filled once, by the {@link Extension}s, and only read afterwards.
 *
 * <p>A specification is registered as an instance that holds its defaults; its components are the
 * keys beside {@code kind} (or {@code model}).
 *
 * <pre>{@code
 * catalog.model("preresnet", new PreResNet(20), "pre-activation ResNet for small images");
 * catalog.alias("preresnet56", "preresnet", new PreResNet(56), Set.of("depth"), "…");
 * }</pre>
 */
public final class Catalog {
  private static final Set<String> RESERVED =
      Set.of("kind", "model", "lambda", "init-from", "lora", "freeze");

  private final Map<Category, Map<String, Entry>> entries = new EnumMap<>(Category.class);

  /** An empty catalog. */
  public Catalog() {
    for (Category category : Category.values()) {
      entries.put(category, new LinkedHashMap<>());
    }
  }

  /** Everything that the jars at hand bring, this module's own names included. */
  public static Catalog load() {
    Catalog catalog = new Catalog();
    ServiceLoader.load(Extension.class).forEach(extension -> extension.register(catalog));
    return catalog;
  }

  /**
   * A name.
   *
   * @param category what it stands for
   * @param name as written in a configuration
   * @param defaults a record with the values that hold where a key is not given
   * @param required keys that have no default
   * @param fixed keys that the name has decided
   * @param canonical the name to which all keys belong, the same as {@code name} unless an alias
   * @param description one line
   */
  public record Entry(
      Category category,
      String name,
      Object defaults,
      Set<String> required,
      Set<String> fixed,
      String canonical,
      String description) {
    /** Keeps copies of the sets. */
    public Entry {
      required = Set.copyOf(required);
      fixed = Set.copyOf(fixed);
    }
  }

  /** A network. */
  public <S extends Record & ModelSpec> Catalog model(String name, S defaults, String about) {
    return add(Category.MODEL, name, defaults, Set.of(), about);
  }

  /** A measure of imitability. */
  public Catalog metric(String name, MetricSpec spec, String about) {
    return add(Category.METRIC, name, spec, Set.of(), about);
  }

  /** An optimizer. */
  public <S extends Record & OptimizerSpec> Catalog optimizer(
      String name, S defaults, String about) {
    return add(Category.OPTIMIZER, name, defaults, Set.of(), about);
  }

  /** A learning-rate schedule; {@code required} are its keys without a default. */
  public <S extends Record & ScheduleSpec> Catalog schedule(
      String name, S defaults, Set<String> required, String about) {
    return add(Category.SCHEDULE, name, defaults, required, about);
  }

  /** A kind of task; {@code required} are its keys without a default, {@code data} for instance. */
  public <S extends Record & TaskSpec> Catalog task(
      String kind, S defaults, Set<String> required, String about) {
    return add(Category.TASK, kind, defaults, required, about);
  }

  /** A way to train. */
  public Catalog method(String name, MethodTraits traits, String about) {
    return add(Category.METHOD, name, traits, Set.of(), about);
  }

  /**
   * Anything.
   *
   * @throws IllegalArgumentException if the name is taken, or the record does not fit
   */
  public Catalog add(
      Category category, String name, Object defaults, Set<String> required, String about) {
    return put(new Entry(category, name, defaults, required, Set.of(), name, about));
  }

  /**
   * A further name for a specification, with some of its keys decided: {@code preresnet56} is
   * {@code {kind: preresnet, depth: 56}}.
   */
  public Catalog alias(
      Category category,
      String name,
      String canonical,
      Object defaults,
      Set<String> fixed,
      String about) {
    Entry target =
        entry(category, canonical)
            .orElseThrow(() -> new IllegalArgumentException("no such name: " + canonical));
    if (target.defaults().getClass() != defaults.getClass()) {
      throw new IllegalArgumentException(name + " is not a " + canonical);
    }
    return put(new Entry(category, name, defaults, target.required(), fixed, canonical, about));
  }

  /** A further name for a network: {@link #alias}. */
  public <S extends Record & ModelSpec> Catalog modelAlias(
      String name, String canonical, S defaults, Set<String> fixed, String about) {
    return alias(Category.MODEL, name, canonical, defaults, fixed, about);
  }

  private Catalog put(Entry entry) {
    if (!entry.category().type().isInstance(entry.defaults())) {
      throw new IllegalArgumentException(
          entry.name() + " is no " + entry.category().type().getSimpleName());
    }
    if (entry.category() != Category.METHOD && entry.defaults() instanceof Record record) {
      for (String key : Keys.of(record.getClass())) {
        if (RESERVED.contains(key)) {
          throw new IllegalArgumentException(entry.name() + ": key " + key + " is reserved");
        }
      }
    }
    if (entries.get(entry.category()).putIfAbsent(entry.name(), entry) != null) {
      throw new IllegalArgumentException(
          "name " + entry.name() + " is taken among the " + entry.category().plural());
    }
    return this;
  }

  /** The entry of a name. */
  public Optional<Entry> entry(Category category, String name) {
    return Optional.ofNullable(entries.get(category).get(name));
  }

  /** The entries of a category in the order of their registration. */
  public List<Entry> entries(Category category) {
    return new ArrayList<>(entries.get(category).values());
  }

  /** The names of a category in the order of their registration. */
  public List<String> names(Category category) {
    return new ArrayList<>(entries.get(category).keySet());
  }

  /**
   * The name that a specification was registered under: the canonical one, whose keys can express
   * every value.
   *
   * @throws IllegalArgumentException if its class has no name
   */
  public Entry entryOf(Category category, Object spec) {
    return entries.get(category).values().stream()
        .filter(entry -> entry.defaults().getClass() == spec.getClass())
        .filter(entry -> entry.canonical().equals(entry.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    spec.getClass().getSimpleName()
                        + " has no name among the "
                        + category.plural()));
  }

  /** The traits of a method that is known to exist. */
  public MethodTraits method(String name) {
    return (MethodTraits)
        entry(Category.METHOD, name)
            .orElseThrow(() -> new IllegalArgumentException("no such method: " + name))
            .defaults();
  }

  /**
   * The measure of a metric's name.
   *
   * @throws IllegalArgumentException if there is no such name
   */
  public Imitability metric(String name, double temperature, boolean scaleByT2) {
    MetricSpec spec =
        (MetricSpec)
            entry(Category.METRIC, name)
                .orElseThrow(() -> new IllegalArgumentException("no such metric: " + name))
                .defaults();
    return spec.with(temperature, scaleByT2);
  }
}
