package lot4j.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The differences that matter, of all pairs of a comparison. */
final class Differences {
  private Differences() {}

  /**
   * LoT against its baseline, then the other methods against theirs, then LoT and what compute
   * alone brings against the plain teacher.
   */
  static List<Pair> shown(Comparison comparison, Metric metric) {
    Set<List<String>> seen = new LinkedHashSet<>();
    List<Pair> chosen = new ArrayList<>();
    Stream<MethodResult> lots = comparison.methods().stream().filter(MethodResult::isLot);
    Stream<MethodResult> others =
        comparison.methods().stream()
            .filter(method -> !method.isLot() && !method.isEqualCompute())
            .filter(method -> !method.method().equals("teacher-only"));
    Stream<Pair> againstBaseline =
        Stream.concat(lots, others).flatMap(method -> comparison.againstBaseline(method).stream());
    Stream<Pair> againstPlain =
        comparison.teacherOnly().stream()
            .flatMap(
                plain ->
                    Stream.concat(
                            comparison.methods().stream().filter(MethodResult::isLot),
                            comparison.methods().stream().filter(MethodResult::isEqualCompute))
                        .map(method -> Pair.of(method, plain, metric.higherIsBetter())));
    Stream.concat(againstBaseline, againstPlain)
        .filter(pair -> pair.test().n() > 0 && seen.add(List.of(pair.a(), pair.b())))
        .forEach(chosen::add);
    return chosen;
  }

  /** The differences a − b by seed. */
  static Map<Long, Double> bySeed(Comparison comparison, Pair pair) {
    Map<Long, Double> b = values(comparison, pair.b());
    Map<Long, Double> differences = new TreeMap<>();
    values(comparison, pair.a())
        .forEach(
            (seed, value) -> {
              if (b.containsKey(seed)) {
                differences.put(seed, value - b.get(seed));
              }
            });
    return differences;
  }

  private static Map<Long, Double> values(Comparison comparison, String label) {
    return comparison.methods().stream()
        .filter(method -> method.label().equals(label))
        .findFirst()
        .orElseThrow()
        .values();
  }
}
