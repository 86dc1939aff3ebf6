package lot4j.imitability;

class KlFreeReferenceOfNormalsTest extends MeasureContracts.OfNormals {
  KlFreeReferenceOfNormalsTest() {
    super(new KlDivergence(KlDivergence.Direction.FREE_REFERENCE, 1.5, true));
  }
}
