package lot4j.imitability;

class TotalVariationTest extends MeasureContracts.OfLogits {
  TotalVariationTest() {
    super(new TotalVariation(1.5, true));
  }
}
