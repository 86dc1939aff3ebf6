package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.Output;
import lot4j.Projection;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The distribution of the next word in two steps: one of the most frequent words or of the
 * clusters, then a word of that cluster. With one cluster it is a plain softmax.
 *
 * <p>Source: E. Grave, A. Joulin, M. Cissé, D. Grangier, H. Jégou, "Efficient softmax approximation
 * for GPUs", ICML 2017; names, and the order of the clusters' scores from last to first, as in
 * Transformer-XL's PyTorch code.
 */
final class AdaptiveSoftmax implements Projection {
  private static final double DEVIATION = 0.02;

  private final Clusters clusters;
  private final Optional<Tensor> clusterWeight;
  private final Optional<Tensor> clusterBias;
  private final List<Tensor> tables = new ArrayList<>();
  private final List<Tensor> biases = new ArrayList<>();
  private final List<Tensor> projections = new ArrayList<>();

  /**
   * Registers what the embedding does not have.
   *
   * @param owner gets the parameters
   * @param tied whether to use its matrices; of its projections all but the first are used then
   */
  AdaptiveSoftmax(Module owner, Clusters clusters, AdaptiveEmbedding embedding, boolean tied) {
    this.clusters = clusters;
    int tails = clusters.tails();
    clusterWeight =
        tails == 0
            ? Optional.empty()
            : Optional.of(
                Drawn.normal(owner, "cluster_weight", 0, DEVIATION, tails, clusters.width()));
    clusterBias =
        tails == 0
            ? Optional.empty()
            : Optional.of(Drawn.normal(owner, "cluster_bias", 0, 0, tails));
    Module list = owner.register_module("out_layers", new Module("ModuleList"));
    for (long[] shape : clusters.tables()) {
      int i = tables.size();
      Module layer = list.register_module(String.valueOf(i), new Module("Linear"));
      tables.add(
          tied ? embedding.tables().get(i) : Drawn.normal(layer, "weight", 0, DEVIATION, shape));
      biases.add(Drawn.normal(layer, "bias", 0, 0, shape[0]));
    }
    if (clusters.projected()) {
      Module matrices = owner.register_module("out_projs", new Module("ParameterList"));
      for (int i = 0; i < clusters.count(); i++) {
        projections.add(
            tied && i > 0
                ? embedding.projections().get(i)
                : AdaptiveEmbedding.projection(matrices, i, clusters));
      }
    }
  }

  /** The distribution at features [time, batch, width]. */
  Output output(Tensor features) {
    int words = Math.toIntExact(clusters.words());
    if (clusters.count() == 1) {
      return Decoder.of(features, tables.get(0), Optional.of(biases.get(0)), words);
    }
    return words > Decoder.LARGEST_AT_ONCE
        ? new Output(new Distribution.Projected(features, this), Map.of())
        : new Output(
            new Distribution.Categorical(logits(features)), Map.of(Output.FEATURES, features));
  }

  /** {@inheritDoc} With several clusters the logits are log-probabilities. */
  @Override
  public Tensor logits(Tensor features) {
    List<Tensor> weights = parts(tables);
    List<Tensor> shifts = parts(biases);
    Tensor head = head(features, weights, shifts);
    if (clusters.count() == 1) {
      return head;
    }
    Tensor chosen = logSoftmax(head);
    TensorVector parts = new TensorVector(chosen.narrow(-1, 0, clusters.sizes().get(0)));
    for (int i = 1; i < clusters.count(); i++) {
      Tensor within = logSoftmax(scores(features, i, weights.get(i), shifts.get(i)));
      parts.push_back(within.add(chosen.narrow(-1, column(i), 1)));
    }
    return torch.cat(parts, -1);
  }

  /**
   * Log-probabilities of given words: of rare words' clusters only what they need is computed.
   *
   * @param features [*, width]
   * @param targets int64 [*]
   * @return [*], differentiable like {@link #logits}
   */
  Tensor targetLogProbabilities(Tensor features, Tensor targets) {
    List<Tensor> weights = parts(tables);
    List<Tensor> shifts = parts(biases);
    Tensor rows = features.reshape(-1, clusters.width());
    Tensor words = targets.flatten();
    Tensor first = words;
    List<Tensor> places = new ArrayList<>();
    for (int i = 1; i < clusters.count(); i++) {
      Tensor own = Clusters.places(words, clusters.from(i), clusters.sizes().get(i));
      first = first.index_fill(0, own, new Scalar(column(i)));
      places.add(own);
    }
    Tensor result =
        logSoftmax(head(rows, weights, shifts)).gather(1, first.unsqueeze(1)).squeeze(1);
    for (int i = 1; i < clusters.count(); i++) {
      Tensor own = places.get(i - 1);
      Tensor word = words.index_select(0, own).sub(new Scalar(clusters.from(i))).unsqueeze(1);
      Tensor scores = scores(rows.index_select(0, own), i, weights.get(i), shifts.get(i));
      result = result.index_add(0, own, logSoftmax(scores).gather(1, word).squeeze(1));
    }
    return result.view_as(targets);
  }

  @Override
  public List<Tensor> parameters() {
    List<Tensor> all = new ArrayList<>(tables);
    all.addAll(biases);
    all.addAll(projections);
    clusterWeight.ifPresent(all::add);
    clusterBias.ifPresent(all::add);
    return List.copyOf(all);
  }

  private Tensor head(Tensor features, List<Tensor> weights, List<Tensor> shifts) {
    Tensor weight = weights.get(0);
    Tensor shift = shifts.get(0);
    if (clusterWeight.isPresent()) {
      weight = torch.cat(new TensorVector(weight, clusterWeight.get()), 0);
      shift = torch.cat(new TensorVector(shift, clusterBias.orElseThrow()), 0);
    }
    return scores(features, 0, weight, shift);
  }

  private Tensor scores(Tensor features, int cluster, Tensor weight, Tensor shift) {
    Tensor own =
        projections.isEmpty() ? features : torch.linear(features, projections.get(cluster).t());
    return torch.linear(own, weight, new TensorOptional(shift));
  }

  /** The place of a cluster's own score among the first scores: the last cluster's comes first. */
  private long column(int cluster) {
    return clusters.sizes().get(0) + clusters.tails() - cluster;
  }

  /** One tensor a cluster; cut once, so that the gradient is put together once. */
  private List<Tensor> parts(List<Tensor> whole) {
    if (whole.size() == clusters.count()) {
      return whole;
    }
    long[] sizes = clusters.sizes().stream().mapToLong(Long::longValue).toArray();
    TensorVector cut = torch.split_with_sizes(whole.get(0), sizes);
    List<Tensor> parts = new ArrayList<>();
    for (long i = 0; i < cut.size(); i++) {
      parts.add(new Tensor(cut.get(i)));
    }
    return parts;
  }

  private static Tensor logSoftmax(Tensor scores) {
    boolean half = scores.scalar_type().intern() == ScalarType.BFloat16;
    return torch.log_softmax(half ? scores.to(ScalarType.Float) : scores, -1);
  }
}
