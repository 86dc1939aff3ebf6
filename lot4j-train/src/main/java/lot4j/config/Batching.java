package lot4j.config;

import lot4j.Require;

/**
 * Sizes of batches.
 *
 * @param batchSize samples (text: columns) of the teacher's step
 * @param studentBatchSize samples of a student's step; {@code batch-size} where not given
 * @param evalBatchSize samples at a time while scoring
 * @param accumulate parts that a step's batch is computed in, each of the sizes above
 */
public record Batching(int batchSize, int studentBatchSize, int evalBatchSize, int accumulate) {
  /** Checks the values: each is 1 or more. */
  public Batching {
    Require.atLeast("batch-size", batchSize, 1);
    Require.atLeast("student-batch-size", studentBatchSize, 1);
    Require.atLeast("eval-batch-size", evalBatchSize, 1);
    Require.atLeast("accumulate", accumulate, 1);
  }
}
