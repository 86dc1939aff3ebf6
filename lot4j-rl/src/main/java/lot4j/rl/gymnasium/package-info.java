/**
 * Environments of the user's own Python, through the Gymnasium API: {@link
 * lot4j.rl.gymnasium.Gymnasium} is the description, whose environments run in child processes that
 * are spoken to over pipes. Depends on {@code lot4j.rl}, a JSON library and the JDK; needs a Python
 * 3 with the package {@code gymnasium} when it runs.
 *
 * <pre>{@code
 * EnvironmentSpec lander = Gymnasium.of("LunarLander-v3");
 * try (Environments eight = lander.make(Split.TRAIN, 8, 2)) { // two processes
 *   eight.reset(0, 7);
 * }
 * }</pre>
 */
package lot4j.rl.gymnasium;
