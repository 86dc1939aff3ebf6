package lot4j.model.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxValue;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What stands before any network that reads rows with categories: every category's code becomes a
 * learned vector, and the network behind sees the measurements and all vectors side by side.
 *
 * <p>A vector has round(1.6 · codes^0.56) numbers, from 1 to 64; it starts from N(0, 1/√width), so
 * that a category weighs as much as one standardised measurement, and from 0 for code 0, missing
 * and unknown values, which stays there unless training has such values. Parameters are called
 * {@code embedding0.weight}, …, those of the network behind {@code network.…}. Without categories
 * nothing is put in front and nothing renamed.
 *
 * <p>Source: C. Guo, F. Berkhahn, "Entity embeddings of categorical variables", 2016.
 *
 * @param numbers how many numbers of a row are measurements; the codes follow
 * @param codes for each category the number of its codes, 0 … codes − 1
 */
public record ColumnFront(int numbers, List<Integer> codes) {
  private static final int WIDEST = 64;

  public ColumnFront {
    Require.atLeast("numbers", numbers, 0);
    codes = List.copyOf(codes);
    codes.forEach(count -> Require.atLeast("codes", count, 1));
    Require.that(numbers > 0 || !codes.isEmpty(), "columns", 0, "at least one");
  }

  /** Numbers of the vector of a category with so many codes. */
  public static int width(int codes) {
    return (int) Math.max(1, Math.min(WIDEST, Math.round(1.6 * Math.pow(codes, 0.56))));
  }

  /** What the network behind reads: measurements and vectors, [features]. */
  public Shape inner() {
    return Shape.of(numbers + codes.stream().mapToLong(ColumnFront::width).sum());
  }

  /**
   * Parameters and forward FLOPs of both; looking a vector up costs nothing.
   *
   * @throws IllegalArgumentException if the network cannot take rows
   */
  public Census census(ModelSpec model, int outputs) {
    long vectors = codes.stream().mapToLong(count -> (long) count * width(count)).sum();
    return model.census(inner(), outputs).plus(new Census(vectors, 0));
  }

  /** Width of the features that the network behind shows. */
  public OptionalLong features(ModelSpec model, int outputs) {
    return model.features(inner(), outputs);
  }

  /**
   * Allocates and initialises both from the engine's global generator, the network behind first.
   *
   * @throws IllegalArgumentException if the network cannot take rows
   */
  public Model build(ModelSpec model, int outputs) {
    Model network = model.build(inner(), outputs);
    return codes.isEmpty() ? network : new Net(this, network);
  }

  /**
   * The same in a graph whose input is [batch, features]: the network behind begins with what it
   * reads, and its weights' names with what stands before them.
   */
  public void onnx(OnnxGraph graph) {
    if (codes.isEmpty()) {
      return;
    }
    OnnxValue row = graph.input();
    List<OnnxValue> parts = new ArrayList<>();
    if (numbers > 0) {
      parts.add(row.columns(0, numbers));
    }
    for (int i = 0; i < codes.size(); i++) {
      long at = numbers + i;
      parts.add(row.columns(at, at + 1).lookedUp("embedding" + i));
    }
    graph.begin(parts.get(0).beside(parts.subList(1, parts.size())), "network.");
  }

  private static final class Net extends Module implements Model {
    private final int numbers;
    private final Model network;
    private final List<EmbeddingImpl> embeddings = new ArrayList<>();

    Net(ColumnFront front, Model network) {
      super("Table");
      this.numbers = front.numbers();
      this.network = network;
      for (int i = 0; i < front.codes().size(); i++) {
        embeddings.add(register_module("embedding" + i, vectors(front.codes().get(i))));
      }
      register_module("network", network.module());
    }

    private static EmbeddingImpl vectors(int codes) {
      int width = width(codes);
      EmbeddingImpl embedding = new EmbeddingImpl(codes, width);
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        Tensor weight = embedding.weight();
        torch.normal_(weight, 0, 1 / Math.sqrt(width));
        weight.select(0, 0).zero_();
      }
      return embedding;
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return network.forward(joined(inputs), memory);
    }

    private Tensor joined(Tensor inputs) {
      TensorVector parts = new TensorVector();
      if (numbers > 0) {
        parts.push_back(inputs.narrow(1, 0, numbers));
      }
      for (int i = 0; i < embeddings.size(); i++) {
        Tensor codes = inputs.select(1, numbers + i).to(ScalarType.Long);
        parts.push_back(embeddings.get(i).forward(codes));
      }
      return torch.cat(parts, 1);
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return network.stochastic();
    }
  }
}
