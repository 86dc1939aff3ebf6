package lot4j.optim;

/** An optimizer's description; a record whose components are configuration keys. */
public interface OptimizerSpec {
  /** Base learning rate, which a schedule multiplies. */
  double lr();

  /** The largest L2 norm of a learner's whole gradient; longer ones are scaled down to it. */
  Clip clip();

  /** The optimizer with its state, around a network's weights. */
  Optimizer over(Weights weights);
}
