package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;

class GaussianKlReferenceFreeTest extends MeasureContracts.OfNormals {
  GaussianKlReferenceFreeTest() {
    super(new GaussianKl(Direction.REFERENCE_FREE));
  }
}
