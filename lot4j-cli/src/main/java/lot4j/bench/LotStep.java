package lot4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What an update with LoT costs over a teacher-only one, beside what its FLOPs say. */
final class LotStep implements Benchmark {
  private static final int ROUNDS = 7;

  @Override
  public String name() {
    return "lot-step";
  }

  @Override
  public String about() {
    return "time of a LoT update over a teacher-only update, beside the ratio of their FLOPs";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Series> all = new ArrayList<>();
    for (String precision : List.of("float32", "bfloat16")) {
      for (int threads : settings.threads(1)) {
        all.addAll(one(settings, progress, precision, threads));
      }
    }
    return new Findings(
        name(),
        all,
        List.of(
            "Ideal: FLOPs that the networks were asked for, backward counted as two forwards."));
  }

  /** Overrides by name; the first is what the others are compared with. */
  private static Map<String, List<String>> methods(Settings settings) {
    Map<String, List<String>> methods = new LinkedHashMap<>();
    methods.put("teacher only", List.of("method=teacher-only"));
    methods.put("paper, N = 1", lot("paper", 1));
    methods.put("paper, N = 2", lot("paper", 2));
    methods.put("paper, N = 1, on task-batch", lot("paper", 1, "lot.regularize-on=task-batch"));
    methods.put(
        "paper, N = 1, on student-batch", lot("paper", 1, "lot.regularize-on=student-batch"));
    methods.put("released, N = 1", lot("released", 1));
    methods.put("released, N = 2", lot("released", 2));
    methods.put("paper, N = 5", lot("paper", 5));
    methods.put("released, N = 5", lot("released", 5));
    methods.putAll(threeStudents(Subject.IMAGES, settings));
    return methods;
  }

  /** Both objectives with three students, unless the user says which students there are. */
  static Map<String, List<String>> threeStudents(Subject base, Settings settings) {
    Map<String, List<String>> methods = new LinkedHashMap<>();
    if (settings.set().stream().noneMatch(each -> each.startsWith("students"))) {
      for (String objective : List.of("paper", "released")) {
        methods.put(objective + ", N = 1, 3 students", lot(objective, 1, base.students(3)));
      }
    }
    return methods;
  }

  /** The overrides of an objective. */
  static List<String> lot(String objective, int steps, String... more) {
    List<String> set = new ArrayList<>();
    set.add("method=lot");
    set.add("lot={objective: " + objective + ", steps: " + steps + "}");
    set.addAll(Arrays.asList(more));
    return set;
  }

  private static List<Series> one(
      Settings settings, Consumer<String> progress, String precision, int threads) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    List<Repeated> variants = new ArrayList<>();
    try (GeneratedImages images = GeneratedImages.make()) {
      methods(settings)
          .forEach(
              (name, set) -> {
                List<String> keys = new ArrayList<>(set);
                keys.add("precision=" + precision);
                String[] overrides = keys.toArray(String[]::new);
                variants.add(new Repeated(Workload.of(name, threads, settings, overrides), images));
              });
      Map<String, Series> series = rounds.keeping("images/s", variants);
      return table("images/s", precision + ", " + ImageStep.threads(threads), variants, series);
    } finally {
      variants.forEach(Repeated::close);
    }
  }

  /**
   * The first variant's rate, and how many times as long as it the others take.
   *
   * @param where what all have in common
   */
  static List<Series> table(
      String unit, String where, List<Repeated> variants, Map<String, Series> series) {
    Repeated alone = variants.get(0);
    Series aloneRates = series.get(alone.name());
    List<Series> table = new ArrayList<>();
    table.add(Series.of(where + ": " + alone.name(), unit, aloneRates.values()));
    for (Repeated lot : variants.subList(1, variants.size())) {
      double ideal = lot.flopsPerUpdate() / alone.flopsPerUpdate();
      Series ratio = aloneRates.over(series.get(lot.name()), where + ": " + lot.name());
      table.add(
          ratio.beside(
              String.format(Locale.ROOT, "ideal %.3f, × %.3f", ideal, ratio.median() / ideal)));
    }
    return table;
  }
}
