package lot4j.rl.gymnasium;

/** On which axis pictures, observations of three axes, have their channels; ours is the first. */
public enum Channels {
  /** The last one if it has 1, 3 or 4 entries and the first has not, else the first. */
  AUTO,
  /** The first: nothing is moved. */
  FIRST,
  /** The last: it is moved to the front. */
  LAST
}
