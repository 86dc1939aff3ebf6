package lot4j.imitability;

class LogitErrorTest extends MeasureContracts.OfLogits {
  LogitErrorTest() {
    super(new LogitError(2, true));
  }
}
