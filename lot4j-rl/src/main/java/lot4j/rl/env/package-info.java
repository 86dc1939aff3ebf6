/**
 * The built-in environments, one file each, with the paper that their rules come from. Each is a
 * record whose components are its keys under {@code task.environment}. Depends on {@code lot4j.rl}
 * and the JDK.
 *
 * <pre>{@code
 * EnvironmentSpec spec = CartPole.standard();
 * List<String> broken = EnvironmentContract.violations(spec); // empty
 * }</pre>
 */
package lot4j.rl.env;
