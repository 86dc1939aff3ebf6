package lot4j.model.vision;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lot4j.Distribution;
import lot4j.Output;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The pieces that image networks share. */
final class Layers {
  private Layers() {}

  /** A part of a network that takes maps and gives maps. */
  @FunctionalInterface
  interface Step {
    /** The part's output, a new tensor, for [batch, channels, height, width]. */
    Tensor forward(Tensor maps);
  }

  /** A square convolution without bias whose padding keeps the size at stride 1. */
  static Conv2dImpl conv(long in, long out, long kernel, long stride) {
    return conv(in, out, kernel, stride, 1);
  }

  /** The same in {@code groups} groups. */
  static Conv2dImpl conv(long in, long out, long kernel, long stride, long groups) {
    Conv2dOptions options = new Conv2dOptions(in, out, square(kernel));
    options.stride().put(pair(stride));
    options.padding().put(square(kernel / 2));
    options.groups().put(groups);
    options.bias().put(false);
    return new Conv2dImpl(options);
  }

  /** Batch normalisation with ε = 1e-5 and momentum 0.1, γ = 1 and β = 0. */
  static BatchNorm2dImpl norm(long features) {
    return new BatchNorm2dImpl(new BatchNormOptions(features));
  }

  /**
   * ReLU; {@code own} is used up. Only for a tensor that its producer does not keep for its
   * gradient (batch norm, a sum), because in float32 it happens in place. In bfloat16 it makes a
   * new tensor: the engine is slower in place there. The same numbers either way.
   */
  static Tensor rectify(Tensor own) {
    if (inPlace(own)) {
      own.relu_(); // what this returns only borrows its argument
      return own;
    }
    return pass(own, Tensor::relu);
  }

  /** The sum; {@code own} is used up, under the same condition as in {@link #rectify}. */
  static Tensor accumulate(Tensor own, Tensor other) {
    if (inPlace(own)) {
      own.add_(other);
      return own;
    }
    return pass(own, maps -> maps.add(other));
  }

  private static boolean inPlace(Tensor own) {
    return own.scalar_type().intern() == torch.ScalarType.Float;
  }

  /**
   * What {@code step} makes of {@code own}, which is used up: unless a gradient needs it, the next
   * tensor gets its memory while that is still in the cache.
   */
  static Tensor pass(Tensor own, Step step) {
    Tensor result = step.forward(own);
    own.close();
    return result;
  }

  /** The mean over all places, [batch, channels, height, width] to [batch, channels]. */
  static Tensor globalMean(Tensor maps) {
    return maps.mean(-1, -2);
  }

  /** The images with channels last in memory; without copying if they are so already. */
  static Tensor channelsLast(Tensor images) {
    if (images.size(1) > 1) {
      return images.contiguous(torch.MemoryFormat.ChannelsLast);
    }
    // With one channel both layouts are the same bytes, and the engine takes them for channels
    // first, here and in everything that follows, unless the strides say otherwise.
    long height = images.size(2);
    long width = images.size(3);
    return images
        .contiguous()
        .as_strided(
            new long[] {images.size(0), 1, height, width},
            new long[] {height * width, 1, width, 1});
  }

  /**
   * Runs {@code body} and releases all it made except its result, which goes to the caller's scope.
   * What gradients need, the engine keeps by itself.
   */
  static Tensor keepingResult(Supplier<Tensor> body) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      Tensor result = body.get();
      if (outer == null) {
        result.retainReference();
      } else {
        outer.attach(result);
      }
      return result;
    }
  }

  /** A last layer's logits, with what they are made of as the output's features. */
  static Output classified(Supplier<Tensor> features, LinearImpl classifier) {
    Tensor hidden = keepingResult(features);
    Tensor logits = keepingResult(() -> classifier.forward(hidden));
    return new Output(new Distribution.Categorical(logits), Map.of(Output.FEATURES, hidden));
  }

  /**
   * Runs {@code steps} one after the other, releasing what each made as soon as the next is done.
   * {@code first} is released too: it must belong to the caller alone.
   */
  static Tensor sequence(Tensor first, List<? extends Step> steps) {
    Tensor maps = first;
    for (Step step : steps) {
      Tensor before = maps;
      maps = keepingResult(() -> step.forward(before));
      before.close();
    }
    return maps;
  }

  /** Starts from N(0, √(2 / (k²·out))): K. He et al., ICCV 2015, with the gradient's variance. */
  static Conv2dImpl fanOut(Conv2dImpl conv) {
    Tensor weight = conv.weight();
    double fan = weight.size(0) * weight.size(2) * weight.size(3);
    torch.normal_(weight, 0, Math.sqrt(2 / fan));
    return conv;
  }

  // LongPointer.put(a, b) would be put(index, value): arrays only.
  private static LongPointer square(long size) {
    return new LongPointer(pair(size));
  }

  private static long[] pair(long size) {
    return new long[] {size, size};
  }
}
