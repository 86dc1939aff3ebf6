package lot4j.task;

import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.Shape;
import lot4j.data.Augmentation.View;
import lot4j.data.Normalization;
import lot4j.data.Renderer;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes batches of a part's images. The Java array is used again and again; every batch has a
 * tensor of its own, since a step holds several batches at once and backward reads them.
 */
final class ImageFeed {
  private final ImagePart part;
  private final Shape shape;
  private final Renderer renderer;
  private final Normalization normalization;
  private float[] scratch = new float[0];

  ImageFeed(ImagePart part, Normalization normalization) {
    this.part = part;
    this.shape = part.images().shape();
    this.normalization = normalization;
    this.renderer = new Renderer(part.images(), normalization);
  }

  /**
   * A batch in the innermost {@code PointerScope}.
   *
   * @param order indices into the part
   * @param from first position of {@code order}
   * @param to position after the last
   * @param view what happens to the next image
   */
  ImageBatch batch(int[] order, int from, int to, Supplier<View> view) {
    int length = renderer.length();
    int count = to - from;
    if (scratch.length < count * length) {
      scratch = new float[count * length];
    }
    int questions = part.marked() ? part.images().classes().size() : 1;
    long[] labels = new long[count * questions];
    boolean labelled = part.labelled();
    for (int i = 0; i < count; i++) {
      int index = order[from + i];
      renderer.render(part.rows().get(index), view.get(), scratch, i * length);
      if (part.patches().isPresent()) {
        part.patches()
            .get()
            .paint(
                index, shape, part.images().classes().size(), normalization, scratch, i * length);
      }
      if (part.marked()) {
        int first = i * questions;
        Arrays.stream(part.images().labelsOf(part.rows().get(index)))
            .forEach(label -> labels[first + label] = 1);
      } else if (labelled) {
        labels[i] = part.labels().get(index);
      }
    }
    Tensor images = empty(count, shape.size(0), shape.size(1), shape.size(2));
    images.data_ptr_float().put(scratch, 0, count * length);
    if (!labelled) {
      return new ImageBatch(images, Optional.empty());
    }
    Tensor of = tensor(labels);
    return new ImageBatch(images, Optional.of(part.marked() ? of.view(count, questions) : of));
  }
}
