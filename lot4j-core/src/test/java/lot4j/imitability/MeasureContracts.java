package lot4j.imitability;

import java.util.Map;
import lot4j.Distribution;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.testkit.ImitabilityContract;
import org.bytedeco.pytorch.Tensor;

/** The testkit's contract in this module's types. */
final class MeasureContracts {
  private MeasureContracts() {}

  /** A measure of logits. */
  abstract static class OfLogits extends ImitabilityContract {
    private final Imitability measure;

    OfLogits(Imitability measure) {
      this.measure = measure;
    }

    @Override
    protected Tensor measure(Tensor free, Tensor reference) {
      return measure.measure(Output.logits(free), Output.logits(reference), Mask.none());
    }

    @Override
    protected Tensor measure(Tensor free, Tensor reference, Tensor mask) {
      return measure.measure(Output.logits(free), Output.logits(reference), Mask.of(mask));
    }
  }

  /** A measure of normals, mean and logarithmic deviation side by side. */
  abstract static class OfNormals extends ImitabilityContract {
    private final Imitability measure;

    OfNormals(Imitability measure) {
      this.measure = measure;
    }

    @Override
    protected Tensor measure(Tensor free, Tensor reference) {
      return measure.measure(normal(free), normal(reference), Mask.none());
    }

    @Override
    protected Tensor measure(Tensor free, Tensor reference, Tensor mask) {
      return measure.measure(normal(free), normal(reference), Mask.of(mask));
    }

    @Override
    protected boolean categorical() {
      return false;
    }

    private static Output normal(Tensor both) {
      long half = both.size(1) / 2;
      return new Output(
          new Distribution.DiagonalNormal(both.narrow(1, 0, half), both.narrow(1, half, half)),
          Map.of());
    }
  }
}
