package lot4j.task;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.data.Instruction;
import lot4j.data.InstructionSets;
import lot4j.data.Vocabularies;
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

  /** End of text in ASCII: the end that {@code char} adds, as no answer has it. */
  private static final String ETX = "\u0003";

  private static final List<String> ENDS =
      List.of("</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>", ETX);
  private static final String AUTO = "auto";
  private static final String LINE_END = "\n";

  /**
   * With the vocabulary that {@code tokens} names, or of the parts' characters.
   *
   * @throws DataException if it has no such begin or end
   */
  static InstructionFormat of(InstructionTuning spec, InstructionParts parts) {
    Vocabulary vocabulary =
        spec.tokens().equals("char")
            ? InstructionSets.characters(
                Stream.concat(
                    parts.training().flatMap(example -> texts(spec, example)),
                    Stream.of(spec.end().equals(AUTO) ? ETX : spec.end())),
                parts.others().flatMap(example -> texts(spec, example)))
            : Vocabularies.read(Path.of(spec.tokens()));
    return of(spec, vocabulary);
  }

  /**
   * With a vocabulary that exists.
   *
   * @throws DataException if it has no such begin or end
   */
  public static InstructionFormat of(InstructionTuning spec, Vocabulary vocabulary) {
    Optional<Integer> begin =
        switch (spec.begin()) {
          case "none" -> Optional.empty();
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
      int[] tokens = vocabulary.encode(text);
      return tokens.length == 1 && vocabulary.decode(tokens).strip().equals(text.strip())
          ? Optional.of(tokens[0])
          : Optional.empty();
    } catch (DataException lacking) {
      return Optional.empty();
    }
  }

  /** The tokens in front of an answer. */
  public int[] request(String prompt) {
    int[] text = vocabulary.encode(spec.request(prompt));
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
    int[] text = vocabulary.encode(answer);
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
