package lot4j.imitability;

class GaussianJeffreysTest extends MeasureContracts.OfNormals {
  GaussianJeffreysTest() {
    super(new GaussianJeffreys());
  }
}
