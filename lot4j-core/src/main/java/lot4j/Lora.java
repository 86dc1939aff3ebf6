package lot4j;

import java.util.List;

/**
 * Low-rank adapters: a network's weights are frozen, and chosen linear layers get a matrix of low
 * rank beside theirs, W + α/r · B A, of which A and B are trained. B starts from zeros: the network
 * says at first what it said without.
 *
 * <p>Source: E. Hu et al., "LoRA: low-rank adaptation of large language models", 2021.
 *
 * @param rank r, rows of A, 1 or more
 * @param alpha the numerator of the scale α/r, above 0; nothing to do with LoT's α
 * @param dropout probability with which an adapter's input is set to 0 in training, [0, 1)
 * @param targets the layers: ends of their names, {@code q_proj} for those of all blocks
 */
public record Lora(int rank, double alpha, double dropout, List<String> targets) {
  /** Checks the numbers. */
  public Lora {
    Require.atLeast("lora.rank", rank, 1);
    Require.positive("lora.alpha", alpha);
    Require.below("lora.dropout", dropout, 0, 1);
    targets = List.copyOf(targets);
    Require.that(
        !targets.isEmpty() && targets.stream().noneMatch(String::isBlank),
        "lora.targets",
        targets,
        "ends of layers' names, one or more");
  }

  /** Rank 8, scale 2, no dropout, on the layers named {@code q_proj} and {@code v_proj}. */
  public static Lora usual() {
    return new Lora(8, 16, 0, List.of("q_proj", "v_proj"));
  }

  /** α/r. */
  double scale() {
    return alpha / rank;
  }

  /** Whether the layer of that name gets an adapter. */
  boolean takes(String layer) {
    return targets.stream().anyMatch(end -> layer.equals(end) || layer.endsWith("." + end));
  }
}
