package lot4j.report;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A number that says how hard a network was to imitate; higher is harder for all of them. */
public enum ProbeMeasure {
  /** KL(student ‖ network) on held-out data in the end, nats. */
  HELD_OUT_KL(
      "held_out_kl",
      "held-out KL",
      result -> OptionalDouble.of(result.heldOut().last().klFreeReference())),
  /** KL(network ‖ student) on held-out data in the end, nats. */
  HELD_OUT_KL_REVERSE(
      "held_out_kl_reverse",
      "held-out KL(teacher ‖ student)",
      result -> OptionalDouble.of(result.heldOut().last().klReferenceFree())),
  /** The mean of the held-out KL on the way. */
  HELD_OUT_AREA("held_out_area", "area, held-out", result -> result.heldOut().area()),
  /** KL(student ‖ network) on the training inputs in the end, nats. */
  TRAIN_KL(
      "train_kl",
      "train KL",
      result ->
          result.train().points().isEmpty()
              ? OptionalDouble.empty()
              : OptionalDouble.of(result.train().last().klFreeReference())),
  /** The mean of the training KL on the way. */
  TRAIN_AREA("train_area", "area, train", result -> result.train().area()),
  /** The held-out KL over the network's entropy; of classes. */
  RELATIVE_KL("relative_kl", "held-out KL / entropy", ImitationResult::relative),
  /** The fraction of held-out data where the two disagree in the end; of classes. */
  DISAGREEMENT(
      "disagreement",
      "disagreement",
      result -> {
        OptionalDouble agreement = result.heldOut().last().agreement();
        return agreement.isPresent()
            ? OptionalDouble.of(1 - agreement.getAsDouble())
            : OptionalDouble.empty();
      }),
  /** How far the predicted numbers are apart on held-out data in the end, in the target's unit. */
  DISTANCE("distance", "distance", result -> result.heldOut().last().distance());

  private static final List<ProbeMeasure> OF_CLASSES = List.of(RELATIVE_KL, DISAGREEMENT);

  private final String key;
  private final String words;
  private final Function<ImitationResult, OptionalDouble> of;

  ProbeMeasure(String key, String words, Function<ImitationResult, OptionalDouble> of) {
    this.key = key;
    this.words = words;
    this.of = of;
  }

  /** The measures of imitations of classes or words, or of numbers. */
  static List<ProbeMeasure> of(boolean numbers) {
    return Arrays.stream(values())
        .filter(measure -> numbers ? !OF_CLASSES.contains(measure) : measure != DISTANCE)
        .toList();
  }

  /** Its name in {@code probe.json} and {@code probe.csv}. */
  public String key() {
    return key;
  }

  /** Its name for people. */
  public String words() {
    return words;
  }

  /** The number of one imitation. */
  public OptionalDouble of(ImitationResult result) {
    return of.apply(result);
  }
}
