package lot4j.data;

/** How images of another shape are brought to the size of {@code task.size}. */
public enum Fit {
  /** Height and width each by a factor of its own: all of the image is seen, distorted. */
  SQUASH,
  /**
   * By one factor, so that the image just covers the size, then its centre: nothing is distorted,
   * what stands over is cut off on both sides alike.
   */
  CROP
}
