package lot4j.rl;

/**
 * What an agent sees and what it can do.
 *
 * @param observation what it sees
 * @param action what it can do
 */
public record Spaces(ObservationSpace observation, ActionSpace action) {}
