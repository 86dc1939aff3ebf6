package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;

class KlReferenceFreeTest extends MeasureContracts.OfLogits {
  KlReferenceFreeTest() {
    super(new KlDivergence(Direction.REFERENCE_FREE, 1, false));
  }
}
