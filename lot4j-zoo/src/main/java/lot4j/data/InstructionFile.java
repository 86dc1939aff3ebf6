package lot4j.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * JSON Lines of requests and answers: an object a line, gzip or not.
 *
 * @param examples in the file's order
 * @param source the file
 */
record InstructionFile(List<Instruction> examples, Source source) {
  private static final List<String> PROMPTS =
      List.of("prompt", "instruction", "question", "problem", "query");
  private static final List<String> ANSWERS =
      List.of("response", "output", "answer", "completion", "solution");
  private static final String INPUT = "input";
  private static final int LARGEST = 1 << 30;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a file.
   *
   * @param prompt the key of the request, or {@code auto}: the first of the usual ones that a line
   *     has; an {@code instruction} may have an {@code input}, which follows it on a line of its
   *     own
   * @param answer the key of the answer, or {@code auto}
   * @throws DataException naming file and line
   */
  static InstructionFile read(Path path, String prompt, String answer) {
    List<Instruction> examples = new ArrayList<>();
    try (DataFile file = DataFile.open(path)) {
      String[] lines = DataFile.text(path, file.rest(LARGEST)).split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        String line = i == 0 && lines[0].startsWith("\uFEFF") ? lines[0].substring(1) : lines[i];
        if (!line.isBlank()) {
          examples.add(example(DataFile.shown(path) + ":" + (i + 1), line, prompt, answer));
        }
      }
      if (examples.isEmpty()) {
        throw new DataException(DataFile.shown(path) + ": holds no examples");
      }
      return new InstructionFile(examples, file.source());
    }
  }

  private static Instruction example(String where, String line, String prompt, String answer) {
    JsonNode object;
    try {
      object = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DataException(
          where + ": is not JSON: " + DataFile.shown(String.valueOf(e.getOriginalMessage())), e);
    }
    if (!object.isObject()) {
      throw new DataException(where + ": is no JSON object");
    }
    String request = text(where, object, prompt, PROMPTS, "prompt-key");
    boolean more = prompt.equals("auto") && !object.has("prompt") && object.path(INPUT).isTextual();
    if (more && !object.path(INPUT).asText().isBlank()) {
      request = request + "\n" + object.path(INPUT).asText();
    }
    String reply = text(where, object, answer, ANSWERS, "answer-key");
    if (reply.isBlank()) {
      throw new DataException(where + ": the answer is empty");
    }
    return new Instruction(clean(request), clean(reply));
  }

  private static String text(
      String where, JsonNode object, String key, List<String> usual, String setting) {
    List<String> keys = key.equals("auto") ? usual : List.of(key);
    Optional<String> found = keys.stream().filter(object::has).findFirst();
    if (found.isEmpty()) {
      throw new DataException(
          where
              + ": has none of the keys "
              + String.join(", ", keys)
              + "; task."
              + setting
              + " names another");
    }
    JsonNode value = object.path(found.get());
    if (!value.isTextual() && !value.isNumber()) {
      throw new DataException(where + ": " + DataFile.shown(found.get()) + " is no text");
    }
    return value.asText();
  }

  private static String clean(String text) {
    return text.replace("\r\n", "\n");
  }
}
