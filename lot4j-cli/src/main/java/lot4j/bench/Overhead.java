package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What trainer and method cost beside a hand-written loop. */
final class Overhead implements Benchmark {
  private static final int ROUNDS = 15;

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
        all.addAll(
            one(settings, progress, precision, threads).stream()
                .map(s -> new Series(where + ": " + s.name(), s.unit(), s.values(), s.beside()))
                .toList());
      }
    }
    return new Findings(
        name(),
        all,
        List.of("Ratios are taken round by round; a trainer's overhead is bare loop / trainer."));
  }

  private List<Series> one(
      Settings settings, Consumer<String> progress, String precision, int threads) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    String set = "precision=" + precision;
    try (GeneratedImages images = GeneratedImages.make()) {
      Map<String, Series> series =
          rounds.of(
              "images/s",
              List.of(
                  new BareLoop(
                      Workload.of("bare loop", threads, settings, set), images, BareLoop.Mover.OWN),
                  new BareLoop(
                      Workload.of("bare loop, engine's SGD", threads, settings, set),
                      images,
                      BareLoop.Mover.ENGINE),
                  new Repeated(Workload.of("method alone", threads, settings, set), images),
                  new WholeTrainer(Workload.of("trainer", threads, settings, set), images)));
      List<Series> all = new ArrayList<>(series.values());
      Series bare = series.get("bare loop");
      all.add(bare.over(series.get("trainer"), "bare loop / trainer").beside("aim 1.02"));
      all.add(bare.over(series.get("method alone"), "bare loop / method alone"));
      all.add(
          series
              .get("bare loop, engine's SGD")
              .over(series.get("trainer"), "bare loop, engine's SGD / trainer"));
      return all;
    }
  }
}
