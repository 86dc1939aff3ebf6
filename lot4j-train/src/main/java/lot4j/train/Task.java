package lot4j.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lot4j.Exercise;
import lot4j.Network;
import lot4j.Output;
import org.bytedeco.pytorch.Tensor;

/**
 * What the teacher has to learn: the loss of a batch, and the score on a data set. The trainer
 * knows nothing else of images, text or policies.
 */
public interface Task<B> {
  /** The batch as LoT sees it; labelled batches carry the task's loss. */
  Exercise exercise(B batch);

  /** The task's mean loss of {@code output} on {@code batch}, shape []. */
  Tensor loss(Output output, B batch);

  /**
   * The right classes of a labelled batch, [*] int64 in the order of an output's positions; empty
   * for a task that has none.
   */
  default Optional<Tensor> classes(B batch) {
    return Optional.empty();
  }

  /** Samples in the batch, the unit of work and of the loss's mean. */
  long samples(B batch);

  /**
   * What the batch weighs where a step gathers the gradients of several: how many terms its mean
   * loss is over.
   */
  default double weight(B batch) {
    return samples(batch);
  }

  /**
   * How many samples of the data the batch uses up: all of them, unless batches pass over the same
   * data several times, as PPO's do; then the first batch of a rollout takes all of its steps.
   */
  default long taken(B batch) {
    return samples(batch);
  }

  /**
   * Further numbers of a training batch worth a curve (accuracy, entropy), constants of shape [].
   */
  Map<String, Tensor> observe(Output output, B batch);

  /**
   * Numbers that follow from the means of a training line, e.g. the perplexity from the mean loss.
   *
   * @param means by name, {@code teacher/task_loss} among them
   */
  default Map<String, Double> derive(Map<String, Double> means) {
    return Map.of();
  }

  /** The names among a score's metrics that belong to the data, the same for every network. */
  default Set<String> ofTheData() {
    return Set.of();
  }

  /** The first {@code fraction} of the samples of an exercise, at least one. */
  Exercise part(Exercise exercise, double fraction);

  /** The same part of an output. */
  Output part(Output output, double fraction);

  /**
   * Scores networks on a split in one pass over the data, in eval mode, without gradients.
   *
   * @param networks the teacher first, then the students
   * @return a map of metric names to values for each network, and at the end one for the mean of
   *     their probabilities if there are several networks
   */
  List<Map<String, Double>> score(List<Network> networks, Split split);

  /**
   * Whether {@link #score} asks the networks for one batch after another, and each answer depends
   * on its batch alone, as it does where nothing is carried from batch to batch: then several
   * processes can answer a part of the batches each.
   */
  default boolean scoresBatches() {
    return false;
  }

  /**
   * The same as {@link #score}, and what lies behind the numbers, in one pass.
   *
   * @return as {@link #score} gives them
   */
  default List<Examined> examine(List<Network> networks, Split split) {
    return score(networks, split).stream()
        .map(metrics -> new Examined(metrics, Optional.empty()))
        .toList();
  }

  /**
   * A score and what lies behind it.
   *
   * @param metrics by name
   * @param details what a file beside the results tells in full, such as a confusion matrix
   */
  record Examined(Map<String, Double> metrics, Optional<ObjectNode> details) {}
}
