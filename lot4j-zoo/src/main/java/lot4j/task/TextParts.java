package lot4j.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.data.TextSet;
import lot4j.data.TextSets;
import lot4j.data.Tokens;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;
import lot4j.train.Split;

/**
 * A text set cut into its parts.
 *
 * @param splits the labelled parts
 * @param student the students' own text; empty if they read the teacher's
 * @param sources every file that was read
 * @param notes what a user should know
 */
record TextParts(
    Map<Split, Tokens> splits, Optional<Tokens> student, List<Source> sources, List<String> notes) {
  private static final long TEST_PART = 10;

  static TextParts of(LanguageModelling spec, TextSet set, Path dataDirectory) {
    List<Source> sources = new ArrayList<>(set.sources());
    List<String> notes = new ArrayList<>(set.notes());
    Map<Split, Tokens> splits = new EnumMap<>(Split.class);
    Tokens left = set.train();
    if (set.test().isPresent()) {
      splits.put(Split.TEST, set.test().get());
    } else {
      long from = left.size() - left.size() / TEST_PART;
      splits.put(Split.TEST, left.part(from, left.size()));
      left = left.part(0, from);
    }
    if (spec.validation() instanceof Validation.At at) {
      TextSet.Part part = TextSets.part(dataDirectory, at.path(), set.vocabulary(), false);
      sources.addAll(part.sources());
      notes.addAll(part.notes());
      splits.put(Split.VALID, part.tokens());
    } else if (spec.validation() instanceof Validation.Fraction fraction) {
      if (set.valid().isPresent()) {
        splits.put(Split.VALID, set.valid().get());
      } else {
        long from = left.size() - Math.round(left.size() * fraction.part());
        splits.put(Split.VALID, left.part(from, left.size()));
        left = left.part(0, from);
      }
    }
    Tokens rest = left.part(left.size(), left.size());
    if (spec.trainExamples() instanceof TrainExamples.Number number) {
      if (number.count() > left.size()) {
        throw new DataException(
            spec.data()
                + ": task.train-examples = "
                + number.count()
                + " is more than the "
                + left.size()
                + " tokens there are to train on");
      }
      rest = left.part(number.count(), left.size());
      left = left.part(0, number.count());
    }
    splits.put(Split.TRAIN, left);
    return new TextParts(
        splits, student(spec, set, dataDirectory, rest, sources, notes), sources, notes);
  }

  private static Optional<Tokens> student(
      LanguageModelling spec,
      TextSet set,
      Path dataDirectory,
      Tokens rest,
      List<Source> sources,
      List<String> notes) {
    if (spec.unlabelled() instanceof Unlabelled.Rest) {
      return Optional.of(rest);
    }
    if (spec.unlabelled() instanceof Unlabelled.From from) {
      TextSet.Part part = TextSets.part(dataDirectory, from.data(), set.vocabulary(), false);
      sources.addAll(part.sources());
      notes.addAll(part.notes());
      return Optional.of(part.tokens());
    }
    return Optional.empty();
  }
}
