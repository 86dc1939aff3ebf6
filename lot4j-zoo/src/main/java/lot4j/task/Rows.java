package lot4j.task;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.Mask;
import lot4j.Output;
import lot4j.train.Pace;
import lot4j.train.Split;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What tasks on samples that stand alone have in common: the first axis is the batch. */
final class Rows {
  private Rows() {}

  /** The part of the data that a split is. */
  static <P> P of(Map<Split, P> parts, Split split) {
    P part = parts.get(split);
    if (part == null) {
      throw new IllegalArgumentException(
          "split = "
              + split.key()
              + " is not allowed; this data has "
              + parts.keySet().stream().map(Split::key).sorted().toList());
    }
    return part;
  }

  /** Number of samples by split, and of the students' where they have their own. */
  static <P> Map<String, Long> counts(
      Map<Split, P> parts, Optional<P> student, ToLongFunction<P> size) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      if (parts.containsKey(split)) {
        counts.put(split.key(), size.applyAsLong(parts.get(split)));
      }
    }
    student.ifPresent(part -> counts.put("student", size.applyAsLong(part)));
    return counts;
  }

  /** The first {@code fraction} of an exercise's rows, at least one. */
  static Exercise part(Exercise exercise, double fraction) {
    return new Exercise(
        first(exercise.inputs(), fraction),
        new Mask(exercise.mask().positions().map(mask -> first(mask, fraction))),
        exercise.task());
  }

  /** The same part of an output. */
  static Output part(Output output, double fraction) {
    Map<String, Tensor> extras = new LinkedHashMap<>();
    output.extras().forEach((name, tensor) -> extras.put(name, first(tensor, fraction)));
    Distribution whole = output.distribution();
    Distribution part =
        whole instanceof Distribution.DiagonalNormal normal
            ? new Distribution.DiagonalNormal(
                first(normal.mean(), fraction), first(normal.logStd(), fraction))
            : new Distribution.Categorical(first(output.logits(), fraction));
    return new Output(part, extras);
  }

  /** Targets on the device of what was said, as many as it has rows. */
  static Tensor fitting(Tensor said, Tensor targets, ScalarType type) {
    Tensor there =
        said.device().equals(targets.device()) ? targets : targets.to(said.device(), type);
    long rows = said.size(0);
    return rows == there.size(0) ? there : there.narrow(0, 0, rows);
  }

  /** The targets of a batch that has them. */
  static Tensor targets(TableBatch batch) {
    return batch
        .targets()
        .orElseThrow(
            () -> new IllegalStateException("batch: has no targets; a task loss needs them"));
  }

  private static Tensor first(Tensor rows, double fraction) {
    return fraction == 1 ? rows : rows.narrow(0, 0, Pace.part(rows.size(0), fraction));
  }
}
