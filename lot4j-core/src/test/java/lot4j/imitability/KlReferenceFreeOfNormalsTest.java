package lot4j.imitability;

class KlReferenceFreeOfNormalsTest extends MeasureContracts.OfNormals {
  KlReferenceFreeOfNormalsTest() {
    super(new KlDivergence(KlDivergence.Direction.REFERENCE_FREE, 1.5, false));
  }
}
