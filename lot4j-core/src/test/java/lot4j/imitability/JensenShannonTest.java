package lot4j.imitability;

class JensenShannonTest extends MeasureContracts.OfLogits {
  JensenShannonTest() {
    super(new JensenShannon(1.5, false));
  }
}
