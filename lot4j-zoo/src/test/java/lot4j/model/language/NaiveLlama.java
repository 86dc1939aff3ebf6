package lot4j.model.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Model;

/** LLaMA from its papers' formulas, word by word and number by number, for one text. */
final class NaiveLlama {
  private final Llama spec;
  private final Map<String, double[]> weights = new LinkedHashMap<>();

  NaiveLlama(Llama spec, Model model) {
    this.spec = spec;
    Filled.parameters(model.module())
        .forEach((name, tensor) -> weights.put(name, Filled.numbers(tensor)));
  }

  /** Logits [time][vocab]. */
  List<double[]> logits(int[] text) {
    List<double[]> rows = new ArrayList<>();
    double[] words = weights.get("model.embed_tokens.weight");
    for (int word : text) {
      double[] x = new double[spec.width()];
      System.arraycopy(words, word * spec.width(), x, 0, spec.width());
      rows.add(x);
    }
    for (int i = 0; i < spec.layers(); i++) {
      rows = block("model.layers." + i + ".", rows);
    }
    List<double[]> logits = new ArrayList<>();
    for (double[] row : rows) {
      double[] normed = norm(row, "model.norm");
      logits.add(spec.tied() ? times("model.embed_tokens", normed) : times("lm_head", normed));
    }
    return logits;
  }

  private List<double[]> block(String name, List<double[]> rows) {
    int size = spec.width() / spec.heads();
    List<double[]> queries = new ArrayList<>();
    List<double[]> keys = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (int t = 0; t < rows.size(); t++) {
      double[] in = norm(rows.get(t), name + "input_layernorm");
      queries.add(turned(times(name + "self_attn.q_proj", in), size, t));
      keys.add(turned(times(name + "self_attn.k_proj", in), size, t));
      values.add(times(name + "self_attn.v_proj", in));
    }
    List<double[]> next = new ArrayList<>();
    for (int t = 0; t < rows.size(); t++) {
      double[] mixed = new double[spec.width()];
      for (int head = 0; head < spec.heads(); head++) {
        int shared = head / (spec.heads() / spec.kvHeads());
        double[] scores = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double product = 0;
          for (int k = 0; k < size; k++) {
            product += queries.get(t)[head * size + k] * keys.get(s)[shared * size + k];
          }
          scores[s] = Math.exp(product / Math.sqrt(size));
          sum += scores[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int k = 0; k < size; k++) {
            mixed[head * size + k] += scores[s] / sum * values.get(s)[shared * size + k];
          }
        }
      }
      double[] middle = plus(rows.get(t), times(name + "self_attn.o_proj", mixed));
      double[] in = norm(middle, name + "post_attention_layernorm");
      double[] gate = times(name + "mlp.gate_proj", in);
      double[] up = times(name + "mlp.up_proj", in);
      for (int k = 0; k < gate.length; k++) {
        gate[k] = gate[k] / (1 + Math.exp(-gate[k])) * up[k];
      }
      next.add(plus(middle, times(name + "mlp.down_proj", gate)));
    }
    return next;
  }

  /** Pair k of a head is numbers k and k + size / 2, as a complex number times e^(i t w_k). */
  private double[] turned(double[] x, int size, int t) {
    double[] turned = new double[x.length];
    for (int start = 0; start < x.length; start += size) {
      for (int k = 0; k < size / 2; k++) {
        double angle = t * frequency(k, size);
        double a = x[start + k];
        double b = x[start + k + size / 2];
        turned[start + k] = a * Math.cos(angle) - b * Math.sin(angle);
        turned[start + k + size / 2] = a * Math.sin(angle) + b * Math.cos(angle);
      }
    }
    return turned;
  }

  /** With LLaMA 3's three cases by wavelength, as its code has them. */
  private double frequency(int k, int size) {
    double frequency = 1 / Math.pow(spec.ropeTheta(), 2.0 * k / size);
    if (spec.ropeScaling().isEmpty()) {
      return frequency;
    }
    RopeScaling scaling = spec.ropeScaling().get();
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength < scaling.original() / scaling.high()) {
      return frequency;
    }
    if (wavelength > scaling.original() / scaling.low()) {
      return frequency / scaling.factor();
    }
    double smooth =
        (scaling.original() / wavelength - scaling.low()) / (scaling.high() - scaling.low());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
  }

  private double[] norm(double[] x, String name) {
    double squares = 0;
    for (double each : x) {
      squares += each * each;
    }
    double[] scale = weights.get(name + ".weight");
    double[] normed = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      normed[k] = scale[k] * x[k] / Math.sqrt(squares / x.length + spec.normEps());
    }
    return normed;
  }

  private double[] times(String name, double[] x) {
    double[] matrix = weights.get(name + ".weight");
    double[] product = new double[matrix.length / x.length];
    for (int i = 0; i < product.length; i++) {
      for (int k = 0; k < x.length; k++) {
        product[i] += matrix[i * x.length + k] * x[k];
      }
    }
    return product;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int k = 0; k < sum.length; k++) {
      sum[k] += b[k];
    }
    return sum;
  }
}
