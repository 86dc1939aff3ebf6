package lot4j.imitability;

import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Distribution.Projected;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Another measure, toward the reference's answers on other samples: every answer stays as sharp or
 * as flat as it was, and says nothing any more about the sample that it stands beside. A control
 * for what a regularizer takes from the content of a reference and what from its entropy alone.
 *
 * <p>The answers at the positions that count move on by one place, the last to the first: no
 * position keeps its own as long as two count, and nothing is drawn. Batches of images come in a
 * random order; in a batch of text, [time, column], the next position is another column at the same
 * time. Features move likewise; other extras of the reference are dropped.
 *
 * @param measure the measure
 */
public record Shuffled(Imitability measure) implements Imitability {

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    return measure.measure(free, shuffled(reference, mask), mask);
  }

  /** The reference with its answers moved on by one counted position. */
  public static Output shuffled(Output reference, Mask mask) {
    Map<String, Tensor> features =
        Optional.ofNullable(reference.extras().get(Output.FEATURES))
            .map(tensor -> Map.of(Output.FEATURES, moved(tensor, mask)))
            .orElseGet(Map::of);
    return new Output(shuffled(reference.distribution(), mask), features);
  }

  private static Distribution shuffled(Distribution distribution, Mask mask) {
    if (distribution instanceof Categorical categorical) {
      return new Categorical(moved(categorical.logits(), mask));
    }
    if (distribution instanceof Projected projected) {
      return new Projected(moved(projected.features(), mask), projected.projection());
    }
    DiagonalNormal normal = (DiagonalNormal) distribution;
    boolean ofEach = normal.logStd().dim() == normal.mean().dim();
    return new DiagonalNormal(
        moved(normal.mean(), mask), ofEach ? moved(normal.logStd(), mask) : normal.logStd());
  }

  private static Tensor moved(Tensor values, Mask mask) {
    Require.that(values.dim() >= 2, "dimensions", values.dim(), "2 or more: [*, classes]");
    Tensor rows = values.reshape(-1, values.size(-1));
    Tensor all =
        torch.arange(
            new Scalar(rows.size(0)),
            new TensorOptions(ScalarType.Long).device(new DeviceOptional(rows.device())));
    Tensor source =
        mask.positions()
            .map(
                positions -> {
                  Tensor counted = torch.nonzero(positions.reshape(-1)).reshape(-1);
                  return all.index_copy(0, counted, counted.roll(1));
                })
            .orElseGet(() -> all.roll(1));
    return rows.index_select(0, source).view_as(values);
  }
}
