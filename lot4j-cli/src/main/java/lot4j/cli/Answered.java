package lot4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request answered.
 *
 * @param text the request, or where it stands, and its answer
 */
record Answered(Prediction.Text text) implements Prediction {
  @Override
  public ObjectNode json() {
    return text.json();
  }

  /** An answer does not go on where the request ends, as a continuation does. */
  @Override
  public String shown(boolean among) {
    return (among ? text.input() + ": " : "") + text.continued().text();
  }
}
