package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Methods × seeds: what {@code lot compare} has found, so far or finally.
 *
 * <p>Immutable. {@link #json}, {@link #text}, {@link #markdown}, {@link #html} and {@link #picture}
 * are five views of the same numbers; only the first is unrounded.
 */
public final class Comparison {
  private final String name;
  private final List<Long> seeds;
  private final Optional<Metric> primary;
  private final boolean reinforcement;
  private final List<MethodResult> methods;
  private final List<Pair> pairs;
  private final Claims claims;
  private final List<Finding> findings;
  private final List<Rivals> rivals;

  private Comparison(String name, List<RunDirectory> runs) {
    this.name = name;
    this.seeds =
        List.copyOf(
            runs.stream().map(RunDirectory::seed).collect(Collectors.toCollection(TreeSet::new)));
    this.primary = primaryOf(runs);
    this.reinforcement =
        primary.filter(Metric::isReturn).isPresent()
            || runs.stream().anyMatch(run -> run.taskKind().equals("rl"));
    this.methods =
        byLabel(runs).entrySet().stream()
            .map(entry -> MethodResult.of(entry.getKey(), entry.getValue(), seeds))
            .toList();
    this.pairs = pairsOf(methods, primary);
    this.claims = Claims.of(methods, reinforcement);
    this.findings =
        methods.stream()
            .filter(MethodResult::isLot)
            .map(
                lot ->
                    Finding.of(
                        lot,
                        Baselines.of(lot, methods, reinforcement),
                        primary,
                        reinforcement,
                        claims))
            .toList();
    this.rivals =
        methods.stream()
            .filter(MethodResult::isLot)
            .flatMap(lot -> primary.flatMap(metric -> Rivals.of(lot, methods, metric)).stream())
            .toList();
  }

  /**
   * The comparison of these runs, grouped by label; labels stand in the order of first appearance.
   *
   * @throws ReportException if two runs have one label and one seed, a label stands for two
   *     methods, or the runs are measured by different metrics
   */
  public static Comparison of(String name, List<RunDirectory> runs) {
    return new Comparison(name, List.copyOf(runs));
  }

  /** Whether {@code directory} looks like what {@code lot compare} writes. */
  public static boolean isComparison(Path directory) {
    return Files.isDirectory(directory.resolve("runs")) && !RunDirectory.isRun(directory);
  }

  /**
   * Reads the runs of a comparison directory. Name and order of the methods are those of its {@code
   * compare.json}; without one, the runs' own name, and baselines before LoT.
   *
   * @throws ReportException naming the file, if something is missing or damaged
   */
  public static Comparison read(Path directory) {
    Path folder = directory.resolve("runs");
    if (!Files.isDirectory(folder)) {
      throw new ReportException(directory, "not a comparison: no directory 'runs' in it");
    }
    List<RunDirectory> runs;
    try (Stream<Path> entries = Files.list(folder)) {
      runs = entries.sorted().filter(RunDirectory::isRun).map(RunDirectory::read).toList();
    } catch (IOException e) {
      throw new ReportException(folder, "cannot be read: " + e.getMessage(), e);
    }
    if (runs.isEmpty()) {
      throw new ReportException(folder, "no run in it");
    }
    Path file = directory.resolve("compare.json");
    List<String> order = new ArrayList<>();
    String name = runs.get(0).name();
    if (Files.exists(file)) {
      JsonFile json = JsonFile.read(file);
      json.child("methods").object().fieldNames().forEachRemaining(order::add);
      name = json.text("name").orElse(name);
    }
    return of(name, sorted(runs, order));
  }

  /** The runs by the order of their labels; labels not in {@code order} follow, baselines first. */
  static List<RunDirectory> sorted(List<RunDirectory> runs, List<String> order) {
    return runs.stream()
        .sorted(
            Comparator.comparingInt(
                    (RunDirectory run) ->
                        order.contains(run.label()) ? order.indexOf(run.label()) : order.size())
                .thenComparing(run -> Baselines.rank(run.method()))
                .thenComparing(RunDirectory::label)
                .thenComparing(RunDirectory::seed))
        .toList();
  }

  /** The comparison's name. */
  public String name() {
    return name;
  }

  /** Every seed that any method has, ascending. */
  public List<Long> seeds() {
    return seeds;
  }

  /** What is compared; empty until a run has finished. */
  public Optional<Metric> primary() {
    return primary;
  }

  /**
   * Whether it is reinforcement learning: samples are environment steps, interquartile means come
   * first, and LoT is held against teacher-only at equal steps.
   */
  public boolean isReinforcement() {
    return reinforcement;
  }

  /** The methods in order. */
  public List<MethodResult> methods() {
    return methods;
  }

  /** Every pair of methods once; LoT variants stand first in their pairs. */
  public List<Pair> pairs() {
    return pairs;
  }

  /** Methods against their baselines, with p values corrected for their number. */
  Claims claims() {
    return claims;
  }

  /** One finding per LoT variant. */
  public List<Finding> findings() {
    return findings;
  }

  /** Every LoT variant beside the methods that are neither LoT nor baselines, if there are any. */
  public List<Rivals> rivals() {
    return rivals;
  }

  /** The findings in words, one sentence per LoT variant. */
  public String verdict() {
    return findings.isEmpty()
        ? "Nothing to judge: no method here is LoT."
        : findings.stream().map(Finding::sentence).collect(Collectors.joining(" "));
  }

  /** The pair of a method and its baseline, method − baseline; empty for baselines themselves. */
  public Optional<Pair> againstBaseline(MethodResult method) {
    if (method.isEqualCompute() || primary.isEmpty()) {
      return Optional.empty();
    }
    boolean higher = primary.get().higherIsBetter();
    return Baselines.of(method, methods, reinforcement)
        .map(other -> Pair.of(method, other, higher));
  }

  /** Whether differences are to plain teacher-only, because nothing has equal compute. */
  boolean againstPlain() {
    return methods.stream().noneMatch(MethodResult::isEqualCompute)
        || reinforcement && teacherOnly().isPresent();
  }

  /** The plain teacher-only method, if it takes part. */
  public Optional<MethodResult> teacherOnly() {
    return methods.stream().filter(method -> method.method().equals("teacher-only")).findFirst();
  }

  /** The names of the data, as the runs recorded them; normally one. */
  public String data() {
    return methods.stream()
        .flatMap(method -> method.runs().stream())
        .map(RunDirectory::data)
        .filter(data -> !data.isEmpty())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The document {@code compare.json}. */
  public ObjectNode json() {
    return ComparisonJson.of(this);
  }

  /** Table and verdict for a terminal, without colours. */
  public String text() {
    return TextTable.of(this);
  }

  /** The document {@code report.md}. */
  public String markdown() {
    return MarkdownTable.of(this);
  }

  /** The document {@code report.html}, self-contained. */
  public String html() {
    return PageDocument.of(List.of(this)).html();
  }

  /** A picture of differences and learning curves, a self-contained SVG document. */
  public String picture() {
    return Picture.of(this);
  }

  private static Map<String, List<RunDirectory>> byLabel(List<RunDirectory> runs) {
    Map<String, List<RunDirectory>> byLabel = new LinkedHashMap<>();
    for (RunDirectory run : runs) {
      List<RunDirectory> same = byLabel.computeIfAbsent(run.label(), key -> new ArrayList<>());
      for (RunDirectory other : same) {
        if (other.seed() == run.seed()) {
          throw new ReportException(
              run.path(),
              "label "
                  + run.label()
                  + " with seed "
                  + run.seed()
                  + " stands in "
                  + other.path()
                  + " too");
        }
        if (!other.method().equals(run.method())) {
          throw new ReportException(
              run.path(),
              "label "
                  + run.label()
                  + " is method "
                  + run.method()
                  + " here and "
                  + other.method()
                  + " in "
                  + other.path());
        }
      }
      same.add(run);
    }
    return byLabel;
  }

  private static Optional<Metric> primaryOf(List<RunDirectory> runs) {
    Optional<Metric> primary = Optional.empty();
    for (RunDirectory run : runs) {
      Optional<Metric> own = run.result().map(FinalResult::primary);
      if (primary.isPresent() && own.isPresent() && !own.equals(primary)) {
        throw new ReportException(
            run.path(),
            "measured by " + own.get().words() + ", other runs by " + primary.get().words());
      }
      primary = primary.or(() -> own);
    }
    return primary;
  }

  private static List<Pair> pairsOf(List<MethodResult> methods, Optional<Metric> primary) {
    boolean higher = primary.map(Metric::higherIsBetter).orElse(true);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < methods.size(); i++) {
      for (int j = i + 1; j < methods.size(); j++) {
        MethodResult earlier = methods.get(i);
        MethodResult later = methods.get(j);
        boolean swap = later.isLot() || !earlier.isLot();
        pairs.add(swap ? Pair.of(later, earlier, higher) : Pair.of(earlier, later, higher));
      }
    }
    return pairs;
  }
}
