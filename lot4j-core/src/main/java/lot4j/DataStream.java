package lot4j;

/** The two streams of batches; a recurrent network keeps a memory of its own along each. */
public enum DataStream {
  /** The labelled batches of the teacher's task. */
  TASK,
  /** The batches that students learn from, labelled or not. */
  STUDENT
}
