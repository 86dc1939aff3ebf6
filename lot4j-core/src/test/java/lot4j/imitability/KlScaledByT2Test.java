package lot4j.imitability;

import lot4j.imitability.KlDivergence.Direction;

class KlScaledByT2Test extends MeasureContracts.OfLogits {
  KlScaledByT2Test() {
    super(new KlDivergence(Direction.FREE_REFERENCE, 3, true));
  }
}
