package lot4j.model.language;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import lot4j.Adaptable;
import lot4j.Census;
import lot4j.KeyValues;
import lot4j.Linear;
import lot4j.Memory;
import lot4j.Output;
import lot4j.Pretrained;
import lot4j.Require;
import lot4j.Shape;
import lot4j.config.PublishedSizes;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * LLaMA: a Transformer decoder with RMSNorm before each part of a block, rotary positions,
 * attention in which several heads may share keys and values, a SwiGLU feed-forward layer, and no
 * biases.
 *
 * <p>Names and shapes are those of the published weights in the Hugging Face format ({@code
 * model.embed_tokens.weight}, {@code model.layers.0.self_attn.q_proj.weight} [out, in], …, {@code
 * lm_head.weight}), so that those files can be read as they are. Matrices start from N(0, 0.02), as
 * in that library; norms from 1.
 *
 * <p>It has no memory: every piece of text stands alone and is seen from its own first token on;
 * where a text is read on bit by bit it keeps {@link KeyValues}. Multiply-accumulates of attention
 * are those of the full square of a piece, as is usual.
 *
 * <p>Sources: H. Touvron et al., "LLaMA: open and efficient foundation language models" and "Llama
 * 2", 2023; B. Zhang and R. Sennrich, "Root mean square layer normalization", 2019; J. Su et al.,
 * "RoFormer", 2021; J. Ainslie et al., "GQA", 2023; N. Shazeer, "GLU variants improve Transformer",
 * 2020.
 *
 * @param layers number of blocks, 1 or more
 * @param width size of a token's vector; of a head it is width / heads, an even number
 * @param heads attention heads of a block, 1 or more
 * @param kvHeads heads of keys and values, a divisor of {@code heads}
 * @param inner size of the feed-forward layer, 1 or more
 * @param ropeTheta base of the rotary positions' wavelengths, above 0
 * @param ropeScaling how these are stretched; none for LLaMA 1 and 2
 * @param normEps added to the mean square in a norm, above 0
 * @param context the longest piece of text it takes, in tokens
 * @param tied whether the softmax uses the embedding's matrix
 * @param vocabulary rows of the embedding where published weights have more than the data's
 *     vocabulary; 0 for as many as that
 */
public record Llama(
    int layers,
    int width,
    int heads,
    int kvHeads,
    int inner,
    double ropeTheta,
    Optional<RopeScaling> ropeScaling,
    double normEps,
    int context,
    boolean tied,
    int vocabulary)
    implements Adaptable, PublishedSizes {
  private static final double SPREAD = 0.02;

  /** Checks the sizes. */
  public Llama {
    Require.atLeast("layers", layers, 1);
    Require.atLeast("heads", heads, 1);
    Require.that(
        width >= heads && width % heads == 0 && width / heads % 2 == 0,
        "width",
        width,
        "heads, " + heads + ", times an even number");
    Require.that(
        kvHeads >= 1 && heads % kvHeads == 0, "kv-heads", kvHeads, "a divisor of heads, " + heads);
    Require.atLeast("inner", inner, 1);
    Require.positive("rope-theta", ropeTheta);
    Require.positive("norm-eps", normEps);
    Require.atLeast("context", context, 1);
    Require.atLeast("vocabulary", vocabulary, 0);
  }

  /** LLaMA-2 7B: 32 layers of 4096 with 32 heads, 11,008 inner, 4,096 tokens. */
  public Llama() {
    this(32, 4096, 32, 32, 11_008, 10_000, Optional.empty(), 1e-5, 4096, false, 0);
  }

  @Override
  public Adaptable.Net build(Shape input, int outputs) {
    check(input, outputs);
    return new Net(this, rows(outputs));
  }

  /** As {@code config.json} says, for the architecture {@code LlamaForCausalLM}. */
  @Override
  public Llama sizedBy(Path directory) {
    return LlamaConfig.read(directory.resolve(FILE));
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(width);
  }

  @Override
  public Census census(Shape input, int outputs) {
    check(input, outputs);
    Census block = new Census(2L * width, 2 * input.size(0) * width);
    for (Linear.Size size : blockSizes().values()) {
      block = block.plus(Census.linear(size.in(), size.out(), false));
    }
    Census head = Census.linear(width, rows(outputs), false);
    return block
        .times(layers)
        .plus(new Census(width, 0))
        .plus(tied ? Census.NONE : new Census(head.parameters(), 0))
        .plus(head);
  }

  @Override
  public Map<String, Linear.Size> linearSizes() {
    Map<String, Linear.Size> sizes = new LinkedHashMap<>();
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      blockSizes().forEach((name, size) -> sizes.put(layer + name, size));
    }
    return sizes;
  }

  private Map<String, Linear.Size> blockSizes() {
    long shared = (long) width / heads * kvHeads;
    Map<String, Linear.Size> sizes = new LinkedHashMap<>();
    sizes.put("self_attn.q_proj", new Linear.Size(width, width));
    sizes.put("self_attn.k_proj", new Linear.Size(width, shared));
    sizes.put("self_attn.v_proj", new Linear.Size(width, shared));
    sizes.put("self_attn.o_proj", new Linear.Size(width, width));
    sizes.put("mlp.gate_proj", new Linear.Size(width, inner));
    sizes.put("mlp.up_proj", new Linear.Size(width, inner));
    sizes.put("mlp.down_proj", new Linear.Size(inner, width));
    return sizes;
  }

  private int rows(int outputs) {
    return vocabulary == 0 ? outputs : vocabulary;
  }

  private void check(Shape input, int outputs) {
    Require.that(
        input.tokens() && input.rank() == 1 && input.size(0) >= 1 && input.size(0) <= context,
        "input",
        input,
        "Llama takes pieces of text of 1 to " + context + " tokens, its context");
    Require.atLeast("outputs", outputs, 1);
    Require.that(
        vocabulary == 0 || vocabulary >= outputs,
        "vocabulary",
        vocabulary,
        "as many as the data's vocabulary or more, " + outputs);
  }

  private static final class Net extends Module implements Adaptable.Net {
    private final Llama spec;
    private final int vocabulary;
    private final Tensor words;
    private final List<LlamaBlock> blocks = new ArrayList<>();
    private final Map<String, Linear> linears = new LinkedHashMap<>();
    private final Tensor norm;
    private final Tensor head;

    Net(Llama spec, int vocabulary) {
      super("LlamaForCausalLM");
      this.spec = spec;
      this.vocabulary = vocabulary;
      Module model = child(this, "model");
      words =
          Drawn.normal(child(model, "embed_tokens"), "weight", 0, SPREAD, vocabulary, spec.width);
      Module list = child(model, "layers");
      for (int i = 0; i < spec.layers; i++) {
        Module layer = child(list, Integer.toString(i));
        Map<String, Linear> own = linears(layer, spec);
        own.forEach(
            (name, linear) -> linears.put("model.layers." + blocks.size() + "." + name, linear));
        Tensor before = norm(layer, "input_layernorm", spec.width);
        Tensor between = norm(layer, "post_attention_layernorm", spec.width);
        blocks.add(new LlamaBlock(spec, own, before, between));
      }
      norm = norm(model, "norm", spec.width);
      // Tied, the matrix is registered once, as the embedding's: an optimizer must step it once.
      head =
          spec.tied
              ? words
              : Drawn.normal(child(this, "lm_head"), "weight", 0, SPREAD, vocabulary, spec.width);
    }

    private static Map<String, Linear> linears(Module layer, Llama spec) {
      Map<String, Module> parts = new LinkedHashMap<>();
      Map<String, Linear> linears = new LinkedHashMap<>();
      spec.blockSizes()
          .forEach(
              (name, size) -> {
                int dot = name.indexOf('.');
                Module part =
                    parts.computeIfAbsent(name.substring(0, dot), own -> child(layer, own));
                Module own = child(part, name.substring(dot + 1));
                Tensor weight = Drawn.normal(own, "weight", 0, SPREAD, size.out(), size.in());
                linears.put(name, Linear.of(own, weight, Optional.empty()));
              });
      return linears;
    }

    private static Tensor norm(Module parent, String name, int width) {
      return Drawn.normal(child(parent, name), "weight", 1, 0, width);
    }

    private static Module child(Module parent, String name) {
      return parent.register_module(name, new Module(name));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Kept.output(
          () -> output(inputs, Passage.of(inputs, memory, spec.context, words.device())));
    }

    private Output output(Tensor inputs, Passage passage) {
      Tensor x = torch.embedding(words, inputs.t().contiguous());
      int size = spec.width / spec.heads;
      Rotary rotary = Rotary.of(passage.places(), size, spec.ropeTheta, spec.ropeScaling, x);
      for (LlamaBlock block : blocks) {
        x = block.forward(x, passage, rotary);
      }
      passage.keep();
      Tensor features = rms(x, norm, spec.normEps).transpose(0, 1).contiguous();
      return Decoder.of(features, head, Optional.empty(), vocabulary);
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public Map<String, Linear> linears() {
      return linears;
    }

    @Override
    public boolean stochastic() {
      return false;
    }

    @Override
    public Pretrained pretrained() {
      return new Published(spec.tied);
    }
  }

  /**
   * Older files hold the rotary frequencies, some a copy of a tied softmax, and some the shared
   * matrix under the softmax's name alone: of tensors that are one, the first name is kept.
   */
  private record Published(boolean tied) implements Pretrained {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String SOFTMAX = "lm_head.weight";

    @Override
    public Set<String> head() {
      return Set.of();
    }

    @Override
    public boolean ignores(String name) {
      return name.endsWith(".rotary_emb.inv_freq") || tied && name.equals(SOFTMAX);
    }

    @Override
    public String published(String own, Set<String> names) {
      boolean other = tied && own.equals(EMBEDDING) && !names.contains(EMBEDDING);
      return other && names.contains(SOFTMAX) ? SOFTMAX : own;
    }
  }

  /** Root mean square normalisation over the last axis. */
  static Tensor rms(Tensor x, Tensor weight, double epsilon) {
    return torch.rms_norm(
        x, new long[] {x.size(-1)}, new TensorOptional(weight), new DoubleOptional(epsilon));
  }
}
