package lot4j.model.torchscript;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lot4j.train.DataException;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Block;
import org.bytedeco.pytorch.BlockArrayRef;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.SingletonTypePtr;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.ValueArrayRef;
import org.bytedeco.pytorch.ValueVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The graph of a script's forward with all calls inlined.
 *
 * <p>It counts multiply-accumulates by itself: after every product its operands and its result go
 * into a list of that product's own, the lists are the graph's result, and the graph is run once.
 * So branches that are not taken count nothing, and loops count as often as they run.
 */
final class ScriptGraph {
  private static final Pattern CHANGE = Pattern.compile("prim::SetAttr\\[name=\"([^\"]+)\"]");

  private final JitModule script;
  private final Graph graph;
  private final List<JitNode> nodes;

  private ScriptGraph(JitModule script, Graph graph, List<JitNode> nodes) {
    this.script = script;
    this.graph = graph;
    this.nodes = nodes;
  }

  /** A copy of the graph, which may be changed; use it once. */
  static ScriptGraph of(JitModule script) {
    Graph graph = script.get_method("forward").graph().copy();
    torch.preoptimizeGraph(graph, false);
    List<JitNode> nodes = new ArrayList<>();
    collect(graph.block(), nodes);
    return new ScriptGraph(script, graph, nodes);
  }

  private static void collect(Block block, List<JitNode> nodes) {
    JitNode end = block.return_node();
    for (JitNode node = block.param_node().next();
        node.address() != end.address();
        node = node.next()) {
      nodes.add(node);
      BlockArrayRef inner = node.blocks();
      for (long i = 0; i < inner.size(); i++) {
        collect(inner.at(i), nodes);
      }
    }
  }

  private static String kind(JitNode node) {
    return node.kind().toQualString().getString();
  }

  /**
   * Refuses a forward that changes what no checkpoint would hold.
   *
   * @param buffers the names of the script's buffers, with their paths
   */
  void requireKept(Set<String> buffers, Path file) {
    Set<String> last =
        buffers.stream()
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .collect(Collectors.toSet());
    // From the graph as text: the engine gives a node's names by reference to what is gone.
    Matcher changes = CHANGE.matcher(graph.toString());
    while (changes.find()) {
      if (!last.contains(changes.group(1))) {
        throw new DataException(
            file
                + ": forward changes self."
                + changes.group(1)
                + ", which no checkpoint would hold; register_buffer it");
      }
    }
  }

  /**
   * A product of the graph.
   *
   * @param tensors how many of them tell the cost of one run
   * @param list what went through it
   * @param weights the weights that went through it, where they come as a list; else empty
   */
  private record Counted(
      String kind, Product product, int tensors, boolean transposed, Value list, Value weights) {

    long macs(TensorVector seen, TensorVector seenWeights) {
      long runs = tensors == 0 ? 0 : seen.size() / tensors;
      long each = runs == 0 ? 0 : seenWeights.size() / runs;
      long macs = 0;
      for (long run = 0; run < runs; run++) {
        List<long[]> shapes = new ArrayList<>();
        shapes(shapes, seen, run * tensors, tensors);
        shapes(shapes, seenWeights, run * each, each);
        macs = Math.addExact(macs, product.macs(shapes, transposed));
      }
      return macs;
    }

    private static void shapes(List<long[]> to, TensorVector from, long first, long count) {
      for (long i = first; i < first + count; i++) {
        to.add(from.get(i).shape());
      }
    }
  }

  /**
   * Multiply-accumulates of one forward.
   *
   * @param inputs of the forward, without the script itself
   * @throws DataException if it runs a product that cannot be counted
   */
  long macs(IValueVector inputs, Path file) {
    List<Counted> counted = new ArrayList<>();
    JitNode first = nodes.get(0);
    for (JitNode node : nodes) {
      Product.of(kind(node)).ifPresent(product -> counted.add(record(node, product, first)));
    }
    List<TensorVector> ran = run(counted, inputs);
    long macs = 0;
    for (int i = 0; i < counted.size(); i++) {
      Counted one = counted.get(i);
      TensorVector seen = ran.get(2 * i);
      // A step without a tensor to go by is taken to have run.
      if (one.product() == Product.UNKNOWN && (seen.size() > 0 || one.tensors() == 0)) {
        throw new DataException(
            file
                + ": the cost of "
                + one.kind()
                + " is not known; give forward-macs, the multiply-accumulates of one sample");
      }
      macs = Math.addExact(macs, one.macs(seen, ran.get(2 * i + 1)));
    }
    return macs;
  }

  private Counted record(JitNode node, Product product, JitNode first) {
    List<Value> values = product.values(node);
    Value list = newList(first);
    Value weights = newList(first);
    JitNode after = node;
    for (Value value : values) {
      JitNode append = graph.create(Symbol.aten("append"), new ValueVector(list, value), 1);
      append.output().setType(list.type());
      append.insertAfter(after);
      after = append;
    }
    Optional<Value> given = product.weights(node);
    if (given.isPresent()) {
      graph
          .create(Symbol.aten("extend"), new ValueVector(weights, given.get()), 0)
          .insertAfter(after);
    }
    return new Counted(kind(node), product, values.size(), product.transposed(node), list, weights);
  }

  private Value newList(JitNode before) {
    JitNode made =
        graph.createList(
            new Type.TypePtr(new SingletonTypePtr(TensorType.get())), new ValueArrayRef());
    return made.insertBefore(before).output();
  }

  private List<TensorVector> run(List<Counted> counted, IValueVector inputs) {
    if (counted.isEmpty()) {
      return List.of();
    }
    ValueVector lists = new ValueVector();
    counted.forEach(one -> lists.push_back(one.list()).push_back(one.weights()));
    JitNode tuple = graph.createTuple(lists);
    graph.appendNode(tuple);
    graph.eraseOutput(0);
    graph.registerOutput(tuple.output());
    CompilationUnit unit = new CompilationUnit();
    Function function = unit.create_function(new QualifiedName("census"), graph, false);
    IValueVector stack = new IValueVector(new IValue(script._ivalue()));
    for (long i = 0; i < inputs.size(); i++) {
      stack.push_back(inputs.get(i));
    }
    boolean optimized = torch.getGraphExecutorOptimize();
    torch.setGraphExecutorOptimize(false);
    // With gradients, so that PyTorch's Transformer layers do not take their fused way.
    try (AutoGradMode differentiable = new AutoGradMode(true)) {
      function.run(stack);
    } finally {
      torch.setGraphExecutorOptimize(optimized);
    }
    List<TensorVector> ran = new ArrayList<>();
    for (int i = 0; i < 2 * counted.size(); i++) {
      ran.add(stack.get(0).toTuple().elements().get(i).toTensorVector());
    }
    return ran;
  }
}
