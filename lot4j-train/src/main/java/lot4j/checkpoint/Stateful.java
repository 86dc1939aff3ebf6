package lot4j.checkpoint;

/** Whatever changes during training: saved whole, restored to the bit. */
public interface Stateful {
  /** Writes everything that the future depends on. */
  void save(StateWriter out);

  /**
   * Takes over what {@link #save} wrote.
   *
   * @throws CheckpointException naming the entry if something is missing or of another shape
   */
  void restore(StateReader in);
}
