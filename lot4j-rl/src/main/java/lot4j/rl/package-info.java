/**
 * Reinforcement learning: {@link lot4j.rl.Environment} is a world, {@link lot4j.rl.Ppo} the task of
 * acting well in it, trained by the one {@code Trainer} and regularized by the one {@code Lot}.
 * Depends on {@code lot4j}, {@code lot4j.train} and its packages, and the zoo.
 *
 * <pre>{@code
 * Environment cartPole = CartPole.standard().make(Split.TRAIN);
 * cartPole.reset(7);
 * cartPole.step(new float[] {1}, 0);
 * }</pre>
 */
package lot4j.rl;
