package lot4j.train;

import lot4j.Output;

/**
 * A batch and what a frozen network says about it.
 *
 * @param batch the task's own
 * @param answer the frozen network's, a constant
 */
record Demonstration<B>(B batch, Output answer) {}
