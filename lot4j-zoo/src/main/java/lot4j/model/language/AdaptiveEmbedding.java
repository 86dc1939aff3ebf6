package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Vectors of words, shorter ones for rarer words, multiplied by √width.
 *
 * <p>Source: A. Baevski and M. Auli, "Adaptive input representations for neural language modeling",
 * ICLR 2019; names as in Transformer-XL's PyTorch code.
 */
final class AdaptiveEmbedding extends Module {
  private static final double DEVIATION = 0.02;
  private static final double PROJECTION_DEVIATION = 0.01;

  private final Clusters clusters;
  private final List<Tensor> tables = new ArrayList<>();
  private final List<Tensor> projections = new ArrayList<>();
  private final Scalar scale;

  AdaptiveEmbedding(Clusters clusters) {
    super("AdaptiveEmbedding");
    this.clusters = clusters;
    scale = new Scalar(Math.sqrt(clusters.width()));
    Module list = register_module("emb_layers", new Module("ModuleList"));
    for (long[] shape : clusters.tables()) {
      Module table = list.register_module(String.valueOf(tables.size()), new Module("Embedding"));
      tables.add(Drawn.normal(table, "weight", 0, DEVIATION, shape));
    }
    if (clusters.projected()) {
      Module owner = register_module("emb_projs", new Module("ParameterList"));
      for (int i = 0; i < clusters.count(); i++) {
        projections.add(projection(owner, i, clusters));
      }
    }
  }

  /** Registers a matrix [width, a cluster's width]. */
  static Tensor projection(Module owner, int cluster, Clusters clusters) {
    String name = String.valueOf(cluster);
    return Drawn.normal(
        owner, name, 0, PROJECTION_DEVIATION, clusters.width(), clusters.widths().get(cluster));
  }

  /** The matrices of word vectors, as {@link Clusters#tables} has them. */
  List<Tensor> tables() {
    return List.copyOf(tables);
  }

  /** A matrix [width, cluster's width] for each cluster; none if the vectors are of one size. */
  List<Tensor> projections() {
    return List.copyOf(projections);
  }

  /** Vectors [time, batch, width] of the words [time, batch]. */
  Tensor forward(Tensor words) {
    if (projections.isEmpty()) {
      return torch.embedding(tables.get(0), words).mul(scale);
    }
    Tensor flat = words.flatten();
    long[] shape = {flat.size(0), clusters.width()};
    Tensor vectors = torch.zeros(shape, tables.get(0).options());
    for (int i = 0; i < clusters.count(); i++) {
      Tensor places = Clusters.places(flat, clusters.from(i), clusters.sizes().get(i));
      Tensor own = flat.index_select(0, places).sub(new Scalar(clusters.from(i)));
      Tensor part = torch.linear(torch.embedding(tables.get(i), own), projections.get(i));
      vectors = vectors.index_copy(0, places, part.to(vectors));
    }
    return vectors.mul(scale).view(words.size(0), words.size(1), clusters.width());
  }
}
