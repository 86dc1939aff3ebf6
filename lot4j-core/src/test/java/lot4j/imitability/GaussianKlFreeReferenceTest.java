package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;

class GaussianKlFreeReferenceTest extends MeasureContracts.OfNormals {
  GaussianKlFreeReferenceTest() {
    super(new GaussianKl(Direction.FREE_REFERENCE));
  }
}
