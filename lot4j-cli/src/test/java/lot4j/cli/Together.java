package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process in which commands run one after another. */
final class Together implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final Writer requests;
  private final BufferedReader answers;
  private final ObjectMapper json = new ObjectMapper();

  /** {@code builder} starts {@link Commands}. */
  Together(ProcessBuilder builder) throws IOException {
    log = Files.createTempFile("lot-together", ".txt");
    process = builder.redirectError(log.toFile()).start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Runs a command to its end. */
  Program.Ended run(List<String> arguments, Optional<Path> input, long seconds)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("lot-out", ".txt");
    Path err = Files.createTempFile("lot-err", ".txt");
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("arguments", arguments);
    request.put("out", out.toString());
    request.put("err", err.toString());
    input.ifPresent(file -> request.put("in", file.toAbsolutePath().toString()));
    try {
      requests.write(json.writeValueAsString(request) + "\n");
      requests.flush();
      int code = CompletableFuture.supplyAsync(this::code).get(seconds, TimeUnit.SECONDS);
      return new Program.Ended(code, Files.readString(out), Files.readString(err));
    } catch (TimeoutException e) {
      throw new AssertionError("the program hangs; it said:\n" + Files.readString(err), e);
    } catch (ExecutionException | IOException e) { // the process has ended, and said why
      throw new AssertionError(arguments + ": " + Files.readString(log), e);
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /** The exit code; what libraries print by themselves is passed over. */
  private int code() {
    try {
      String line = answers.readLine();
      while (line != null && !line.startsWith(Commands.ENDED)) {
        line = answers.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("the process ended within a command");
      }
      return Integer.parseInt(line.substring(Commands.ENDED.length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(log);
  }
}
