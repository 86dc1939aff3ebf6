package lot4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lot4j.train.DataException;

/**
 * {@code vocabulary.json}: {@code {"format": "lot4j-vocabulary-1", "kind": "word", "tokens": […]}};
 * the n-th token, counted from 0, has id n.
 */
final class VocabularyFile {
  static final String NAME = "vocabulary.json";
  private static final String FORMAT = "lot4j-vocabulary-1";

  private VocabularyFile() {}

  static byte[] write(String kind, List<String> tokens) {
    JsonMapper json = new JsonMapper();
    StringBuilder text = new StringBuilder();
    text.append("{\"format\": \"").append(FORMAT).append("\", \"kind\": \"").append(kind);
    text.append("\", \"tokens\": [");
    try {
      for (int i = 0; i < tokens.size(); i++) {
        text.append(i == 0 ? "\n" : ",\n").append(json.writeValueAsString(tokens.get(i)));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a string is always written", e);
    }
    return text.append("\n]}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The vocabulary that a file holds.
   *
   * @param where the file's name, for errors
   */
  static TokenVocabulary read(String where, JsonNode tree) {
    if (!tree.path("format").asText().equals(FORMAT)) {
      throw new DataException(where + ": is no vocabulary; its format is not " + FORMAT);
    }
    String kind = tree.path("kind").asText();
    List<String> tokens = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode token : tree.path("tokens")) {
      String text = token.asText();
      boolean character = text.codePointCount(0, text.length()) == 1;
      if (!token.isTextual()
          || text.isEmpty()
          || !seen.add(text)
          || (kind.equals(CharacterVocabulary.KIND)
              && !character
              && !text.equals(TokenVocabulary.UNKNOWN))) {
        throw new DataException(
            where + ": tokens[" + tokens.size() + "] is no text, empty, or there twice");
      }
      tokens.add(text);
    }
    if (tokens.isEmpty()) {
      throw new DataException(where + ": holds no tokens");
    }
    return switch (kind) {
      case WordVocabulary.KIND -> new WordVocabulary(tokens);
      case CharacterVocabulary.KIND -> new CharacterVocabulary(tokens);
      default ->
          throw new DataException(where + ": kind = " + DataFile.shown(kind) + " is unknown");
    };
  }
}
