package lot4j.optim;

import lot4j.checkpoint.Stateful;

/** Moves weights along their gradients; its moments are its state. */
public interface Optimizer extends Stateful {
  /** One step at learning rate {@code lr}. */
  void step(double lr);
}
