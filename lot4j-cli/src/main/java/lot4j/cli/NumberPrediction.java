package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * A number predicted of a row.
 *
 * @param input the file and line
 * @param value in the target's own unit
 * @param deviation of the value, in its unit; NaN where the network does not say how sure it is
 */
record NumberPrediction(String input, double value, double deviation) implements Prediction {
  @Override
  public ObjectNode json() {
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("input", input);
    put(document, "value", value, "not a number");
    put(document, "deviation", deviation, "task.loss squared gives none");
    return document;
  }

  private static void put(ObjectNode document, String name, double number, String reason) {
    if (Double.isFinite(number)) {
      document.put(name, number);
    } else {
      document.putNull(name);
      document.put(name + "_reason", reason);
    }
  }

  @Override
  public String shown(boolean among) {
    return input
        + ": "
        + String.format(Locale.ROOT, "%.6g", value)
        + (Double.isFinite(deviation) ? String.format(Locale.ROOT, " ± %.3g", deviation) : "");
  }
}
