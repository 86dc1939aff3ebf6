package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where the time of a language model's teacher-only step goes: its parts alone, on the same shapes,
 * beside the whole. In float32 unless the user overrides it.
 *
 * @param name the benchmark's
 * @param base which model
 */
record LanguageParts(String name, Subject base) implements Benchmark {
  private static final int ROUNDS = 3;
  private static final String WHOLE = "whole step";
  private static final String UNIT = "ms";

  @Override
  public String about() {
    return base.title() + ": milliseconds of each part of a teacher-only step, beside the whole";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Series> all = new ArrayList<>();
    try (GeneratedText text = GeneratedText.make()) {
      for (int threads : settings.threads(1)) {
        Workload workload = Workload.of(base, WHOLE, threads, settings);
        for (Series each : one(workload, text, settings, progress)) {
          String where = ImageStep.threads(threads) + ": ";
          all.add(new Series(where + each.name(), each.unit(), each.values(), each.beside()));
        }
      }
    }
    return new Findings(
        name,
        all,
        List.of(
            "Shares are of the whole step. Parts alone find the caches warm or cold in another"
                + " way than in a step: their sum is near the whole, not equal to it."));
  }

  private static List<Series> one(
      Workload workload, GeneratedText text, Settings settings, Consumer<String> progress) {
    try (Pieces pieces = new Pieces(workload);
        Repeated step = new Repeated(workload, text.directory())) {
      List<Variant> variants = new ArrayList<>();
      variants.add(new Whole(workload, step));
      variants.addAll(pieces.ofTeacher());
      variants.addAll(pieces.ofLot());
      Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
      Map<String, Series> series = rounds.keeping(UNIT, variants);
      return table(series, pieces);
    }
  }

  private static List<Series> table(Map<String, Series> series, Pieces pieces) {
    List<Series> table = new ArrayList<>();
    Series whole = series.get(WHOLE);
    table.add(whole);
    List<Series> parts = pieces.ofTeacher().stream().map(part -> series.get(part.name())).toList();
    for (Series part : parts) {
      table.add(part.beside(share(part, whole)));
    }
    Series sum = Series.sum("sum of the parts", parts);
    table.add(sum.beside(share(sum, whole)));
    for (Piece part : pieces.ofLot()) {
      Series added = series.get(part.name());
      table.add(added.beside(share(added, whole) + ", only with LoT"));
    }
    return table;
  }

  private static String share(Series part, Series whole) {
    return Math.round(100 * part.over(whole, "").median()) + " %";
  }

  /** The trainer's own step in milliseconds. */
  private record Whole(Workload workload, Repeated step) implements Variant {
    @Override
    public String name() {
      return workload.name();
    }

    @Override
    public double round(double seconds) {
      return step.secondsPerUpdate(seconds) * 1000;
    }
  }
}
