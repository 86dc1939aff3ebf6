package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Transformer-XL: attention over a piece of text and a memory of the pieces before it.
 *
 * <p>Words are embedded and multiplied by √width; each of the layers attends to the piece up to the
 * present word and to what it saw in the last {@code memory} positions before the piece, by content
 * and by distance; the last layer's output is decoded with the embedding's matrix and a bias.
 * Dropout stands on the embedding, on the sinusoids, on each sublayer's output and hidden numbers
 * and on the last output. Matrices and attention biases start from N(0, 0.02), norms' scales from
 * N(1, 0.02), projections of shorter word vectors from N(0, 0.01), biases from 0.
 *
 * <p>The memory holds {@code layers + 1} tensors, the embedding and every layer's output, each
 * [positions, batch, width] with as many positions as there have been, at most {@code memory}. No
 * gradient flows into it.
 *
 * <p>Parameters have the names of the authors' PyTorch code. There a tied decoder has the
 * embedding's matrices a second time as {@code crit.out_layers.0.weight} and so on; here they exist
 * once, as {@code word_emb.emb_layers.0.weight}, and {@code crit.out_layers.0.bias} is the
 * decoder's bias. The same goes for the projections of shorter vectors, of which the first is never
 * shared: {@code word_emb.emb_projs.0} and {@code crit.out_projs.0}. The sinusoids' frequencies,
 * there a buffer {@code pos_emb.inv_freq}, are computed. One pair {@code r_w_bias}, {@code
 * r_r_bias} serves all layers, as in that code's settings.
 *
 * <p>With cut-offs, embedding and softmax are adaptive: the output's logits are the
 * log-probabilities of all words. The base network for WikiText-103 has 16 layers of 410, 10 heads
 * of 41, inner 2,100, memory 150, dropout 0.1, cut-offs 20,000, 40,000 and 200,000.
 *
 * <p>The census counts a token of one text whose memory is full: queries for the piece, keys and
 * values for memory and piece, since they are computed anew; the products of all pairs, masked ones
 * too; the distances' projection, which the texts of a batch in fact share; the decoder for the
 * whole vocabulary.
 *
 * <p>Source: Z. Dai, Z. Yang, Y. Yang, J. Carbonell, Q. Le, R. Salakhutdinov, "Transformer-XL:
 * Attentive language models beyond a fixed-length context", ACL 2019, section 3.
 *
 * @param layers number of layers, 1 or more
 * @param width size of a word's vector and of each layer's output, even, 2 or more
 * @param heads attention heads of a layer, 1 or more
 * @param headWidth size of a head's queries, keys and values, 1 or more
 * @param inner hidden numbers of a layer's feed-forward part, 1 or more
 * @param memory positions before the piece that are seen, 0 or more
 * @param dropout probability with which a number is set to 0 in training, [0, 1)
 * @param attentionDropout the same for attention weights, [0, 1)
 * @param tied whether the decoder uses the embedding's matrices
 * @param cutoffs numbers of words, growing, at which a vocabulary in order of frequency is cut for
 *     an adaptive softmax; empty for a plain one
 * @param div by how much a cluster's word vectors are shorter than the cluster's before, 1 or more;
 *     above 1 only with cut-offs
 */
public record TransformerXl(
    int layers,
    int width,
    int heads,
    int headWidth,
    int inner,
    int memory,
    double dropout,
    double attentionDropout,
    boolean tied,
    List<Integer> cutoffs,
    int div)
    implements ModelSpec {
  private static final double DEVIATION = 0.02;

  /** Checks the sizes. */
  public TransformerXl {
    Require.atLeast("layers", layers, 1);
    Require.that(width >= 2 && width % 2 == 0, "width", width, "an even number, 2 or more");
    Require.atLeast("heads", heads, 1);
    Require.atLeast("head-width", headWidth, 1);
    Require.atLeast("inner", inner, 1);
    Require.atLeast("memory", memory, 0);
    Require.below("dropout", dropout, 0, 1);
    Require.below("attention-dropout", attentionDropout, 0, 1);
    cutoffs = List.copyOf(cutoffs);
    int before = 0;
    for (int cutoff : cutoffs) {
      Require.that(cutoff > before, "cutoffs", cutoff, "more than the one before, " + before);
      before = cutoff;
    }
    Require.atLeast("div", div, 1);
    Require.that(div == 1 || !cutoffs.isEmpty(), "div", div, "1 without cutoffs");
    Require.that(
        div == 1 || Math.pow(div, cutoffs.size()) <= width,
        "div",
        div,
        "the last cluster's vectors would be empty");
  }

  /** The network of LoT's script for the Penn Treebank: 4 layers of 200, 8 heads of 20. */
  public TransformerXl() {
    this(4, 200, 8, 20, 1000, 70, 0.25, 0, true, List.of(), 1);
  }

  @Override
  public Model build(Shape input, int outputs) {
    check(input, outputs);
    return new Net(this, outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(width);
  }

  @Override
  public Census census(Shape input, int outputs) {
    check(input, outputs);
    long time = input.size(0);
    Census layer = RelativeLayer.census(this, time, time + memory);
    Census piece = layer.times(layers).plus(new Census(2L * headsWidth(), 0));
    Census sum = new Census(piece.parameters(), (piece.macs() + time - 1) / time);
    return sum.plus(Clusters.of(this, outputs).census(tied));
  }

  /** All heads together. */
  int headsWidth() {
    return heads * headWidth;
  }

  private static void check(Shape input, int outputs) {
    Require.that(
        input.tokens() && input.rank() == 1 && input.size(0) >= 1,
        "input",
        input,
        "TransformerXl takes pieces of text, 1 token or longer");
    Require.atLeast("outputs", outputs, 1);
  }

  private static final class Net extends Module implements Model {
    private final TransformerXl spec;
    private final Tensor contentBias;
    private final Tensor distanceBias;
    private final AdaptiveEmbedding embedding;
    private final List<RelativeLayer> layers = new ArrayList<>();
    private final AdaptiveSoftmax decoder;
    private final RelativePositions positions;
    private final double dropout;

    Net(TransformerXl spec, int vocabulary) {
      super("TransformerXl");
      this.spec = spec;
      contentBias = Drawn.normal(this, "r_w_bias", 0, DEVIATION, spec.heads, spec.headWidth);
      distanceBias = Drawn.normal(this, "r_r_bias", 0, DEVIATION, spec.heads, spec.headWidth);
      Clusters clusters = Clusters.of(spec, vocabulary);
      embedding = register_module("word_emb", new AdaptiveEmbedding(clusters));
      Module stack = register_module("layers", new Module("ModuleList"));
      for (int i = 0; i < spec.layers; i++) {
        layers.add(stack.register_module(String.valueOf(i), new RelativeLayer(spec)));
      }
      Module last = register_module("crit", new Module("ProjectedAdaptiveLogSoftmax"));
      decoder = new AdaptiveSoftmax(last, clusters, embedding, spec.tied);
      positions = new RelativePositions(spec.width);
      dropout = spec.dropout;
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Kept.output(() -> output(inputs, memory));
    }

    private Output output(Tensor inputs, Memory memory) {
      PointerScope scope = PointerScope.getInnerScope();
      long time = inputs.size(0);
      List<Tensor> remembered = remembered(inputs.size(1), memory);
      long earlier = remembered.get(0).size(0);
      Tensor x = drop(embedding.forward(inputs));
      Tensor distances = drop(positions.down(earlier + time + 1, contentBias));
      Scalar scale = new Scalar(1 / Math.sqrt(spec.headWidth));
      RelativeLayer.Shared shared =
          new RelativeLayer.Shared(
              contentBias.mul(scale).view(spec.heads, 1, 1, spec.headWidth),
              distanceBias.mul(scale).view(spec.heads, 1, 1, spec.headWidth),
              scale,
              positions.future(time, contentBias));
      List<Tensor> next = new ArrayList<>(List.of(appended(remembered.get(0), x)));
      for (int i = 0; i < spec.layers; i++) {
        RelativeLayer layer = layers.get(i);
        Tensor before = x;
        Tensor own = remembered.get(i);
        x = keeping(scope, () -> layer.forward(before, own, distances, shared));
        next.add(appended(remembered.get(i + 1), x));
      }
      memory.write(spec.memory == 0 ? List.of() : next);
      return decoder.output(drop(x));
    }

    /**
     * What the memory holds, the embedding and each layer's output: [0 to memory, batch, width].
     */
    private List<Tensor> remembered(long batch, Memory memory) {
      List<Tensor> state = memory.read();
      if (state.isEmpty()) {
        Tensor none = torch.empty(new long[] {0, batch, spec.width}).to(contentBias);
        List<Tensor> empty = new ArrayList<>();
        for (int i = 0; i <= spec.layers; i++) {
          empty.add(none);
        }
        return empty;
      }
      Require.that(
          state.get(0).size(1) == batch,
          "batch",
          batch,
          "the memory is of " + state.get(0).size(1) + " texts");
      return state;
    }

    /** The last positions of both, as a constant; a copy unless it is the whole piece. */
    private Tensor appended(Tensor earlier, Tensor piece) {
      long time = piece.size(0);
      long kept = Math.min(spec.memory - Math.min(spec.memory, time), earlier.size(0));
      try (NoGradGuard constant = new NoGradGuard()) {
        long fresh = Math.min(spec.memory, time);
        Tensor end = piece.detach().narrow(0, time - fresh, fresh);
        if (kept == 0) {
          return fresh == time ? end : end.clone();
        }
        Tensor start = earlier.narrow(0, earlier.size(0) - kept, kept);
        return torch.cat(new TensorVector(start, end), 0);
      }
    }

    private static Tensor keeping(PointerScope outer, Supplier<Tensor> body) {
      try (PointerScope inner = new PointerScope()) {
        Tensor result = body.get();
        outer.attach(result);
        return result;
      }
    }

    private Tensor drop(Tensor x) {
      return is_training() ? Dropout.each(x, dropout) : x;
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return spec.dropout > 0 || spec.attentionDropout > 0;
    }
  }
}
