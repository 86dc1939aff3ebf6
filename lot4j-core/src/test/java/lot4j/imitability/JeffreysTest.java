package lot4j.imitability;

class JeffreysTest extends MeasureContracts.OfLogits {
  JeffreysTest() {
    super(new Jeffreys(2, false));
  }
}
