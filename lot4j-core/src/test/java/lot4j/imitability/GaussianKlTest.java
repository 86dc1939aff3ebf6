package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;
import org.junit.jupiter.api.Nested;

class GaussianKlTest {
  @Nested
  class FreeReference extends MeasureContracts.OfNormals {
    FreeReference() {
      super(new GaussianKl(Direction.FREE_REFERENCE));
    }
  }

  @Nested
  class ReferenceFree extends MeasureContracts.OfNormals {
    ReferenceFree() {
      super(new GaussianKl(Direction.REFERENCE_FREE));
    }
  }
}
