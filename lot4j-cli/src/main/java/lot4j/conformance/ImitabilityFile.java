package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.imitability.GaussianJeffreys;
import lot4j.imitability.GaussianKl;
import lot4j.imitability.Jeffreys;
import lot4j.imitability.JensenShannon;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.imitability.LogitError;
import lot4j.imitability.SquaredError;
import lot4j.imitability.TotalVariation;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@code imitability.json}: every measure's value and its gradients in both arguments. The teacher
 * is the free side here, so that the file's forward KL is KL(free ‖ reference).
 */
final class ImitabilityFile {
  private ImitabilityFile() {}

  static Tally.Tolerance tolerance(ScalarType type) {
    return type == ScalarType.Double
        ? expected -> 1e-9 * Math.max(1, Math.abs(expected))
        : expected -> 1e-6 + 1e-5 * Math.abs(expected);
  }

  static void categorical(JsonNode entry, ScalarType type, Tally tally) {
    double temperature = entry.required("temperature").asDouble();
    for (Iterator<Map.Entry<String, JsonNode>> i = entry.required("metrics").fields();
        i.hasNext(); ) {
      Map.Entry<String, JsonNode> metric = i.next();
      for (boolean squared : new boolean[] {false, true}) {
        Optional<Imitability> measure = measure(metric.getKey(), temperature, squared);
        if (measure.isEmpty()) {
          tally.miss(metric.getKey(), "no such measure");
          continue;
        }
        try (PointerScope scope = new PointerScope()) {
          Tensor teacher = Numbers.tensor(entry.required("teacher"), type).set_requires_grad(true);
          Tensor student = Numbers.tensor(entry.required("student"), type).set_requires_grad(true);
          JsonNode mask = entry.path("mask");
          Tensor value =
              measure
                  .get()
                  .measure(
                      Output.logits(teacher),
                      Output.logits(student),
                      mask.isArray() ? Mask.of(Numbers.tensor(mask, type)) : Mask.none());
          value.backward();
          check(tally, metric, "value", squared, value);
          check(tally, metric, "grad_teacher", squared, teacher.grad());
          check(tally, metric, "grad_student", squared, student.grad());
        }
      }
    }
  }

  private static void check(
      Tally tally, Map.Entry<String, JsonNode> metric, String key, boolean squared, Tensor actual) {
    String name = squared ? key + "_T2" : key;
    JsonNode expected = metric.getValue().path(name);
    if (!expected.isMissingNode() && !expected.isNull()) {
      tally.compare(metric.getKey() + "." + name, expected, actual);
    }
  }

  private static Optional<Imitability> measure(String name, double temperature, boolean squared) {
    return Optional.ofNullable(
        switch (name) {
          case "kl_forward" -> new KlDivergence(Direction.FREE_REFERENCE, temperature, squared);
          case "kl_reverse" -> new KlDivergence(Direction.REFERENCE_FREE, temperature, squared);
          case "jeffreys" -> new Jeffreys(temperature, squared);
          case "js" -> new JensenShannon(temperature, squared);
          case "l2_prob" -> new SquaredError(temperature, squared);
          case "mse_logits" -> new LogitError(temperature, squared);
          case "tv" -> new TotalVariation(temperature, squared);
          default -> null;
        });
  }

  static void gaussian(JsonNode entry, ScalarType type, Tally tally) {
    for (Iterator<Map.Entry<String, JsonNode>> i = entry.required("metrics").fields();
        i.hasNext(); ) {
      Map.Entry<String, JsonNode> metric = i.next();
      Imitability measure =
          switch (metric.getKey()) {
            case "kl_forward" -> new GaussianKl(Direction.FREE_REFERENCE);
            case "kl_reverse" -> new GaussianKl(Direction.REFERENCE_FREE);
            default -> new GaussianJeffreys();
          };
      if (!metric.getKey().startsWith("kl_") && !metric.getKey().equals("jeffreys")) {
        tally.miss(metric.getKey(), "no such measure");
        continue;
      }
      try (PointerScope scope = new PointerScope()) {
        Tensor meanT = Numbers.tensor(entry.required("mean_t"), type).set_requires_grad(true);
        Tensor logStdT = Numbers.tensor(entry.required("logstd_t"), type).set_requires_grad(true);
        Tensor meanS = Numbers.tensor(entry.required("mean_s"), type).set_requires_grad(true);
        Tensor logStdS = Numbers.tensor(entry.required("logstd_s"), type).set_requires_grad(true);
        Tensor value = measure.measure(normal(meanT, logStdT), normal(meanS, logStdS), Mask.none());
        value.backward();
        check(tally, metric, "value", false, value);
        check(tally, metric, "grad_mean_t", false, meanT.grad());
        check(tally, metric, "grad_logstd_t", false, logStdT.grad());
        check(tally, metric, "grad_mean_s", false, meanS.grad());
        check(tally, metric, "grad_logstd_s", false, logStdS.grad());
      }
    }
  }

  private static Output normal(Tensor mean, Tensor logStd) {
    return new Output(new Distribution.DiagonalNormal(mean, logStd), Map.of());
  }
}
