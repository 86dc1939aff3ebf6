package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.pytorch.global.torch.equal;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.ArrayList;
import java.util.List;
import lot4j.optim.Weights;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

class BucketingProperties {
  @Property(tries = 200)
  void everyParameterIsInOneBucketAndNoneIsLargerThanItHasTo(
      @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 64, max = 5000) Long> bytes,
      @ForAll @IntRange(min = 1, max = 20_000) int size) {
    List<Integer> counts = new Bucketing(0, size).counts(bytes);
    assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(bytes.size());
    int next = 0;
    for (int i = 0; i < counts.size(); i++) {
      List<Long> own = bytes.subList(next, next += counts.get(i));
      long all = own.stream().mapToLong(Long::longValue).sum();
      assertThat(own).isNotEmpty();
      assertThat(all - own.get(own.size() - 1)).isLessThan(size);
      assertThat(all >= size || i == counts.size() - 1).isTrue();
    }
  }

  /** More layers than the engine's binding keeps static callbacks for. */
  @Property(tries = 25)
  void anySizeGivesThePlainGradientEachPartOnce(
      @ForAll @IntRange(min = 1, max = 4000) int bytes, @ForAll @IntRange(max = 99) int seed) {
    try (PointerScope own = new PointerScope()) {
      manual_seed(seed);
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        order.add(i * 7 % 24); // not that of registration
      }
      Chain chain = new Chain(24, order);
      Weights weights = Weights.of(chain);
      weights.zeroGrad();
      Tensor input = randn(3, 4);
      chain.loss(input).backward();
      Tensor expected = weights.gradients().clone();
      weights.zeroGrad();
      List<Tensor> handedOn = new ArrayList<>();
      try (GradientBuckets buckets =
          GradientBuckets.of(weights, new Bucketing(0, bytes)).orElseThrow()) {
        buckets.backward(() -> chain.loss(input).backward(), part -> handedOn.add(0, part.clone()));
        assertThat(handedOn).hasSize(buckets.size());
      }
      TensorVector parts = new TensorVector();
      handedOn.forEach(parts::push_back);
      assertThat(equal(torch.cat(parts), expected)).isTrue();
      assertThat(equal(weights.gradients(), expected)).isTrue();
    }
  }
}
