package lot4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Image Transformers in plain Java and double precision, layer by layer as their papers write them;
 * nothing of the engine, nothing of the networks under test.
 */
final class TransformerReference {
  private final Map<String, double[]> weights;

  /** Weights by name, rows first. */
  TransformerReference(Map<String, double[]> weights) {
    this.weights = weights;
  }

  private double[] weight(String name) {
    double[] found = weights.get(name);
    if (found == null) {
      throw new IllegalArgumentException(name);
    }
    return found;
  }

  private double[] linear(double[] x, String name) {
    double[] matrix = weight(name + ".weight");
    double[] out = new double[matrix.length / x.length];
    for (int o = 0; o < out.length; o++) {
      double sum = weights.containsKey(name + ".bias") ? weight(name + ".bias")[o] : 0;
      for (int i = 0; i < x.length; i++) {
        sum += matrix[o * x.length + i] * x[i];
      }
      out[o] = sum;
    }
    return out;
  }

  private double[] norm(double[] x, String name, double epsilon) {
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] =
          (x[i] - mean) / Math.sqrt(variance + epsilon) * weight(name + ".weight")[i]
              + weight(name + ".bias")[i];
    }
    return out;
  }

  /** x·Φ(x) with the error function's power series. */
  static double gelu(double x) {
    double z = x / Math.sqrt(2);
    double term = z;
    double sum = z;
    for (int n = 1; n < 200; n++) {
      term *= -z * z / n;
      sum += term / (2 * n + 1);
    }
    return x * 0.5 * (1 + 2 / Math.sqrt(Math.PI) * sum);
  }

  private double[] feedForward(double[] x, String name) {
    double[] hidden = linear(x, name + ".fc1");
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = gelu(hidden[i]);
    }
    return linear(hidden, name + ".fc2");
  }

  /** What a pair of tokens adds to its score; −∞ where one does not see the other. */
  @FunctionalInterface
  private interface Bias {
    double of(int head, int query, int key);
  }

  private List<double[]> attend(List<double[]> x, String name, int heads, Bias bias) {
    List<double[]> all = x.stream().map(token -> linear(token, name + ".qkv")).toList();
    int width = x.get(0).length;
    int size = width / heads;
    List<double[]> out = new ArrayList<>();
    for (int query = 0; query < x.size(); query++) {
      double[] mixed = new double[width];
      for (int head = 0; head < heads; head++) {
        double[] scores = new double[x.size()];
        double sum = 0;
        for (int key = 0; key < x.size(); key++) {
          double dot = 0;
          for (int i = 0; i < size; i++) {
            dot += all.get(query)[head * size + i] * all.get(key)[width + head * size + i];
          }
          scores[key] = Math.exp(dot / Math.sqrt(size) + bias.of(head, query, key));
          sum += scores[key];
        }
        for (int key = 0; key < x.size(); key++) {
          for (int i = 0; i < size; i++) {
            mixed[head * size + i] += scores[key] / sum * all.get(key)[2 * width + head * size + i];
          }
        }
      }
      out.add(linear(mixed, name + ".proj"));
    }
    return out;
  }

  private List<double[]> block(
      List<double[]> x, String name, int heads, Bias bias, double epsilon) {
    List<double[]> normed = x.stream().map(token -> norm(token, name + ".norm1", epsilon)).toList();
    List<double[]> seen = attend(normed, name + ".attn", heads, bias);
    List<double[]> out = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      double[] middle = plus(x.get(i), seen.get(i));
      out.add(plus(middle, feedForward(norm(middle, name + ".norm2", epsilon), name + ".mlp")));
    }
    return out;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += b[i];
    }
    return out;
  }

  /** Patches in rows, each through the linear layer of {@code patch_embed.proj}. */
  private List<double[]> patches(double[][][] image, int patch) {
    List<double[]> tokens = new ArrayList<>();
    for (int top = 0; top < image[0].length; top += patch) {
      for (int left = 0; left < image[0][0].length; left += patch) {
        double[] numbers = new double[image.length * patch * patch];
        int at = 0;
        for (double[][] channel : image) {
          for (int row = 0; row < patch; row++) {
            for (int column = 0; column < patch; column++) {
              numbers[at++] = channel[top + row][left + column];
            }
          }
        }
        tokens.add(linear(numbers, "patch_embed.proj"));
      }
    }
    return tokens;
  }

  /** Logits of a ViT. */
  double[] vit(double[][][] image, int patch, int depth, int heads) {
    List<double[]> tokens = new ArrayList<>(List.of(weight("cls_token")));
    tokens.addAll(patches(image, patch));
    int width = tokens.get(0).length;
    for (int i = 0; i < tokens.size(); i++) {
      double[] position = new double[width];
      System.arraycopy(weight("pos_embed"), i * width, position, 0, width);
      tokens.set(i, plus(tokens.get(i), position));
    }
    for (int i = 0; i < depth; i++) {
      tokens = block(tokens, "blocks." + i, heads, (head, query, key) -> 0, 1e-6);
    }
    return linear(norm(tokens.get(0), "norm", 1e-6), "head");
  }

  /** Logits of a Swin Transformer with timm's names. */
  double[] swin(double[][][] image, int patch, int[] depths, int[] heads, int window) {
    int rows = image[0].length / patch;
    int columns = image[0][0].length / patch;
    List<double[]> tokens =
        new ArrayList<>(
            patches(image, patch).stream().map(t -> norm(t, "patch_embed.norm", 1e-5)).toList());
    for (int stage = 0; stage < depths.length; stage++) {
      if (stage > 0) {
        tokens = merged(tokens, columns, "layers." + stage + ".downsample");
        rows /= 2;
        columns /= 2;
      }
      for (int i = 0; i < depths[stage]; i++) {
        String name = "layers." + stage + ".blocks." + i;
        Bias bias = windows(name, rows, columns, window, i % 2 == 1, heads[stage]);
        tokens = block(tokens, name, heads[stage], bias, 1e-5);
      }
    }
    double[] mean = new double[tokens.get(0).length];
    for (double[] token : tokens) {
      double[] normed = norm(token, "norm", 1e-5);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += normed[i] / tokens.size();
      }
    }
    return linear(mean, "head.fc");
  }

  /** Four neighbours: above left, below left, above right, below right. */
  private List<double[]> merged(List<double[]> tokens, int columns, String name) {
    List<double[]> out = new ArrayList<>();
    int width = tokens.get(0).length;
    for (int row = 0; row < tokens.size() / columns; row += 2) {
      for (int column = 0; column < columns; column += 2) {
        double[] four = new double[4 * width];
        for (int i = 0; i < 4; i++) {
          int at = (row + i % 2) * columns + column + i / 2;
          System.arraycopy(tokens.get(at), 0, four, i * width, width);
        }
        out.add(linear(norm(four, name + ".norm", 1e-5), name + ".reduction"));
      }
    }
    return out;
  }

  /** Pairs by pairs on the whole grid: no token is moved. */
  private Bias windows(String name, int rows, int columns, int window, boolean odd, int heads) {
    int high = Math.min(window, rows);
    int wide = Math.min(window, columns);
    int down = odd && rows > window ? window / 2 : 0;
    int right = odd && columns > window ? window / 2 : 0;
    double[] table = weight(name + ".attn.relative_position_bias_table");
    return (head, query, key) -> {
      int[] from = place(query, rows, columns, down, right);
      int[] to = place(key, rows, columns, down, right);
      boolean together =
          from[0] / high == to[0] / high
              && from[1] / wide == to[1] / wide
              && from[2] == to[2]
              && from[3] == to[3];
      if (!together) {
        return Double.NEGATIVE_INFINITY;
      }
      int below = from[0] - to[0] + high - 1;
      int beside = from[1] - to[1] + wide - 1;
      return table[(below * (2 * wide - 1) + beside) * heads + head];
    };
  }

  /** Row and column counted from the shift on, and whether each went round the border. */
  private static int[] place(int token, int rows, int columns, int down, int right) {
    int row = token / columns;
    int column = token % columns;
    return new int[] {
      Math.floorMod(row - down, rows),
      Math.floorMod(column - right, columns),
      row < down ? 1 : 0,
      column < right ? 1 : 0
    };
  }

  /** Bicubic with a = −0.75, half-pixel centres, borders repeated; one channel. */
  static double[][] bicubic(double[][] grid, int rows, int columns) {
    double[][] out = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double y = (row + 0.5) * grid.length / rows - 0.5;
        double x = (column + 0.5) * grid[0].length / columns - 0.5;
        for (int i = (int) Math.floor(y) - 1; i <= (int) Math.floor(y) + 2; i++) {
          for (int j = (int) Math.floor(x) - 1; j <= (int) Math.floor(x) + 2; j++) {
            double value =
                grid[Math.max(0, Math.min(grid.length - 1, i))][
                    Math.max(0, Math.min(grid[0].length - 1, j))];
            out[row][column] += value * cubic(y - i) * cubic(x - j);
          }
        }
      }
    }
    return out;
  }

  private static double cubic(double distance) {
    double a = -0.75;
    double t = Math.abs(distance);
    if (t <= 1) {
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? a * (((t - 5) * t + 8) * t - 4) : 0;
  }
}
