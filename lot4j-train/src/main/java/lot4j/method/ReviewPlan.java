package lot4j.method;

/** What a section of a configuration says of the students' memory, {@code replay}. */
public interface ReviewPlan {
  /** The most states that are kept, 1 or more. */
  int states();

  /** How often the students go through them after each epoch, 0 for never. */
  int passes();
}
