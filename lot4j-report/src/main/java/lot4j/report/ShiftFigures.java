package lot4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How methods do on other data than they were trained for: a figure per data set. */
final class ShiftFigures {
  static final String EXPLANATION =
      "Saved by lot eval with --data: the kept networks of finished runs on data that they were not"
          + " trained for. Nothing was selected on it.";

  private ShiftFigures() {}

  static List<Figure> of(Comparison comparison) {
    Map<Long, List<RunEvaluation>> none = Map.of();
    Map<String, Map<Long, List<RunEvaluation>>> byMethod = new LinkedHashMap<>();
    Set<List<String>> data = new LinkedHashSet<>();
    for (MethodResult method : comparison.methods()) {
      Map<Long, List<RunEvaluation>> bySeed = new TreeMap<>();
      for (RunDirectory run : method.runs()) {
        List<RunEvaluation> found = RunEvaluation.all(run.path());
        bySeed.put(run.seed(), found);
        found.forEach(evaluation -> data.add(List.of(evaluation.data(), evaluation.split())));
      }
      byMethod.put(method.label(), bySeed);
    }
    String quantity = comparison.primary().map(Metric::quantity).orElse("accuracy");
    boolean higher = comparison.primary().map(Metric::higherIsBetter).orElse(true);
    List<Figure> figures = new ArrayList<>();
    for (List<String> one : data) {
      Metric metric = new Metric(quantity, one.get(1), higher);
      figures.add(
          LearnerFigures.figure(
              one.get(0) + " (" + one.get(1) + ")",
              metric,
              comparison.methods(),
              method -> values(byMethod.getOrDefault(method.label(), none), one, quantity)));
    }
    return figures;
  }

  private static Map<String, Map<Long, Double>> values(
      Map<Long, List<RunEvaluation>> bySeed, List<String> data, String quantity) {
    Map<String, Map<Long, Double>> values = new LinkedHashMap<>();
    bySeed.forEach(
        (seed, evaluations) ->
            evaluations.stream()
                .filter(one -> List.of(one.data(), one.split()).equals(data))
                .forEach(
                    one ->
                        one.learners()
                            .forEach(
                                (learner, metrics) -> {
                                  if (metrics.containsKey(quantity)) {
                                    values
                                        .computeIfAbsent(learner, k -> new TreeMap<>())
                                        .put(seed, metrics.get(quantity));
                                  }
                                })));
    return values;
  }
}
