package lot4j.model.language;

import java.util.Map;
import lot4j.Linear;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A block of a {@link Llama}: attention and a gated feed-forward layer, each with a norm before and
 * a sum after.
 *
 * @param linears its layers by name
 * @param before scale of the norm before attention, [width]
 * @param between scale of the norm before the feed-forward layer, [width]
 */
record LlamaBlock(Llama spec, Map<String, Linear> linears, Tensor before, Tensor between) {

  /**
   * The tokens' vectors, [batch, time, width], one block on.
   *
   * @param passage which rows they are
   * @param rotary the turns of these rows' places
   */
  Tensor forward(Tensor x, Passage passage, Rotary rotary) {
    Tensor middle = x.add(attend(Llama.rms(x, before, spec.normEps()), passage, rotary));
    Tensor in = Llama.rms(middle, between, spec.normEps());
    Tensor gated = torch.silu(layer("mlp.gate_proj", in)).mul(layer("mlp.up_proj", in));
    return middle.add(layer("mlp.down_proj", gated));
  }

  private Tensor attend(Tensor x, Passage passage, Rotary rotary) {
    Tensor query = rotary.turn(heads(layer("self_attn.q_proj", x), spec.heads()));
    Tensor key = passage.with(rotary.turn(heads(layer("self_attn.k_proj", x), spec.kvHeads())));
    Tensor value = passage.with(heads(layer("self_attn.v_proj", x), spec.kvHeads()));
    Tensor mixed = passage.attend(query, shared(key), shared(value), 0);
    Tensor together = mixed.transpose(1, 2).reshape(x.size(0), x.size(1), spec.width());
    return layer("self_attn.o_proj", together);
  }

  private Tensor layer(String name, Tensor x) {
    return linears.get(name).forward(x);
  }

  /** [batch, time, heads · size] as [batch, heads, time, size]. */
  private static Tensor heads(Tensor x, int heads) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  /** Each head of keys or values as often as queries share it, one behind the other. */
  private Tensor shared(Tensor x) {
    long times = spec.heads() / spec.kvHeads();
    return times == 1
        ? x
        : x.unsqueeze(2)
            .expand(x.size(0), x.size(1), times, x.size(2), x.size(3))
            .reshape(x.size(0), spec.heads(), x.size(2), x.size(3));
  }
}
