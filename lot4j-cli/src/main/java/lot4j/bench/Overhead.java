package lot4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What trainer and method cost beside a hand-written loop. */
final class Overhead implements Benchmark {
  private static final int ROUNDS = 15;
  private static final int OTHER_ROUNDS = 5;
  private static final String AIM = "aim 1.02";

  @Override
  public String name() {
    return "bare-loop";
  }

  @Override
  public String about() {
    return "the trainer beside a hand-written loop of the same arithmetic; the aim: under 2 %";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Series> all = new ArrayList<>();
    for (String precision : List.of("float32", "bfloat16")) {
      for (int threads : settings.threads(1)) {
        String where = precision + ", " + ImageStep.threads(threads);
        one(settings, progress, precision, threads).forEach(each -> all.add(at(where, each)));
      }
    }
    // Other models have their own keys: where the user changes some, they are left out.
    if (settings.set().isEmpty()) {
      for (int threads : settings.threads(1)) {
        String where = "float32, " + ImageStep.threads(threads);
        for (Other other : Other.all()) {
          other.measured(settings, progress, threads).forEach(each -> all.add(at(where, each)));
        }
      }
    }
    return new Findings(
        name(),
        all,
        List.of("Ratios are taken round by round; a trainer's overhead is bare loop / trainer."));
  }

  private static Series at(String where, Series each) {
    return new Series(where + ": " + each.name(), each.unit(), each.values(), each.beside());
  }

  private List<Series> one(
      Settings settings, Consumer<String> progress, String precision, int threads) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    String set = "precision=" + precision;
    try (GeneratedImages images = GeneratedImages.make()) {
      Path data = images.directory();
      Map<String, Series> series =
          rounds.of(
              "images/s",
              List.of(
                  new BareLoop(
                      Workload.of("bare loop", threads, settings, set), data, BareLoop.Mover.OWN),
                  new BareLoop(
                      Workload.of("bare loop, engine's SGD", threads, settings, set),
                      data,
                      BareLoop.Mover.ENGINE),
                  new Repeated(Workload.of("method alone", threads, settings, set), images),
                  new WholeTrainer(
                      Workload.of("trainer", threads, settings, set), data, data.resolve("run"))));
      List<Series> all = new ArrayList<>(series.values());
      Series bare = series.get("bare loop");
      all.add(bare.over(series.get("trainer"), "bare loop / trainer").beside(AIM));
      all.add(bare.over(series.get("method alone"), "bare loop / method alone"));
      all.add(
          series
              .get("bare loop, engine's SGD")
              .over(series.get("trainer"), "bare loop, engine's SGD / trainer"));
      return all;
    }
  }

  /**
   * A further model.
   *
   * @param name in the table
   * @param base what its workload begins with
   * @param set overrides that make it this model
   */
  private record Other(String name, Subject base, List<String> set) {
    static List<Other> all() {
      return List.of(
          new Other("MLP", Subject.IMAGES, List.of("teacher={model: mlp}")),
          new Other("CNN", Subject.IMAGES, List.of("teacher={model: cnn}")),
          new Other("LSTM", Subject.LSTM, List.of()),
          new Other("Transformer-XL", Subject.TRANSFORMER_XL, List.of()),
          new Other(
              "GPT, 4 layers of 256",
              Subject.TRANSFORMER_XL,
              List.of(
                  "teacher={model: gpt, layers: 4, width: 256, heads: 4, context: 70}",
                  "batch-size=20")));
    }

    List<Series> measured(Settings settings, Consumer<String> progress, int threads) {
      Rounds rounds = new Rounds(settings.rounds(OTHER_ROUNDS), settings.seconds(), progress);
      boolean reads = base.length() > 1;
      String[] overrides = set.toArray(String[]::new);
      try (GeneratedImages images = GeneratedImages.make();
          GeneratedText text = GeneratedText.make()) {
        Path data = reads ? text.directory() : images.directory();
        Workload bare = Workload.of(base, name + ": bare loop", threads, settings, overrides);
        Workload whole = Workload.of(base, name + ": trainer", threads, settings, overrides);
        Map<String, Series> series =
            rounds.of(
                reads ? LanguageStep.UNIT : "images/s",
                List.of(
                    new BareLoop(bare, data, BareLoop.Mover.OWN),
                    new WholeTrainer(whole, data, data.resolve("run"))));
        List<Series> found = new ArrayList<>(series.values());
        found.add(found.get(0).over(found.get(1), name + ": bare loop / trainer").beside(AIM));
        return found;
      }
    }
  }
}
