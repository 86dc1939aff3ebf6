package lot4j.task;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lot4j.data.Instruction;
import lot4j.data.LearnedVocabulary;
import lot4j.data.Tokenization;
import lot4j.data.Vocabulary;
import lot4j.train.DataException;

/**
 * How requests and answers become tokens: the begin, the request in its template, the answer, the
 * end. Request and answer are encoded each for itself, so that an answer is learned as it is
 * generated, behind a request's own tokens.
 *
 * @param spec the template and its keys
 * @param vocabulary the tokens
 * @param begin the token in front of every example, if there is one
 * @param end the token that closes an answer
 */
public record InstructionFormat(
    InstructionTuning spec, Vocabulary vocabulary, Optional<Integer> begin, int end) {
  private static final List<String> BEGINS = List.of("<s>", "<|begin_of_text|>", "<bos>");

  /** End of text in ASCII: the end that {@code char} and {@code word} add, as no answer has it. */
  private static final String ETX = "\u0003";

  /** GPT-2's: the end that {@code bpe} adds. */
  private static final String END_OF_TEXT = "<|endoftext|>";

  private static final List<String> ENDS =
      List.of("</s>", "<|end_of_text|>", END_OF_TEXT, "<eos>", ETX);
  private static final String AUTO = "auto";
  private static final String NONE = "none";
  private static final String LINE_END = "\n";

  /** The vocabulary that {@code tokens} names, or one that is learned from the training part. */
  static LearnedVocabulary vocabulary(InstructionTuning spec, InstructionParts parts) {
    Tokenization how = spec.tokenization();
    String usual = how instanceof Tokenization.BytePairs ? END_OF_TEXT : ETX;
    Set<String> marks = new LinkedHashSet<>();
    if (!spec.begin().equals(AUTO) && !spec.begin().equals(NONE)) {
      marks.add(spec.begin());
    }
    marks.add(spec.end().equals(AUTO) ? usual : spec.end());
    return LearnedVocabulary.of(
        how,
        List.copyOf(marks),
        () -> parts.training().flatMap(example -> texts(spec, example)),
        () -> parts.others().flatMap(example -> texts(spec, example)));
  }

  /**
   * With a vocabulary that exists.
   *
   * @throws DataException if it has no such begin or end
   */
  public static InstructionFormat of(InstructionTuning spec, Vocabulary vocabulary) {
    Optional<Integer> begin =
        switch (spec.begin()) {
          case NONE -> Optional.empty();
          case AUTO -> first(vocabulary, BEGINS);
          default -> Optional.of(required(vocabulary, "task.begin", spec.begin()));
        };
    int end =
        spec.end().equals(AUTO)
            ? first(vocabulary, ENDS)
                .or(() -> token(vocabulary, LINE_END))
                .orElseThrow(
                    () ->
                        new DataException(
                            "task.end = auto: the vocabulary has none of "
                                + String.join(", ", ENDS.subList(0, ENDS.size() - 1))
                                + " and no line's end; name the token that closes an answer"))
            : required(vocabulary, "task.end", spec.end());
    return new InstructionFormat(spec, vocabulary, begin, end);
  }

  private static Stream<String> texts(InstructionTuning spec, Instruction example) {
    return Stream.of(spec.request(example.prompt()), example.answer());
  }

  private static Optional<Integer> first(Vocabulary vocabulary, List<String> texts) {
    return texts.stream().flatMap(text -> token(vocabulary, text).stream()).findFirst();
  }

  private static int required(Vocabulary vocabulary, String key, String text) {
    return token(vocabulary, text)
        .orElseThrow(
            () -> new DataException(key + " = " + text + ": is no single token of the vocabulary"));
  }

  /** The one token of a text; empty if it has several, or none. */
  private static Optional<Integer> token(Vocabulary vocabulary, String text) {
    try {
      int[] tokens = vocabulary.encodePart(text);
      return tokens.length == 1 && vocabulary.decode(tokens).strip().equals(text.strip())
          ? Optional.of(tokens[0])
          : Optional.empty();
    } catch (DataException lacking) {
      return Optional.empty();
    }
  }

  /** The tokens in front of an answer. */
  public int[] request(String prompt) {
    int[] text = vocabulary.encodePart(spec.request(prompt));
    if (begin.isEmpty()) {
      return text;
    }
    int[] all = new int[text.length + 1];
    all[0] = begin.get();
    System.arraycopy(text, 0, all, 1, text.length);
    return all;
  }

  /**
   * The tokens of an answer, its end included.
   *
   * @throws DataException if it has the end within
   */
  int[] answer(String answer) {
    int[] text = vocabulary.encodePart(answer);
    if (Arrays.stream(text).anyMatch(token -> token == end)) {
      throw new DataException(
          "task.end = "
              + spec.end()
              + ": the token that closes an answer is also within one; name another");
    }
    int[] all = Arrays.copyOf(text, text.length + 1);
    all[text.length] = end;
    return all;
  }

  /** The text of generated tokens. */
  public String text(int[] tokens) {
    int length = tokens.length;
    while (length > 0 && tokens[length - 1] == end) {
      length--;
    }
    return vocabulary.decode(Arrays.copyOf(tokens, length));
  }
}
