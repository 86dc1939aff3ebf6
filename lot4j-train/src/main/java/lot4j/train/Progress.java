package lot4j.train;

/**
 * How far a run is.
 *
 * @param step teacher steps made
 * @param fraction part of the budget used, 0 to 1
 * @param samples labelled samples taken in
 */
public record Progress(long step, double fraction, long samples) {}
