package lot4j.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** A server as a test waits for it: by its events. */
record Watched(Watch watch) {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What the server says once it knows so many runs. */
  JsonNode state(int count) throws Exception {
    return until(
        () -> Asked.withToken(watch, "/api/state").json(),
        state -> state.path("runs").size() == count);
  }

  /** Asks now and after every event, until the answer is as it should be. */
  <T> T until(Callable<T> what, Predicate<T> so) throws Exception {
    try (Listener listener = listen("/events")) {
      T is = what.call();
      while (!so.test(is)) {
        listener.next();
        is = what.call();
      }
      return is;
    }
  }

  String cookie() {
    return "Cookie: lot-watch-" + watch.port() + "=" + watch.address().getQuery().substring(6);
  }

  Listener listen(String path, String... headers) throws IOException {
    return new Listener(watch.port(), cookie(), path, headers);
  }

  /** A listener that reads one event at a time. */
  static final class Listener implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private String id = "";

    private Listener(int port, String cookie, String path, String... headers) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(60_000);
      // 1.0, because 1.1 may cut a long event into chunks with lines of their own between them.
      String request =
          "GET "
              + path
              + " HTTP/1.0\r\nHost: 127.0.0.1:"
              + port
              + "\r\n"
              + cookie
              + "\r\nAccept: text/event-stream\r\n"
              + String.join("", headers)
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The data of the next event; comments are passed over. */
    JsonNode next() throws IOException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      String line = in.readLine();
      while (!line.startsWith("data: ")) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        }
        if (System.nanoTime() > end) { // comments come for ever
          throw new AssertionError("no event in " + PATIENCE);
        }
        line = in.readLine();
      }
      return new ObjectMapper().readTree(line.substring(6));
    }

    /** The next event for which something is so. */
    JsonNode next(Predicate<JsonNode> so) throws IOException {
      JsonNode event = next();
      while (!so.test(event)) {
        event = next();
      }
      return event;
    }

    /** The next event by which the first run is at that step. */
    JsonNode step(int step) throws IOException {
      return next(event -> event.path("runs").path(0).path("step").asInt() == step);
    }

    void untilComment() throws IOException {
      while (!in.readLine().startsWith(":")) {
        // headers and events
      }
    }

    /** The mark of the newest event, by which one who comes back says where it was. */
    String id() {
      return id;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
