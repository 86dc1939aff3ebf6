package lot4j.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.data.Instruction;
import lot4j.data.InstructionSet;
import lot4j.data.InstructionSets;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;
import lot4j.train.Split;

/**
 * Requests with answers cut into parts. What the data does not bring is drawn from its training
 * part, in an order that depends on {@code split-seed} alone: the test split first, then the
 * validation split; then come the {@code train-examples}.
 *
 * @param name of the data
 * @param splits the labelled parts
 * @param student the students' own examples; empty if they read the teacher's
 * @param sources every file that was read
 */
record InstructionParts(
    String name,
    Map<Split, List<Instruction>> splits,
    Optional<List<Instruction>> student,
    List<Source> sources) {

  static InstructionParts of(InstructionTuning spec, InstructionSet set, Path dataDirectory) {
    List<Source> sources = new ArrayList<>(set.sources());
    Map<Split, List<Instruction>> splits = new EnumMap<>(Split.class);
    List<Instruction> left = drawn(spec, set.train());
    left = test(spec, set, left, splits);
    left = validation(spec, set, left, splits, dataDirectory, sources);
    List<Instruction> rest = List.of();
    if (spec.trainExamples() instanceof TrainExamples.Number number) {
      if (number.count() > left.size()) {
        throw new DataException(
            spec.data()
                + ": task.train-examples = "
                + number.count()
                + " is more than the "
                + left.size()
                + " examples there are to train on");
      }
      rest = left.subList(number.count(), left.size());
      left = left.subList(0, number.count());
    }
    splits.put(Split.TRAIN, left);
    splits.forEach((split, part) -> notEmpty(spec, split.key(), part));
    Optional<List<Instruction>> student = Optional.empty();
    if (spec.unlabelled() instanceof Unlabelled.Rest) {
      student = Optional.of(rest);
    } else if (spec.unlabelled() instanceof Unlabelled.From from) {
      InstructionSet other =
          InstructionSets.one(dataDirectory, from.data(), spec.promptKey(), spec.answerKey());
      sources.addAll(other.sources());
      student = Optional.of(other.train());
    }
    student.ifPresent(part -> notEmpty(spec, "students'", part));
    return new InstructionParts(set.name(), splits, student, sources);
  }

  private static List<Instruction> test(
      InstructionTuning spec,
      InstructionSet set,
      List<Instruction> left,
      Map<Split, List<Instruction>> splits) {
    if (set.test().isPresent()) {
      splits.put(Split.TEST, set.test().get());
      return left;
    }
    int count = part(left.size(), spec.test());
    splits.put(Split.TEST, left.subList(0, count));
    return left.subList(count, left.size());
  }

  private static List<Instruction> validation(
      InstructionTuning spec,
      InstructionSet set,
      List<Instruction> left,
      Map<Split, List<Instruction>> splits,
      Path dataDirectory,
      List<Source> sources) {
    if (spec.validation() instanceof Validation.At at) {
      InstructionSet other =
          InstructionSets.one(dataDirectory, at.path(), spec.promptKey(), spec.answerKey());
      sources.addAll(other.sources());
      splits.put(Split.VALID, other.train());
    } else if (spec.validation() instanceof Validation.Fraction fraction) {
      if (set.valid().isPresent()) {
        splits.put(Split.VALID, set.valid().get());
      } else {
        int count = part(left.size(), fraction.part());
        splits.put(Split.VALID, left.subList(0, count));
        return left.subList(count, left.size());
      }
    }
    return left;
  }

  private static int part(int size, double fraction) {
    return size < 2 ? 0 : (int) Math.min(size - 1, Math.max(1, Math.round(size * fraction)));
  }

  private static List<Instruction> drawn(InstructionTuning spec, List<Instruction> all) {
    RandomStream random = new Streams(spec.splitSeed()).named("split");
    List<Instruction> drawn = new ArrayList<>();
    for (int index : random.permutation(all.size())) {
      drawn.add(all.get(index));
    }
    return drawn;
  }

  private static void notEmpty(InstructionTuning spec, String what, List<Instruction> part) {
    if (part.isEmpty()) {
      throw new DataException(spec.data() + ": no example is left for the " + what + " part");
    }
  }

  /** All texts of the training part. */
  Stream<Instruction> training() {
    return splits.get(Split.TRAIN).stream();
  }

  /** All texts of all other parts. */
  Stream<Instruction> others() {
    return Stream.concat(
        Stream.of(Split.VALID, Split.TEST)
            .filter(splits::containsKey)
            .flatMap(split -> splits.get(split).stream()),
        student.stream().flatMap(List::stream));
  }
}
