package lot4j.checkpoint;

/**
 * The state of a component at some time, kept in memory: a place that it can be put back to.
 *
 * <pre>{@code
 * Place start = Place.of(stream);
 * stream.next();
 * start.into(stream); // next() gives the same batch once more
 * }</pre>
 */
public final class Place {
  private final byte[] state;

  private Place(byte[] state) {
    this.state = state;
  }

  /** The present state of {@code component}. */
  public static Place of(Stateful component) {
    return new Place(Parcel.of(component::save));
  }

  /**
   * Puts a component back to this place.
   *
   * @throws CheckpointException if it asks for what its state did not hold
   */
  public void into(Stateful component) {
    Parcel.open(state, component::restore);
  }
}
