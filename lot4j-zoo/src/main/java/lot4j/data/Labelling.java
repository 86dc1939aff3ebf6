package lot4j.data;

/** How many labels an image of {@code labels.csv} has: the key {@code task.labels}. */
public enum Labelling {
  /** One, if every row has one; else several. */
  AUTO,
  /** Exactly one, its class. */
  SINGLE,
  /** None, one or several, each of which is a question by itself. */
  MULTI
}
