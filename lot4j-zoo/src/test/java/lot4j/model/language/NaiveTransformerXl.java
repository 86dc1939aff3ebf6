package lot4j.model.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Model;

/** The network from its formulas, word by word and number by number, for one text. */
final class NaiveTransformerXl {
  private final TransformerXl spec;
  private final Map<String, double[]> weights = new LinkedHashMap<>();

  NaiveTransformerXl(TransformerXl spec, Model model) {
    this.spec = spec;
    TransformerXlCases.named(model)
        .forEach((name, tensor) -> weights.put(name, TransformerXlCases.numbers(tensor)));
  }

  /**
   * Logits [time][vocab] of a text that is read {@code piece} words at a time. The memory is what
   * the layers gave for the words before, at most {@code spec.memory()} before the piece.
   */
  List<double[]> logits(int[] text, int piece) {
    List<List<double[]>> hidden = new ArrayList<>();
    for (int layer = 0; layer <= spec.layers(); layer++) {
      hidden.add(new ArrayList<>());
    }
    List<double[]> logits = new ArrayList<>();
    for (int t = 0; t < text.length; t++) {
      int start = t / piece * piece;
      int first = Math.max(0, start - spec.memory());
      double[] x = row(weights.get("word_emb.emb_layers.0.weight"), text[t]);
      for (int k = 0; k < x.length; k++) {
        x[k] *= Math.sqrt(spec.width());
      }
      hidden.get(0).add(x);
      for (int layer = 0; layer < spec.layers(); layer++) {
        x = layer("layers." + layer + ".", hidden.get(layer), first, t);
        hidden.get(layer + 1).add(x);
      }
      logits.add(
          plus(
              times(weights.get("word_emb.emb_layers.0.weight"), x),
              weights.get("crit.out_layers.0.bias")));
    }
    return logits;
  }

  private double[] layer(String name, List<double[]> inputs, int first, int t) {
    double[] x = inputs.get(t);
    double[] attended = attention(name + "dec_attn.", inputs, first, t);
    double[] middle = norm(plus(x, attended), name + "dec_attn.layer_norm.");
    double[] inner =
        plus(
            times(weights.get(name + "pos_ff.CoreNet.0.weight"), middle),
            weights.get(name + "pos_ff.CoreNet.0.bias"));
    for (int k = 0; k < inner.length; k++) {
      inner[k] = Math.max(0, inner[k]);
    }
    double[] fed =
        plus(
            times(weights.get(name + "pos_ff.CoreNet.3.weight"), inner),
            weights.get(name + "pos_ff.CoreNet.3.bias"));
    return norm(plus(middle, fed), name + "pos_ff.layer_norm.");
  }

  private double[] attention(String name, List<double[]> inputs, int first, int i) {
    int size = spec.headWidth();
    int all = spec.heads() * size;
    double[] qkv = weights.get(name + "qkv_net.weight");
    double[] q = times(qkv, inputs.get(i));
    double[] mixed = new double[all];
    for (int head = 0; head < spec.heads(); head++) {
      double[] scores = new double[i - first + 1];
      double sum = 0;
      for (int j = first; j <= i; j++) {
        double[] kv = times(qkv, inputs.get(j));
        double[] r = times(weights.get(name + "r_net.weight"), sinusoid(i - j));
        double score = 0;
        for (int k = head * size; k < (head + 1) * size; k++) {
          score += (q[k] + weights.get("r_w_bias")[k]) * kv[all + k];
          score += (q[k] + weights.get("r_r_bias")[k]) * r[k];
        }
        scores[j - first] = Math.exp(score / Math.sqrt(size));
        sum += scores[j - first];
      }
      for (int j = first; j <= i; j++) {
        double[] kv = times(qkv, inputs.get(j));
        for (int k = head * size; k < (head + 1) * size; k++) {
          mixed[k] += scores[j - first] / sum * kv[2 * all + k];
        }
      }
    }
    return times(weights.get(name + "o_net.weight"), mixed);
  }

  private double[] sinusoid(int distance) {
    int half = spec.width() / 2;
    double[] r = new double[spec.width()];
    for (int k = 0; k < half; k++) {
      double angle = distance * Math.pow(10_000, -2.0 * k / spec.width());
      r[k] = Math.sin(angle);
      r[half + k] = Math.cos(angle);
    }
    return r;
  }

  private double[] norm(double[] x, String name) {
    double mean = 0;
    double square = 0;
    for (double v : x) {
      mean += v / x.length;
    }
    for (double v : x) {
      square += (v - mean) * (v - mean) / x.length;
    }
    double[] y = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      y[k] =
          (x[k] - mean) / Math.sqrt(square + 1e-5) * weights.get(name + "weight")[k]
              + weights.get(name + "bias")[k];
    }
    return y;
  }

  private static double[] times(double[] matrix, double[] x) {
    double[] y = new double[matrix.length / x.length];
    for (int row = 0; row < y.length; row++) {
      for (int k = 0; k < x.length; k++) {
        y[row] += matrix[row * x.length + k] * x[k];
      }
    }
    return y;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int k = 0; k < a.length; k++) {
      sum[k] = a[k] + b[k];
    }
    return sum;
  }

  private double[] row(double[] matrix, int row) {
    return Arrays.copyOfRange(matrix, row * spec.width(), (row + 1) * spec.width());
  }
}
