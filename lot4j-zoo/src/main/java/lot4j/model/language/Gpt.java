package lot4j.model.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import lot4j.Adaptable;
import lot4j.Census;
import lot4j.Linear;
import lot4j.Memory;
import lot4j.Output;
import lot4j.Pretrained;
import lot4j.Require;
import lot4j.Shape;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * GPT-2: a Transformer decoder with norms before attention and feed-forward layers, learned
 * positions, GELU (the tanh form), and a softmax that shares the embedding's matrix.
 *
 * <p>Names and shapes are those of the published weights ({@code wte.weight}, {@code
 * h.0.attn.c_attn.weight} [in, out], …), so that those files can be read as they are; the causal
 * masks that some of them hold beside the weights are no parameters here. Matrices start from N(0,
 * 0.02), those that end a residual branch from 0.02 / √(2·layers); biases from 0, norms from 1.
 * (The released TensorFlow code starts positions from 0.01; the paper gives one number, 0.02, as
 * GPT's did.) Dropout stands on the embeddings' sum, the attention's weights, and the end of each
 * residual branch.
 *
 * <p>It has no memory: every piece of text stands alone and is seen from its own first token on;
 * where a text is read on bit by bit it keeps {@link lot4j.KeyValues}. A text has {@code context}
 * positions and no more. Multiply-accumulates of attention are those of the full square of a piece,
 * as is usual, though half of it lies in the future and is partly skipped.
 *
 * <p>Source: A. Radford, J. Wu, R. Child, D. Luan, D. Amodei, I. Sutskever, "Language models are
 * unsupervised multitask learners", 2019.
 *
 * @param layers number of blocks, 1 or more
 * @param width size of a token's vector, a multiple of {@code heads}
 * @param heads attention heads of a block, 1 or more
 * @param context number of positions: the longest piece of text it takes
 * @param dropout probability with which a number is set to 0 in training, [0, 1)
 */
public record Gpt(int layers, int width, int heads, int context, double dropout)
    implements Adaptable {
  private static final double SPREAD = 0.02;
  private static final double EPSILON = 1e-5;
  private static final int EXPANSION = 4;

  /** Checks the sizes. */
  public Gpt {
    Require.atLeast("layers", layers, 1);
    Require.atLeast("heads", heads, 1);
    Require.that(
        width >= heads && width % heads == 0, "width", width, "a multiple of heads, " + heads);
    Require.atLeast("context", context, 1);
    Require.below("dropout", dropout, 0, 1);
  }

  /** GPT-2 small: 12 layers of 768 with 12 heads, 1,024 positions, dropout 0.1. */
  public Gpt() {
    this(12, 768, 12, 1024, 0.1);
  }

  @Override
  public Adaptable.Net build(Shape input, int outputs) {
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
    long inner = (long) EXPANSION * width;
    Census attention = new Census(0, Census.product(2, input.size(0), width));
    Census block =
        Census.norm(width)
            .plus(Census.linear(width, 3L * width, true))
            .plus(attention)
            .plus(Census.linear(width, width, true))
            .plus(Census.norm(width))
            .plus(Census.linear(width, inner, true))
            .plus(Census.linear(inner, width, true));
    return block
        .times(layers)
        .plus(Census.norm(width))
        .plus(new Census((long) context * width, 0))
        .plus(Census.linear(width, outputs, false));
  }

  @Override
  public Map<String, Linear.Size> linearSizes() {
    Map<String, Linear.Size> sizes = new LinkedHashMap<>();
    long inner = (long) EXPANSION * width;
    for (int i = 0; i < layers; i++) {
      sizes.put("h." + i + ".attn.c_attn", new Linear.Size(width, 3L * width));
      sizes.put("h." + i + ".attn.c_proj", new Linear.Size(width, width));
      sizes.put("h." + i + ".mlp.c_fc", new Linear.Size(width, inner));
      sizes.put("h." + i + ".mlp.c_proj", new Linear.Size(inner, width));
    }
    return sizes;
  }

  private void check(Shape input, int outputs) {
    Require.that(
        input.tokens() && input.rank() == 1 && input.size(0) >= 1 && input.size(0) <= context,
        "input",
        input,
        "Gpt takes pieces of text of 1 to " + context + " tokens, its context");
    Require.atLeast("outputs", outputs, 1);
  }

  private static final class Net extends Module implements Adaptable.Net {
    private final Gpt spec;
    private final int vocabulary;
    private final Tensor words;
    private final Tensor positions;
    private final List<Block> blocks = new ArrayList<>();
    private final Norm norm;

    Net(Gpt spec, int vocabulary) {
      super("GPT2Model");
      this.spec = spec;
      this.vocabulary = vocabulary;
      words = normal(child(this, "wte"), SPREAD, vocabulary, spec.width);
      positions = normal(child(this, "wpe"), SPREAD, spec.context, spec.width);
      Module list = child(this, "h");
      for (int i = 0; i < spec.layers; i++) {
        blocks.add(new Block(child(list, Integer.toString(i)), spec));
      }
      norm = Norm.of(child(this, "ln_f"), spec.width);
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Kept.output(
          () -> output(inputs, Passage.of(inputs, memory, spec.context, words.device())));
    }

    private Output output(Tensor inputs, Passage passage) {
      long time = inputs.size(0);
      long batch = inputs.size(1);
      // Rows are [batch · time, width] from here on: one text after the other.
      Tensor ids = inputs.t().contiguous();
      Tensor x = torch.embedding(words, ids).add(passage.positions(positions)).flatten(0, 1);
      boolean train = is_training();
      x = drop(x, spec.dropout, train);
      for (Block block : blocks) {
        x = block.forward(x, passage, batch, train);
      }
      passage.keep();
      Tensor features = norm.forward(x).view(batch, time, spec.width).transpose(0, 1).contiguous();
      return Decoder.of(features, words, Optional.empty(), vocabulary);
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public Map<String, Linear> linears() {
      Map<String, Linear> linears = new LinkedHashMap<>();
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        linears.put("h." + i + ".attn.c_attn", block.queriesKeysValues);
        linears.put("h." + i + ".attn.c_proj", block.mixed);
        linears.put("h." + i + ".mlp.c_fc", block.wider);
        linears.put("h." + i + ".mlp.c_proj", block.back);
      }
      return linears;
    }

    @Override
    public boolean stochastic() {
      return spec.dropout > 0;
    }

    @Override
    public Pretrained pretrained() {
      return new Published();
    }
  }

  /**
   * Some files have the masks, some a copy of the softmax or its name alone for the shared matrix,
   * some a prefix to all names.
   */
  private record Published() implements Pretrained {
    private static final String PREFIX = "transformer.";
    private static final String EMBEDDING = "wte.weight";
    private static final String SOFTMAX = "lm_head.weight";

    @Override
    public Set<String> head() {
      return Set.of();
    }

    @Override
    public String published(String own, Set<String> names) {
      if (names.contains(PREFIX + own)) {
        return PREFIX + own;
      }
      boolean other = own.equals(EMBEDDING) && !names.contains(EMBEDDING);
      return other && names.contains(SOFTMAX) ? SOFTMAX : own;
    }

    @Override
    public boolean ignores(String name) {
      return name.endsWith(".attn.bias")
          || name.endsWith(".attn.masked_bias")
          || name.equals(SOFTMAX);
    }
  }

  /** One block: attention and a feed-forward layer, each with a norm before and a sum after. */
  private static final class Block {
    private final Gpt spec;
    private final Norm before;
    private final Linear queriesKeysValues;
    private final Linear mixed;
    private final Norm between;
    private final Linear wider;
    private final Linear back;

    Block(Module own, Gpt spec) {
      this.spec = spec;
      double last = SPREAD / Math.sqrt(2.0 * spec.layers);
      int width = spec.width;
      before = Norm.of(child(own, "ln_1"), width);
      Module attention = child(own, "attn");
      queriesKeysValues = dense(child(attention, "c_attn"), width, 3 * width, SPREAD);
      mixed = dense(child(attention, "c_proj"), width, width, last);
      between = Norm.of(child(own, "ln_2"), width);
      Module feedForward = child(own, "mlp");
      wider = dense(child(feedForward, "c_fc"), width, EXPANSION * width, SPREAD);
      back = dense(child(feedForward, "c_proj"), EXPANSION * width, width, last);
    }

    Tensor forward(Tensor x, Passage passage, long batch, boolean train) {
      Tensor attended = attend(before.forward(x), passage, batch, train);
      Tensor middle = x.add(drop(mixed.forward(attended), spec.dropout, train));
      Tensor inner = torch.gelu(wider.forward(between.forward(middle)), "tanh");
      return middle.add(drop(back.forward(inner), spec.dropout, train));
    }

    private Tensor attend(Tensor x, Passage passage, long batch, boolean train) {
      long size = spec.width / spec.heads;
      long time = x.size(0) / batch;
      Tensor all =
          queriesKeysValues
              .forward(x)
              .view(batch, time, 3, spec.heads, size)
              .permute(2, 0, 3, 1, 4);
      Tensor query = all.select(0, 0);
      Tensor key = passage.with(all.select(0, 1));
      Tensor value = passage.with(all.select(0, 2));
      // The engine's own draws for dropout are slow on a CPU, and then it knows no short cut.
      boolean plain = train && spec.dropout > 0 && !x.is_cuda() && passage.causal();
      Tensor mixed =
          plain
              ? dropped(query, key, value)
              : passage.attend(query, key, value, train ? spec.dropout : 0);
      return mixed.transpose(1, 2).reshape(batch * time, spec.width);
    }

    private Tensor dropped(Tensor query, Tensor key, Tensor value) {
      long time = query.size(2);
      Tensor future =
          torch.ones(new long[] {time, time}, query.options()).triu_(1).to(ScalarType.Bool);
      Tensor scores =
          query.mul(new Scalar(1 / Math.sqrt(query.size(3)))).matmul(key.transpose(2, 3));
      scores.masked_fill_(future, new Scalar(Double.NEGATIVE_INFINITY));
      ScalarType type =
          scores.scalar_type().intern() == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
      Tensor weights = torch.softmax(scores, -1, new ScalarTypeOptional(type));
      return Dropout.each(weights, spec.dropout).matmul(value);
    }
  }

  /** A linear layer whose matrix is stored [in, out]. */
  private static Linear dense(Module own, int in, int out, double spread) {
    Tensor weight = normal(own, spread, in, out);
    return Linear.inputsFirst(own, weight, constant(own, "bias", 0, out));
  }

  /** Layer normalisation over the last axis. */
  private record Norm(Tensor weight, Tensor bias) {
    static Norm of(Module own, int width) {
      Tensor weight = constant(own, "weight", 1, width);
      return new Norm(weight, constant(own, "bias", 0, width));
    }

    Tensor forward(Tensor x) {
      return torch.layer_norm(
          x,
          new long[] {x.size(-1)},
          new TensorOptional(weight),
          new TensorOptional(bias),
          EPSILON,
          true);
    }
  }

  private static Tensor drop(Tensor x, double dropout, boolean train) {
    return train ? Dropout.each(x, dropout) : x;
  }

  private static Module child(Module parent, String name) {
    return parent.register_module(name, new Module(name));
  }

  private static Tensor normal(Module owner, double spread, long... sizes) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor made = torch.empty(sizes);
      torch.normal_(made, 0, spread);
      owner.register_parameter("weight", made);
      return made;
    }
  }

  private static Tensor constant(Module owner, String name, double value, long size) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor made = value == 0 ? torch.zeros(size) : torch.ones(size);
      owner.register_parameter(name, made);
      return made;
    }
  }
}
