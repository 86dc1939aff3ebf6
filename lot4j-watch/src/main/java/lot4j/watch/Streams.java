package lot4j.watch;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server-sent events: each page that listens keeps its request's thread, which waits for the board
 * and writes.
 *
 * <p>A page that reads slowly holds up its own thread only; when it reads on it is told the sum of
 * what it missed. A page that comes back says how far it was, and goes on from there or gets
 * everything.
 */
final class Streams {
  /** Pages that may listen at once. */
  static final int MOST = 32;

  private final Board board;
  private final long heartbeatMillis;
  private final AtomicInteger open = new AtomicInteger();

  /** Tells what {@code board} shows; a comment goes out when nothing happens for so long. */
  Streams(Board board, long heartbeatMillis) {
    this.board = board;
    this.heartbeatMillis = heartbeatMillis;
  }

  /** Writes to a page until it or the server goes. */
  void serve(Context request) throws IOException {
    try {
      if (open.incrementAndGet() > MOST) {
        throw new HttpResponseException(503, MOST + " pages listen already", Map.of());
      }
      String mark =
          Optional.ofNullable(request.header("Last-Event-ID"))
              .or(() -> Optional.ofNullable(request.queryParam("after")))
              .orElse("");
      // Written past Javalin, which would keep an answer back to compress it.
      request.res().setContentType("text/event-stream;charset=utf-8");
      write(request.res().getOutputStream(), mark);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.decrementAndGet();
    }
  }

  private void write(OutputStream page, String from) throws InterruptedException {
    String mark = from;
    try {
      while (!board.isClosed()) {
        Optional<Board.Change> change = board.after(mark, heartbeatMillis);
        if (change.isPresent()) {
          mark = change.get().mark();
          send(page, "id: " + mark + "\nevent: change\ndata: " + change.get().json() + "\n\n");
        } else if (!board.isClosed()) {
          send(page, ": nothing new\n\n");
        }
      }
    } catch (IOException e) {
      // The page was closed, or has not read for so long that its connection was.
      return;
    }
  }

  private static void send(OutputStream page, String text) throws IOException {
    page.write(text.getBytes(StandardCharsets.UTF_8));
    page.flush();
  }
}
