package lot4j.config;

/**
 * A record that describes an environment of reinforcement learning and has a name in the catalog.
 * What can be done with one, {@code lot4j.rl.EnvironmentSpec} says.
 */
public interface NamedEnvironment {}
