/**
 * Networks that act, one file each, with the paper that they come from. Each is a record whose
 * components are its keys under {@code teacher}; {@link lot4j.rl.policy.TwoNetworks} makes a policy
 * of any other network. Depends on {@code lot4j}, {@code lot4j.rl} and the engine.
 *
 * <pre>{@code
 * Model policy = new ActorCritic().build(Shape.of(4), new ActionSpace.Discrete(2));
 * }</pre>
 */
package lot4j.rl.policy;
