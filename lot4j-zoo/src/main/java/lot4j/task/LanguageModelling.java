package lot4j.task;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import lot4j.Require;
import lot4j.config.WhenAbsent;
import lot4j.data.TextSet;
import lot4j.data.TextSets;
import lot4j.data.Tokenization;
import lot4j.train.DataException;
import lot4j.train.TaskSpec;

/**
 * The {@code task:} section for {@code kind: text}: predicting the next token of a continuous text.
 *
 * <p>The parts of a text are contiguous, so nothing about them is random. Order: if the data brings
 * no test text, the last tenth of the training text becomes it; then the validation text is taken
 * from the end of what is left, unless the data brings one; then {@code train-examples} tokens from
 * the beginning.
 *
 * @param data a data set's name, a plain-text file, or a directory with {@code [name.]train.txt},
 *     {@code valid}, {@code test}
 * @param tokens {@code word}, {@code char}, {@code bpe}, the path of a {@code tokenizer.json}, or
 *     {@code auto}: as the data set is usually read, word for other texts
 * @param length tokens of each column that a step takes: how far gradients reach back
 * @param evalLength the same in evaluation, where only speed and a Transformer's reach depend on it
 * @param minCount words that occur less often in the training text become {@code <unk>}
 * @param vocabulary tokens that {@code bpe} learns
 * @param augment {@code none}
 * @param unlabelled the students' text; default none, the teacher's own
 * @param validation where the validation text comes from; default a tenth of the training text
 * @param splitSeed accepted as everywhere; no part of a text depends on it
 * @param trainExamples tokens the teacher learns from; default all
 * @param labelNoise 0
 * @param allowSubset whether a subset of a data set with a name is accepted
 */
public record LanguageModelling(
    String data,
    String tokens,
    int length,
    @WhenAbsent("length") Optional<Integer> evalLength,
    int minCount,
    int vocabulary,
    NoAugmentation augment,
    Unlabelled unlabelled,
    Validation validation,
    long splitSeed,
    TrainExamples trainExamples,
    double labelNoise,
    boolean allowSubset)
    implements TaskSpec {

  /** A text is learned as it stands. */
  public enum NoAugmentation {
    /** Nothing is changed. */
    NONE
  }

  public LanguageModelling {
    Require.that(!data.isBlank(), "task.data", data, "a data set's name or a path");
    Require.that(
        tokens.endsWith(".json")
            || tokens.equals("auto")
            || tokens.equals("word")
            || tokens.equals("char")
            || tokens.equals("bpe"),
        "task.tokens",
        tokens,
        "auto, word, char, bpe, or the path of a tokenizer.json");
    Require.atLeast("task.length", length, 1);
    evalLength.ifPresent(n -> Require.atLeast("task.eval-length", n, 1));
    Require.atLeast("task.min-count", minCount, 1);
    Require.atLeast("task.vocabulary", vocabulary, 257);
    Require.that(
        labelNoise == 0, "task.label-noise", labelNoise, "0; a text's labels are its own words");
    Require.that(
        !(unlabelled instanceof Unlabelled.Rest && trainExamples instanceof TrainExamples.All),
        "task.unlabelled",
        "rest",
        "with train-examples: all nothing is left; a number of train-examples leaves a rest");
  }

  /** All defaults: pieces of 35 tokens. */
  public static LanguageModelling of(String data) {
    return new LanguageModelling(
        data,
        "auto",
        35,
        Optional.empty(),
        1,
        8192,
        NoAugmentation.NONE,
        new Unlabelled.None(),
        new Validation.Fraction(0.1),
        0,
        new TrainExamples.All(),
        0,
        false);
  }

  @Override
  public LanguageModelling whole() {
    return new LanguageModelling(
        data,
        tokens,
        length,
        evalLength,
        minCount,
        vocabulary,
        augment,
        new Unlabelled.None(),
        validation,
        splitSeed,
        new TrainExamples.All(),
        0,
        allowSubset);
  }

  /** How the text becomes tokens. */
  Tokenization tokenization() {
    return switch (tokens) {
      case "auto" -> TextSets.usual(data).orElseGet(() -> new Tokenization.Words(minCount));
      case "word" -> new Tokenization.Words(minCount);
      case "char" -> new Tokenization.Characters();
      case "bpe" -> new Tokenization.BytePairs(vocabulary);
      default -> new Tokenization.TokenizerFile(Path.of(tokens));
    };
  }

  @Override
  public PreparedText prepare(Path dataDirectory, int evalBatchSize) {
    TextSet set = TextSets.read(dataDirectory, data, tokenization());
    if (set.subset() && !allowSubset) {
      throw new DataException(
          set.sources().get(0).path()
              + ": task.data = "
              + data
              + " is here only as a subset, "
              + set.name()
              + "; task.allow-subset: true accepts it");
    }
    return PreparedText.of(this, set, dataDirectory, evalBatchSize);
  }

  @Override
  public PreparedText sketch(Path dataDirectory, int evalBatchSize, Consumer<String> note) {
    Optional<TextSet> standIn = TextSets.standIn(dataDirectory, data, tokenization());
    if (standIn.isEmpty()) {
      return prepare(dataDirectory, evalBatchSize);
    }
    note.accept(
        data
            + " is not here; planned with the official sizes, "
            + String.format(Locale.ROOT, "%,d", standIn.get().train().size())
            + " training tokens");
    return PreparedText.of(this, standIn.get(), dataDirectory, evalBatchSize);
  }
}
