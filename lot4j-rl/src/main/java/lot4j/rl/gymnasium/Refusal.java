package lot4j.rl.gymnasium;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What the script refuses, or what an environment raised. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String kind;
  private final String python;

  private Refusal(String kind, String message, String python) {
    super(message);
    this.kind = kind;
    this.python = python;
  }

  /** From an answer of the kind E. */
  static Refusal of(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      return new Refusal(
          node.path("kind").asText(),
          node.path("message").asText(),
          node.path("python").asText("python"));
    } catch (JsonProcessingException e) {
      return new Refusal("protocol", json, "python");
    }
  }

  /** package, make, space, protocol or raised. */
  String kind() {
    return kind;
  }

  /** The file of the Python that runs. */
  String python() {
    return python;
  }
}
