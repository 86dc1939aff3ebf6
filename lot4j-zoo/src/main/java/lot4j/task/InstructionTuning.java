package lot4j.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import lot4j.Require;
import lot4j.config.PublishedSizes;
import lot4j.config.WhenAbsent;
import lot4j.data.InstructionSet;
import lot4j.data.InstructionSets;
import lot4j.data.LearnedVocabulary;
import lot4j.data.Tokenization;
import lot4j.data.Vocabularies;
import lot4j.train.TaskSpec;

/**
 * The {@code task:} section for {@code kind: instructions}: answering requests. Every example
 * stands alone; loss, imitation and perplexity are over the tokens of the answers, the end that
 * closes them included, and of nothing else.
 *
 * @param data {@code sums}, which is built in; {@code gsm8k}; a file of JSON Lines; or a directory
 *     with {@code train.jsonl} and perhaps {@code valid.jsonl} and {@code test.jsonl}
 * @param tokens {@code char}, {@code word} or {@code bpe}, learned from the training part, or the
 *     path of a {@code tokenizer.json}
 * @param vocabulary tokens that {@code bpe} learns, begin and end included; 8192 if it is not given
 * @param minCount with {@code word}: words that occur less often in the training part become {@code
 *     <unk>}; 1 if it is not given
 * @param length the longest example in tokens, with template, begin and end; longer ones are cut
 * @param template what is made of a request: text with {@code {prompt}} in it
 * @param promptKey the request's key in the data, or {@code auto}
 * @param answerKey the answer's key in the data, or {@code auto}
 * @param begin the token that every example begins with: its text, {@code none}, or {@code auto}
 * @param end the token that closes an answer: its text, or {@code auto}
 * @param match when a generated answer is right
 * @param evalGenerate for how many examples of a split answers are generated, the first ones; 0 for
 *     none
 * @param evalTokens the longest generated answer in tokens
 * @param unlabelled the students' examples; default none, the teacher's own
 * @param validation where the validation split comes from; default a tenth of the training split
 * @param test fraction of the data that becomes the test split if the data brings none
 * @param splitSeed of what is drawn
 * @param trainExamples the teacher learns from; default all
 */
public record InstructionTuning(
    String data,
    String tokens,
    Optional<Integer> vocabulary,
    Optional<Integer> minCount,
    int length,
    String template,
    String promptKey,
    String answerKey,
    String begin,
    String end,
    Match match,
    @WhenAbsent("all") Optional<Integer> evalGenerate,
    int evalTokens,
    Unlabelled unlabelled,
    Validation validation,
    double test,
    long splitSeed,
    TrainExamples trainExamples)
    implements TaskSpec {
  /** The place of the request in a template. */
  static final String PROMPT = "{prompt}";

  /** Tokens of an example that are assumed where the data is not at hand. */
  private static final int ASSUMED_PROMPT = 110;

  private static final int ASSUMED_ANSWER = 130;

  private static final String AUTO = "auto";
  private static final String CHAR = "char";
  private static final String WORD = "word";
  private static final String BPE = "bpe";
  private static final int USUAL_VOCABULARY = 8192;

  /** The 256 bytes, a begin and an end. */
  private static final int SMALLEST_VOCABULARY = 258;

  /** Checks the settings. */
  public InstructionTuning {
    Require.that(!data.isBlank(), "task.data", data, "sums, gsm8k, or a path");
    Require.that(
        tokens.endsWith(".json") || List.of(CHAR, WORD, BPE).contains(tokens),
        "task.tokens",
        tokens,
        "char, word, bpe, or the path of a tokenizer.json");
    vocabulary.ifPresent(n -> Require.atLeast("task.vocabulary", n, SMALLEST_VOCABULARY));
    minCount.ifPresent(n -> Require.atLeast("task.min-count", n, 1));
    onlyWith("task.vocabulary", vocabulary, BPE, tokens);
    onlyWith("task.min-count", minCount, WORD, tokens);
    // What is not given is settled here, so that a run's configuration says it.
    vocabulary =
        tokens.equals(BPE) ? vocabulary.or(() -> Optional.of(USUAL_VOCABULARY)) : vocabulary;
    minCount = tokens.equals(WORD) ? minCount.or(() -> Optional.of(1)) : minCount;
    Require.atLeast("task.length", length, 2);
    Require.that(template.contains(PROMPT), "task.template", template, "text with {prompt} in it");
    Require.that(!promptKey.isBlank(), "task.prompt-key", promptKey, "auto, or a key");
    Require.that(!answerKey.isBlank(), "task.answer-key", answerKey, "auto, or a key");
    Require.that(!begin.isEmpty(), "task.begin", begin, "auto, none, or a token's text");
    Require.that(!end.isEmpty() && !end.equals("none"), "task.end", end, "auto, or a token's text");
    mark("task.begin", begin, tokens);
    mark("task.end", end, tokens);
    evalGenerate.ifPresent(n -> Require.atLeast("task.eval-generate", n, 0));
    Require.atLeast("task.eval-tokens", evalTokens, 1);
    Require.that(test > 0 && test < 1, "task.test", test, "a fraction above 0 and below 1");
    Require.that(
        !(unlabelled instanceof Unlabelled.Rest && trainExamples instanceof TrainExamples.All),
        "task.unlabelled",
        "rest",
        "with train-examples: all nothing is left; a number of train-examples leaves a rest");
  }

  private static void onlyWith(String key, Optional<Integer> value, String kind, String tokens) {
    Require.that(
        value.isEmpty() || tokens.equals(kind),
        key,
        value.orElse(0),
        "only with task.tokens: " + kind + ", here it is " + tokens);
  }

  /** A begin or an end that could never be one token is refused before anything is read. */
  private static void mark(String key, String mark, String tokens) {
    boolean own = !mark.equals(AUTO) && !(key.equals("task.begin") && mark.equals("none"));
    boolean whole =
        switch (tokens) {
          case CHAR -> mark.codePointCount(0, mark.length()) == 1;
          case WORD -> mark.equals("\n") || mark.matches("\\S+");
          default -> true;
        };
    Require.that(
        !own || whole,
        key,
        mark,
        (key.equals("task.begin") ? "auto, none," : "auto,")
            + " or a token's text: one character with task.tokens: char, one word with word");
  }

  /** All defaults: characters, 512 tokens, the request on a line and the answer on the next. */
  public static InstructionTuning of(String data) {
    return new InstructionTuning(
        data,
        CHAR,
        Optional.empty(),
        Optional.empty(),
        512,
        PROMPT + "\n",
        AUTO,
        AUTO,
        AUTO,
        AUTO,
        Match.AUTO,
        Optional.empty(),
        256,
        new Unlabelled.None(),
        new Validation.Fraction(0.1),
        0.1,
        0,
        new TrainExamples.All());
  }

  /** The request as the network reads it. */
  String request(String prompt) {
    return template.replace(PROMPT, prompt);
  }

  @Override
  public InstructionTuning whole() {
    return new InstructionTuning(
        data,
        tokens,
        vocabulary,
        minCount,
        length,
        template,
        promptKey,
        answerKey,
        begin,
        end,
        match,
        evalGenerate,
        evalTokens,
        new Unlabelled.None(),
        validation,
        test,
        splitSeed,
        new TrainExamples.All());
  }

  /** How texts become tokens. */
  Tokenization tokenization() {
    return switch (tokens) {
      case CHAR -> new Tokenization.Characters();
      case WORD -> new Tokenization.Words(minCount.orElseThrow());
      case BPE -> new Tokenization.BytePairs(vocabulary.orElseThrow());
      default -> new Tokenization.TokenizerFile(Path.of(tokens));
    };
  }

  /** Rows of an embedding that was published stand for the tokens of its own tokenizer. */
  @Override
  public void checkWeights(Path from, BiConsumer<String, String> refuse) {
    Path tokenizer = from.resolve("tokenizer.json");
    boolean published =
        Files.isRegularFile(from.resolve(PublishedSizes.FILE)) && Files.isRegularFile(tokenizer);
    if (published && !(tokenization() instanceof Tokenization.TokenizerFile)) {
      refuse.accept(
          "task.tokens",
          tokenizer + " with init-from: " + from + ", whose weights know its tokens");
    }
  }

  private InstructionParts parts(Path dataDirectory) {
    InstructionSet set = InstructionSets.read(dataDirectory, data, promptKey, answerKey);
    return InstructionParts.of(this, set, dataDirectory);
  }

  @Override
  public PreparedInstructions prepare(Path dataDirectory, int evalBatchSize) {
    InstructionParts parts = parts(dataDirectory);
    return PreparedInstructions.of(
        this, parts, InstructionFormat.vocabulary(this, parts), evalBatchSize);
  }

  /** A vocabulary that was learned from the data is not learned again. */
  @Override
  public PreparedInstructions prepareAgain(Path dataDirectory, int evalBatchSize, Path run) {
    if (tokenization() instanceof Tokenization.TokenizerFile) {
      return prepare(dataDirectory, evalBatchSize);
    }
    LearnedVocabulary learned = new LearnedVocabulary(Vocabularies.of(run), List.of());
    return PreparedInstructions.of(this, parts(dataDirectory), learned, evalBatchSize);
  }

  @Override
  public PreparedInstructions sketch(Path dataDirectory, int evalBatchSize, Consumer<String> note) {
    Optional<List<Integer>> sizes = InstructionSets.absent(dataDirectory, data);
    boolean tokenizer =
        !(tokenization() instanceof Tokenization.TokenizerFile file) || Files.exists(file.file());
    if (sizes.isEmpty() || tokenizer && Files.exists(dataDirectory.resolve(data))) {
      return prepare(dataDirectory, evalBatchSize);
    }
    int prompt = Math.min(ASSUMED_PROMPT, length - 1);
    int answer = Math.min(ASSUMED_ANSWER, length - prompt);
    note.accept(
        String.format(
            Locale.ROOT,
            "%s is not here; planned with its %,d training examples, each assumed to have %d"
                + " tokens, and no word of a vocabulary",
            data,
            sizes.get().get(0),
            prompt + answer));
    return PreparedInstructions.outline(this, sizes.get(), prompt, answer, evalBatchSize);
  }
}
