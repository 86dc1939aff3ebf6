package lot4j.watch;

import io.javalin.http.sse.SseClient;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server-sent events: each page that listens has a thread that waits for the board and writes.
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

  /** How many pages listen. */
  int open() {
    return open.get();
  }

  /** Begins to write to a page. */
  void serve(SseClient client) {
    if (open.incrementAndGet() > MOST) {
      open.decrementAndGet();
      client.ctx().status(503);
      client.close();
      return;
    }
    String mark =
        Optional.ofNullable(client.ctx().header("Last-Event-ID"))
            .or(() -> Optional.ofNullable(client.ctx().queryParam("after")))
            .orElse("");
    client.keepAlive();
    Thread writer = new Thread(() -> write(client, mark), "watch-page");
    writer.setDaemon(true);
    writer.start();
  }

  private void write(SseClient client, String from) {
    String mark = from;
    try {
      while (!client.terminated() && !board.isClosed()) {
        Optional<Board.Change> change = board.after(mark, heartbeatMillis);
        if (change.isPresent()) {
          client.sendEvent("change", change.get().json(), change.get().mark());
          mark = change.get().mark();
        } else if (!board.isClosed()) {
          client.sendComment("nothing new");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.decrementAndGet();
      client.close();
    }
  }
}
