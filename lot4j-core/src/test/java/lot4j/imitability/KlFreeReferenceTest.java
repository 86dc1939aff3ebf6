package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;

class KlFreeReferenceTest extends MeasureContracts.OfLogits {
  KlFreeReferenceTest() {
    super(new KlDivergence(Direction.FREE_REFERENCE, 1.5, false));
  }
}
