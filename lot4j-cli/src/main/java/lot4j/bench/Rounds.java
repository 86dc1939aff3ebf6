package lot4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures variants in turn: A B C, A B C, …, after one round that is not recorded. */
final class Rounds {
  private final int rounds;
  private final double seconds;
  private final Consumer<String> progress;

  Rounds(int rounds, double seconds, Consumer<String> progress) {
    this.rounds = rounds;
    this.seconds = seconds;
    this.progress = progress;
  }

  /** The series of each variant by its name, in order; closes the variants. */
  Map<String, Series> of(String unit, List<Variant> variants) {
    try {
      return keeping(unit, variants);
    } finally {
      variants.forEach(Variant::close);
    }
  }

  /** The same for variants that still have something to say; the caller closes them. */
  Map<String, Series> keeping(String unit, List<? extends Variant> variants) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Variant variant : variants) {
        double value = variant.round(seconds);
        if (round > 0) {
          values.computeIfAbsent(variant.name(), name -> new ArrayList<>()).add(value);
        }
      }
      progress.accept(round == 0 ? "warmed up" : "round " + round + " of " + rounds);
    }
    Map<String, Series> series = new LinkedHashMap<>();
    values.forEach((name, each) -> series.put(name, Series.of(name, unit, each)));
    return series;
  }
}
