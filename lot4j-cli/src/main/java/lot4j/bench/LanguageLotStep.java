package lot4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What an update of a language model with LoT costs over a teacher-only one, beside what its FLOPs
 * say. In float32 unless the user overrides it.
 *
 * @param name the benchmark's
 * @param base which model
 */
record LanguageLotStep(String name, Subject base) implements Benchmark {
  private static final int ROUNDS = 3;

  /** The same for all models: the ratios hardly depend on it, the time of a round does. */
  private static final int BATCH = 20;

  @Override
  public String about() {
    return String.format(
        Locale.ROOT,
        "%s, %d x %d tokens: time of a LoT update over a teacher-only one, beside their FLOPs",
        base.title(),
        BATCH,
        base.length());
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Series> all = new ArrayList<>();
    for (int threads : settings.threads(1)) {
      all.addAll(one(settings, progress, threads));
    }
    return new Findings(
        name,
        all,
        List.of(
            "Ideal: FLOPs that the networks were asked for, backward counted as two forwards."));
  }

  /** Overrides by name; the first is what the others are compared with. */
  private Map<String, List<String>> methods(Settings settings) {
    Map<String, List<String>> methods = new LinkedHashMap<>();
    methods.put("teacher only", List.of("method=teacher-only"));
    for (String objective : List.of("paper", "released")) {
      for (int steps : new int[] {1, 2, 5}) {
        methods.put(objective + ", N = " + steps, LotStep.lot(objective, steps));
      }
    }
    methods.putAll(LotStep.threeStudents(base, settings));
    return methods;
  }

  private List<Series> one(Settings settings, Consumer<String> progress, int threads) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    List<Repeated> variants = new ArrayList<>();
    try (GeneratedText text = GeneratedText.make()) {
      methods(settings)
          .forEach(
              (what, set) -> {
                List<String> keys = new ArrayList<>(set);
                keys.add("batch-size=" + BATCH);
                String[] overrides = keys.toArray(String[]::new);
                Workload workload = Workload.of(base, what, threads, settings, overrides);
                variants.add(new Repeated(workload, text.directory()));
              });
      Map<String, Series> series = rounds.keeping(LanguageStep.UNIT, variants);
      return LotStep.table(LanguageStep.UNIT, ImageStep.threads(threads), variants, series);
    } finally {
      variants.forEach(Repeated::close);
    }
  }
}
