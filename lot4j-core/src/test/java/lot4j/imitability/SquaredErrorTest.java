package lot4j.imitability;

class SquaredErrorTest extends MeasureContracts.OfLogits {
  SquaredErrorTest() {
    super(new SquaredError(1.5, false));
  }
}
