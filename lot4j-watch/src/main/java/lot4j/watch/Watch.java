package lot4j.watch;

import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The live page as a whole: a server on 127.0.0.1 that shows what is below a directory.
 *
 * <p>Only this machine can reach it, and only with the token in {@link #address()}; see {@link
 * Gate}. Nothing is written.
 */
public final class Watch implements AutoCloseable {
  /** The port that is tried first when none is asked for: one can be remembered for a tunnel. */
  public static final int USUAL_PORT = 8765;

  private static final String HOST = "127.0.0.1";
  private static final long LOOK_EVERY_MILLIS = 1_000;
  private static final long HEARTBEAT_MILLIS = 15_000;

  /** 64 MB of numbers. */
  private static final long MOST_NUMBERS = 8_000_000;

  /** One for each page that listens, and some for everybody's questions. */
  private static final int MOST_THREADS = Streams.MOST + 16;

  private final Javalin server;
  private final Board board;
  private final Streams streams;
  private final Curves curves;
  private final Thread looking;
  private final Token token;

  private Watch(Path root, int port, long everyMillis, long heartbeatMillis) {
    token = Token.random();
    board = new Board(Long.toString(System.currentTimeMillis(), 36));
    curves = new Curves(MOST_NUMBERS);
    streams = new Streams(board, heartbeatMillis);
    Scout scout = new Scout(root, everyMillis, board);
    Answers answers = new Answers(scout, board, curves, new Reports());
    server = server(answers);
    server.start(HOST, port);
    looking = new Thread(scout, "watch-looks");
    looking.setDaemon(true);
    looking.start();
  }

  /**
   * Begins to serve.
   *
   * @param directory what to show; a symbolic link is followed here, and nowhere below
   * @param port the port to use, 0 for any that is free; empty: {@link #USUAL_PORT}, or any that is
   *     free if it is taken
   * @throws WatchException if there is no such directory, or the port cannot be had
   */
  public static Watch of(Path directory, OptionalInt port) {
    return of(directory, port, LOOK_EVERY_MILLIS, HEARTBEAT_MILLIS);
  }

  static Watch of(Path directory, OptionalInt port, long everyMillis, long heartbeatMillis) {
    Path root;
    try {
      root = directory.toRealPath();
    } catch (IOException e) {
      throw new WatchException(directory + ": no such directory", e);
    }
    if (!Files.isDirectory(root)) {
      throw new WatchException(directory + ": not a directory");
    }
    try {
      return new Watch(root, port.orElse(USUAL_PORT), everyMillis, heartbeatMillis);
    } catch (JavalinBindException e) {
      if (port.isPresent()) {
        throw new WatchException(
            "port " + port.getAsInt() + " cannot be had: in use, or not allowed", e);
      }
      return new Watch(root, 0, everyMillis, heartbeatMillis);
    } catch (JavalinException e) {
      throw new WatchException("the page cannot be served: " + e.getMessage(), e);
    }
  }

  private Javalin server(Answers answers) {
    return Javalin.create(
        config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.startup.startupWatcherEnabled = false;
          config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, 2);
          config.jetty.modifyHttpConfiguration(
              http -> {
                http.setSendServerVersion(false);
                http.setSendDateHeader(false);
              });
          config.jetty.modifyServer(
              jetty -> {
                ErrorHandler plain = new ErrorHandler();
                plain.setShowStacks(false);
                plain.setShowCauses(false);
                jetty.setErrorHandler(plain);
                jetty.setStopTimeout(0);
              });
          config.routes.before(new Gate(token, this::port));
          Pages.addresses().forEach(address -> config.routes.get(address, Pages::send));
          config.routes.get("/api/state", answers::state);
          config.routes.get("/api/series", answers::series);
          config.routes.get("/api/curves", answers::curves);
          config.routes.get("/api/values", answers::values);
          config.routes.get("/api/runs/{id}", answers::run);
          config.routes.get("/api/report", answers::report);
          config.routes.get("/events", streams::serve);
        });
  }

  /** The port that it serves at. */
  public int port() {
    return server.port();
  }

  /** The page's address, token included. */
  public URI address() {
    return URI.create("http://" + HOST + ":" + port() + "/?token=" + token.text());
  }

  /** Stops serving; pages that are open say so. */
  @Override
  public void close() {
    board.close();
    looking.interrupt();
    server.stop();
  }
}
