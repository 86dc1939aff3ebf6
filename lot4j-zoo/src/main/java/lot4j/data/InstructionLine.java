package lot4j.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import lot4j.train.DataException;

/**
 * A line of JSON Lines: an object with a request, and perhaps its answer.
 *
 * @param where file and line, {@code mine.jsonl:3}
 * @param text what stands there
 */
public record InstructionLine(String where, String text) {
  private static final List<String> PROMPTS =
      List.of("prompt", "instruction", "question", "problem", "query");
  private static final List<String> ANSWERS =
      List.of("response", "output", "answer", "completion", "solution");
  private static final String AUTO = "auto";
  private static final String INPUT = "input";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * The request with its answer.
   *
   * @param prompt the key of the request, or {@code auto}: the first of the usual ones that the
   *     line has; an {@code instruction} may have an {@code input}, which follows it on a line of
   *     its own
   * @param answer the key of the answer, or {@code auto}
   * @throws DataException naming file and line
   */
  public Instruction example(String prompt, String answer) {
    JsonNode object = object();
    String request = request(object, prompt);
    String reply = text(object, answer, ANSWERS, "answer-key");
    if (reply.isBlank()) {
      throw new DataException(where + ": the answer is empty");
    }
    return new Instruction(request, clean(reply));
  }

  /**
   * The request alone; the line may have an answer.
   *
   * @param prompt as for {@link #example}
   * @throws DataException naming file and line
   */
  public String request(String prompt) {
    return request(object(), prompt);
  }

  private JsonNode object() {
    JsonNode object;
    try {
      object = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DataException(
          where + ": is not JSON: " + DataFile.shown(String.valueOf(e.getOriginalMessage())), e);
    }
    if (!object.isObject()) {
      throw new DataException(where + ": is no JSON object");
    }
    return object;
  }

  private String request(JsonNode object, String prompt) {
    String request = text(object, prompt, PROMPTS, "prompt-key");
    boolean more = prompt.equals(AUTO) && !object.has("prompt") && object.path(INPUT).isTextual();
    return clean(
        more && !object.path(INPUT).asText().isBlank()
            ? request + "\n" + object.path(INPUT).asText()
            : request);
  }

  private String text(JsonNode object, String key, List<String> usual, String setting) {
    List<String> keys = key.equals(AUTO) ? usual : List.of(key);
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
