package lot4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that runs one command after another by the entry point of the real one: each is asked
 * for by a JSON line on standard input, and its exit code answered in a line. {@link Together}
 * starts it.
 */
final class Commands {
  static final String ENDED = "ended ";

  private Commands() {}

  public static void main(String[] ignored) throws IOException {
    System.setProperty("java.awt.headless", "true");
    PrintStream answers = System.out;
    ObjectMapper json = new ObjectMapper();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = json.readTree(line);
      List<String> arguments = new ArrayList<>();
      request.path("arguments").forEach(argument -> arguments.add(argument.asText()));
      int code;
      try (InputStream in =
              request.has("in")
                  ? Files.newInputStream(Path.of(request.path("in").asText()))
                  : InputStream.nullInputStream();
          PrintStream out = to(request.path("out"));
          PrintStream err = to(request.path("err"))) {
        System.setIn(in);
        System.setOut(out);
        System.setErr(err);
        code = Main.run(arguments.toArray(String[]::new));
      }
      answers.println(ENDED + code);
      answers.flush();
    }
    System.exit(0);
  }

  private static PrintStream to(JsonNode file) throws IOException {
    return new PrintStream(
        Files.newOutputStream(Path.of(file.asText())), true, StandardCharsets.UTF_8);
  }
}
