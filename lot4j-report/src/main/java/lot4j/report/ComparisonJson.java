package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.EffectSize;
import lot4j.stats.Sample;
import lot4j.stats.SignFlipTest;

/**
 * Writes the document {@code compare.json}.
 *
 * <p>A number that does not exist is null, with the text {@code <key>_reason} beside it; seeds
 * without a value are explained together in {@code values_reason}, so that {@code values} holds
 * seeds only.
 */
final class ComparisonJson {
  private static final String FEW = "an interval needs 2 seeds or more";
  private static final String NONE = "no run finished";

  private ComparisonJson() {}

  static ObjectNode of(Comparison comparison) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", comparison.name());
    ArrayNode seeds = json.putArray("seeds");
    comparison.seeds().forEach(seeds::add);
    Optional<Metric> primary = comparison.primary();
    if (primary.isPresent()) {
      ObjectNode node = json.putObject("primary");
      node.put("name", primary.get().name());
      node.put("split", primary.get().split());
      node.put("higher_is_better", primary.get().higherIsBetter());
    } else {
      json.putNull("primary").put("primary_reason", NONE);
    }
    ObjectNode methods = json.putObject("methods");
    for (MethodResult method : comparison.methods()) {
      write(methods.putObject(method.label()), method, comparison);
    }
    ArrayNode pairs = json.putArray("pairs");
    comparison.pairs().forEach(pair -> write(pairs.addObject(), pair, comparison.claims()));
    if (!comparison.rivals().isEmpty()) {
      ObjectNode rivals = json.putObject("rivals");
      comparison.rivals().forEach(each -> rivals.set(each.lot(), each.json()));
    }
    return json.put("verdict", comparison.verdict());
  }

  private static void write(ObjectNode node, MethodResult method, Comparison comparison) {
    Sample sample = method.sample();
    node.put("method", method.method());
    node.put("n", sample.size());
    node.put("failed", method.failed());
    node.put("diverged", method.diverged());
    values(node, method.values(), method.missing(), comparison);
    JsonNumbers.number(node, "mean", sample.mean(), NONE);
    JsonNumbers.number(node, "iqm", method.iqm(), NONE);
    JsonNumbers.number(node, "median", sample.median(), NONE);
    JsonNumbers.number(
        node, "sd", sample.standardDeviation(), "a standard deviation needs 2 seeds or more");
    JsonNumbers.interval(node, "ci95", method.interval(), FEW);
    JsonNumbers.interval(node, "iqm_ci95", method.iqmInterval(), FEW);
    JsonNumbers.number(node, "flops", method.flops(), NONE);
    JsonNumbers.number(node, "wall_s", method.wallSeconds(), NONE);
    JsonNumbers.number(node, "teacher_updates", method.teacherUpdates(), NONE);
    JsonNumbers.number(node, "student_updates", method.studentUpdates(), NONE);
    ObjectNode students = node.putObject("students");
    for (Map.Entry<String, Map<Long, Double>> student : method.students().entrySet()) {
      ObjectNode entry = students.putObject(student.getKey());
      values(entry, student.getValue(), method.missing(), comparison);
      JsonNumbers.number(entry, "mean", Sample.of(student.getValue().values()).mean(), NONE);
    }
    if (comparison.isReinforcement()) {
      reinforcement(node, method);
    }
  }

  /** What only reinforcement learning has. */
  private static void reinforcement(ObjectNode node, MethodResult method) {
    JsonNumbers.number(node, "environment_steps", method.samples(), NONE);
    GeneralizationGap.of(method)
        .ifPresent(
            gap -> {
              ObjectNode entry = node.putObject("generalization_gap");
              entry.put("n", gap.test().n());
              JsonNumbers.number(entry, "train_mean", gap.train().mean(), NONE);
              JsonNumbers.number(entry, "test_mean", gap.held().mean(), NONE);
              JsonNumbers.number(entry, "train_minus_test", gap.test().difference(), NONE);
              JsonNumbers.interval(entry, "ci95", gap.test().bootstrap(), FEW);
              JsonNumbers.interval(entry, "ci95_t", gap.test().studentT(), FEW);
            });
    Curve curve = Curve.robust(method, "train", "teacher/return", Curve.Against.ENVIRONMENT_STEPS);
    if (!curve.points().isEmpty()) {
      ObjectNode entry = node.putObject("learning_curve");
      entry.put("n", curve.runs());
      ArrayNode steps = entry.putArray("environment_steps");
      ArrayNode iqm = entry.putArray("iqm");
      ArrayNode low = entry.putArray("low");
      ArrayNode high = entry.putArray("high");
      for (Curve.Point point : curve.points()) {
        steps.add(point.x());
        iqm.add(point.mean());
        low.add(point.low());
        high.add(point.high());
      }
    }
  }

  private static void values(
      ObjectNode node, Map<Long, Double> values, Map<Long, String> missing, Comparison comparison) {
    ObjectNode bySeed = node.putObject("values");
    ObjectNode reasons = JsonNodeFactory.instance.objectNode();
    for (long seed : comparison.seeds()) {
      String key = Long.toString(seed);
      if (values.containsKey(seed)) {
        bySeed.put(key, values.get(seed));
      } else {
        bySeed.putNull(key);
        reasons.put(key, missing.getOrDefault(seed, "the run has no such value"));
      }
    }
    if (!reasons.isEmpty()) {
      node.set("values_reason", reasons);
    }
  }

  private static void write(ObjectNode node, Pair pair, Claims claims) {
    String none = "no seed finished with both";
    String few = pair.test().n() == 0 ? none : FEW;
    node.put("a", pair.a());
    node.put("b", pair.b());
    node.put("n", pair.test().n());
    JsonNumbers.number(node, "difference", pair.test().difference(), none);
    JsonNumbers.interval(node, "ci95", pair.test().bootstrap(), few);
    JsonNumbers.interval(node, "ci95_t", pair.test().studentT(), few);
    JsonNumbers.interval(node, "ci95_bca", pair.bca(), few);
    JsonNumbers.number(node, "probability_of_improvement", pair.probability(), none);
    JsonNumbers.interval(node, "probability_of_improvement_ci95", pair.probabilityInterval(), few);
    Optional<SignFlipTest> flips = pair.signFlip();
    JsonNumbers.number(node, "sign_flip_p", numberOf(flips.map(SignFlipTest::p)), none);
    JsonNumbers.number(node, "smallest_p", numberOf(flips.map(SignFlipTest::smallestP)), none);
    JsonNumbers.number(
        node,
        "p_holm",
        numberOf(claims.of(pair.a(), pair.b()).map(Claims.Claim::holm)),
        flips.isEmpty() ? none : "not a method against its baseline");
    String still = pair.test().n() < 2 ? few : "nothing scatters";
    Optional<EffectSize> paired = pair.pairedEffect();
    JsonNumbers.number(node, "cohens_d", numberOf(pair.pooledEffect().map(EffectSize::d)), still);
    JsonNumbers.number(node, "cohens_dz", numberOf(paired.map(EffectSize::d)), still);
    JsonNumbers.interval(node, "cohens_dz_ci95", paired.map(EffectSize::interval), still);
  }

  private static OptionalDouble numberOf(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
