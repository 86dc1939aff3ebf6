package lot4j.imitability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large logits against the same in parts that are too small for the way by hand. */
class KlByHandTest {
  private static final long POSITIONS = 280;
  private static final long PART = 140;
  private static final long WORDS = 4_000;

  private static Tensor random(long seed) {
    torch.manual_seed(seed);
    long[] shape = {2, POSITIONS / 2, WORDS};
    return torch.randn(shape, new TensorOptions(ScalarType.Double)).mul(new Scalar(2));
  }

  private static Tensor rows(Tensor x, long from) {
    return x.reshape(POSITIONS, WORDS).narrow(0, from, PART);
  }

  private static Tensor inParts(
      KlDivergence kl, Tensor free, Tensor reference, Optional<Tensor> mask) {
    Tensor sum = torch.zeros(1).squeeze().to(ScalarType.Double);
    Tensor count = sum;
    for (long from = 0; from < POSITIONS; from += PART) {
      long start = from;
      Optional<Tensor> own = mask.map(m -> m.reshape(POSITIONS).narrow(0, start, PART));
      Tensor counted =
          own.map(m -> m.sum().to(ScalarType.Double))
              .orElseGet(() -> torch.tensor((double) PART).to(ScalarType.Double));
      Tensor part =
          kl.measure(
              Output.logits(rows(free, from)),
              Output.logits(rows(reference, from)),
              own.map(Mask::of).orElseGet(Mask::none));
      sum = sum.add(part.mul(counted));
      count = count.add(counted);
    }
    return sum.div(count);
  }

  @ParameterizedTest
  @CsvSource({
    "FREE_REFERENCE,1,false,false",
    "FREE_REFERENCE,1.5,true,true",
    "REFERENCE_FREE,1,false,true",
    "REFERENCE_FREE,2,true,false"
  })
  void equalsThePlainWay(
      KlDivergence.Direction direction, double temperature, boolean scale, boolean masked) {
    try (PointerScope scope = new PointerScope()) {
      KlDivergence kl = new KlDivergence(direction, temperature, scale);
      Tensor reference = random(1);
      Tensor free = random(2);
      // A class that neither side knows.
      reference.select(2, 7).fill_(new Scalar(Double.NEGATIVE_INFINITY));
      free.select(2, 7).fill_(new Scalar(Double.NEGATIVE_INFINITY));
      Optional<Tensor> mask = Optional.empty();
      if (masked) {
        mask = Optional.of(torch.rand(2, POSITIONS / 2).gt(new Scalar(0.4)));
        reference.masked_fill_(mask.get().logical_not().unsqueeze(-1), new Scalar(1e30));
      }
      Tensor own = free.clone().set_requires_grad(true);
      Tensor plain = free.clone().set_requires_grad(true);
      Tensor value =
          kl.measure(
              Output.logits(own),
              Output.logits(reference),
              mask.map(Mask::of).orElseGet(Mask::none));
      Tensor expected = inParts(kl, plain, reference, mask);

      assertThat(value.item_double()).isCloseTo(expected.item_double(), within(1e-12));
      value.mul(new Scalar(3)).backward();
      expected.mul(new Scalar(3)).backward();
      assertThat(own.grad().sub(plain.grad()).abs().max().item_double()).isLessThan(1e-15);
      assertThat(own.grad().abs().sum().item_double()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"FREE_REFERENCE", "REFERENCE_FREE"})
  void aClassThatOnlyTheSecondSideExcludesMakesItInfinite(KlDivergence.Direction direction) {
    try (PointerScope scope = new PointerScope()) {
      Tensor free = random(3);
      Tensor reference = random(4);
      boolean freeFirst = direction == KlDivergence.Direction.FREE_REFERENCE;
      (freeFirst ? reference : free).select(2, 7).fill_(new Scalar(Double.NEGATIVE_INFINITY));
      Tensor value =
          new KlDivergence(direction, 1, false)
              .measure(
                  Output.logits(free.set_requires_grad(true)),
                  Output.logits(reference),
                  Mask.none());

      assertThat(value.item_double()).isInfinite();
    }
  }
}
