package lot4j.rl;

import org.bytedeco.pytorch.Tensor;

/**
 * What the acting policy did on a minibatch's observations, and what came of it.
 *
 * @param actions [batch] int64 for choices, [batch, action] for numbers, before they were cut to
 *     the space's bounds
 * @param logProbabilities of the actions under the policy that took them, [batch]
 * @param advantages [batch], not normalised where one process learns alone
 * @param returns what values are fitted to, [batch]
 * @param values what the acting network said, [batch]
 */
public record Experience(
    Tensor actions, Tensor logProbabilities, Tensor advantages, Tensor returns, Tensor values) {}
