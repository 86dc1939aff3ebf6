package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Teacher-only training of a language model at its published size: tokens a second.
 *
 * @param name the benchmark's
 * @param base which model
 */
record LanguageStep(String name, Subject base) implements Benchmark {
  private static final int ROUNDS = 5;
  static final String UNIT = "tokens/s";

  @Override
  public String about() {
    return String.format(
        Locale.ROOT,
        "tokens per second: %s, teacher only, %d x %d tokens, by precision and threads",
        base.title(),
        base.batch(),
        base.length());
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    List<Series> all = new ArrayList<>();
    try (GeneratedText text = GeneratedText.make()) {
      rounds
          .of(UNIT, variants(settings, text))
          .forEach((name, series) -> all.add(withStep(series, settings)));
    }
    return new Findings(name, all, List.of());
  }

  /** The time of a step beside the rate, unless the user changed how long a piece is. */
  private Series withStep(Series series, Settings settings) {
    if (!settings.set().isEmpty()) {
      return series;
    }
    double tokens = (double) batch(settings) * base.length();
    return series.beside(
        String.format(Locale.ROOT, "%.0f ms a step", 1000 * tokens / series.median()));
  }

  private int batch(Settings settings) {
    return settings.batch().orElse(base.batch());
  }

  private List<Variant> variants(Settings settings, GeneratedText text) {
    List<Variant> variants = new ArrayList<>();
    List<Integer> threads = settings.threads(1, 2);
    for (String precision : List.of("float32", "bfloat16")) {
      for (int n : threads) {
        String what = precision + ", " + ImageStep.threads(n);
        Workload workload = Workload.of(base, what, n, settings, "precision=" + precision);
        variants.add(Processes.alone(workload, text.directory()));
      }
    }
    Peer.ofLanguage(settings)
        .ifPresent(
            peer -> {
              for (String precision : List.of("float32", "bfloat16")) {
                for (int n : threads) {
                  String what = "PyTorch (Python), " + precision + ", " + ImageStep.threads(n);
                  variants.add(peer.at(what, base, n, batch(settings), precision));
                }
              }
            });
    return variants;
  }
}
