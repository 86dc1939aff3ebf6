package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;
import org.junit.jupiter.api.Nested;

class KlDivergenceTest {
  @Nested
  class FreeReference extends MeasureContracts.OfLogits {
    FreeReference() {
      super(new KlDivergence(Direction.FREE_REFERENCE, 1.5, false));
    }
  }

  @Nested
  class ReferenceFree extends MeasureContracts.OfLogits {
    ReferenceFree() {
      super(new KlDivergence(Direction.REFERENCE_FREE, 1, false));
    }
  }

  @Nested
  class Scaled extends MeasureContracts.OfLogits {
    Scaled() {
      super(new KlDivergence(Direction.FREE_REFERENCE, 3, true));
    }
  }
}
