package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import lot4j.Census;
import lot4j.Require;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A vocabulary in order of frequency, cut into clusters of words.
 *
 * @param sizes words of each cluster, the most frequent ones first; at least one cluster
 * @param widths size of a word's vector in each cluster
 * @param width size of a word's vector in the network
 * @param projected whether vectors pass through a matrix between their size and the network's
 */
record Clusters(List<Long> sizes, List<Long> widths, long width, boolean projected) {
  /**
   * The clusters of a specification.
   *
   * @throws IllegalArgumentException if a cut-off is not inside the vocabulary
   */
  static Clusters of(TransformerXl spec, int words) {
    List<Long> sizes = new ArrayList<>();
    List<Long> widths = new ArrayList<>();
    long from = 0;
    long width = spec.width();
    for (int cutoff : spec.cutoffs()) {
      Require.that(cutoff < words, "cutoffs", cutoff, "below the vocabulary's " + words + " words");
      sizes.add(cutoff - from);
      widths.add(width);
      from = cutoff;
      width /= spec.div();
    }
    sizes.add(words - from);
    widths.add(width);
    return new Clusters(List.copyOf(sizes), List.copyOf(widths), spec.width(), spec.div() > 1);
  }

  /** Where words of a cluster stand, int64 [found]. */
  static Tensor places(Tensor words, long from, long size) {
    Tensor inside = words.ge(new Scalar(from)).logical_and(words.lt(new Scalar(from + size)));
    return inside.nonzero().squeeze(1);
  }

  /** Number of clusters. */
  int count() {
    return sizes.size();
  }

  /** Number of the clusters after the first. */
  int tails() {
    return count() - 1;
  }

  /** All words. */
  long words() {
    return from(count());
  }

  /** The first word of a cluster. */
  long from(int cluster) {
    return sizes.subList(0, cluster).stream().mapToLong(Long::longValue).sum();
  }

  /** The matrices of word vectors: one a cluster, or one for all if they are of one size. */
  List<long[]> tables() {
    List<long[]> tables = new ArrayList<>();
    for (int i = 0; i < (projected ? count() : 1); i++) {
      tables.add(new long[] {projected ? sizes.get(i) : words(), widths.get(i)});
    }
    return tables;
  }

  /**
   * Embedding and decoder together, for one token. The decoder counts as for the whole
   * distribution; a projected embedding as for a word of the first cluster.
   */
  Census census(boolean tied) {
    long tableSize = tables().stream().mapToLong(shape -> shape[0] * shape[1]).sum();
    long matrices = projected ? widths.stream().mapToLong(own -> own * width).sum() : 0;
    long first = projected ? width * width : 0;
    long scores = tails() * width;
    for (int i = 0; i < count(); i++) {
      scores += sizes.get(i) * widths.get(i);
    }
    long once = tableSize + matrices;
    long parameters = once + (tied ? first : once) + words() + tails() * (width + 1);
    return new Census(parameters, first + matrices + scores);
  }
}
