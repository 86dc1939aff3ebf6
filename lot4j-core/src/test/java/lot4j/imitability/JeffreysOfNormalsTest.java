package lot4j.imitability;

class JeffreysOfNormalsTest extends MeasureContracts.OfNormals {
  JeffreysOfNormalsTest() {
    super(new Jeffreys(2, true));
  }
}
