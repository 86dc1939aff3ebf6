package lot4j.rl.gymnasium;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lot4j.rl.EnvironmentException;

/**
 * A Python that runs {@code bridge.py}, spoken to in frames over its standard input and output; the
 * script says what they mean. Owns the process and the thread that reads its complaints.
 */
final class PythonProcess implements AutoCloseable {
  /** Reads the script from the pipe that the frames follow on, so that no file is left behind. */
  private static final String LOADER =
      "import os;pipe=os.fdopen(os.dup(0),'rb');"
          + "exec(compile(pipe.read(int(pipe.readline())),'bridge.py','exec'))";

  private static final int HEADER = 5;
  private static final int LONGEST_FRAME = 1 << 30;
  private static final int LINES_KEPT = 20;
  private static final int LONGEST_LINE = 300;
  private static final int SECONDS_TO_END = 5;

  private final String name;
  private final Process process;
  private final OutputStream requests;
  private final InputStream answers;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Thread listener;
  private ByteBuffer request = buffer(1 << 10);
  private ByteBuffer answer = buffer(1 << 10);
  private boolean closed;

  private PythonProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.requests = process.getOutputStream();
    this.answers = process.getInputStream();
    this.listener = new Thread(this::listen, name);
    listener.setDaemon(true);
    listener.start();
  }

  /**
   * Starts it; {@link #load} comes next.
   *
   * @param name how messages call it
   * @throws IOException if there is no such program
   */
  static PythonProcess start(String name, String python) throws IOException {
    return new PythonProcess(name, new ProcessBuilder(python, "-c", LOADER).start());
  }

  /** Gives it its script. */
  void load(String doing) {
    byte[] script = script();
    try {
      requests.write((script.length + "\n").getBytes(StandardCharsets.US_ASCII));
      requests.write(script);
    } catch (IOException e) {
      throw gone(doing, e);
    }
  }

  private static byte[] script() {
    try (InputStream in = PythonProcess.class.getResourceAsStream("bridge.py")) {
      if (in == null) {
        throw new IllegalStateException("the resource bridge.py is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  /** An empty buffer for the payload of the next {@link #send}. */
  ByteBuffer request(int bytes) {
    if (request.capacity() < HEADER + bytes) {
      request = buffer(HEADER + bytes);
    }
    return request.clear().position(HEADER);
  }

  /** Sends what {@link #request} was filled with. */
  void send(char kind, String doing) {
    request.putInt(0, request.position() - HEADER).put(4, (byte) kind);
    try {
      requests.write(request.array(), 0, request.position());
      requests.flush();
    } catch (IOException e) {
      throw gone(doing, e);
    }
  }

  /**
   * Waits for an answer.
   *
   * @return its payload, valid until the next call
   * @throws Refusal if the script refuses or the environment raised something
   */
  ByteBuffer receive(char kind, String doing) throws Refusal {
    read(HEADER, doing);
    int length = answer.getInt(0);
    char found = (char) answer.get(4);
    if (length < 0 || length > LONGEST_FRAME || found != kind && found != 'E') {
      process.destroyForcibly();
      throw gone(doing + " and answered something else than the bridge would");
    }
    read(length, doing);
    if (found == 'E') {
      throw Refusal.of(new String(answer.array(), 0, length, StandardCharsets.UTF_8));
    }
    return answer;
  }

  /** Something to ask of it and to wait for. */
  interface Exchange {
    /** Sends and receives. */
    ByteBuffer answer() throws Refusal;
  }

  /** An exchange with an end to patience: the process is killed after {@code limit}. */
  ByteBuffer within(Duration limit, String doing, Exchange exchange) throws Refusal {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              process.destroyForcibly();
            },
            CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return exchange.answer();
    } catch (EnvironmentException e) {
      if (late.get()) {
        throw new EnvironmentException(
            name + ": no answer within " + limit.toSeconds() + " s " + doing + saying(), e);
      }
      throw e;
    } finally {
      end.cancel(false);
    }
  }

  private void read(int bytes, String doing) {
    if (answer.capacity() < bytes) {
      answer = buffer(bytes);
    }
    answer.clear().limit(bytes);
    try {
      if (answers.readNBytes(answer.array(), 0, bytes) < bytes) {
        throw gone(doing);
      }
    } catch (IOException e) {
      throw gone(doing, e);
    }
  }

  private EnvironmentException gone(String doing) {
    end();
    return new EnvironmentException(ended(doing));
  }

  private EnvironmentException gone(String doing, IOException cause) {
    end();
    return new EnvironmentException(ended(doing), cause);
  }

  private String ended(String doing) {
    String code = process.isAlive() ? "killed" : "exit code " + process.exitValue();
    return name + ": Python ended (" + code + ") " + doing + saying();
  }

  /** Its last lines on standard error. */
  private String saying() {
    synchronized (lastLines) {
      return lastLines.isEmpty() ? "" : "; it said: " + String.join(" | ", lastLines);
    }
  }

  private void listen() {
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        keep(line.strip());
      }
    } catch (IOException e) {
      return; // The pipe was closed under it: the process is gone.
    }
  }

  private void keep(String line) {
    if (line.isEmpty()) {
      return;
    }
    synchronized (lastLines) {
      lastLines.add(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line);
      if (lastLines.size() > LINES_KEPT) {
        lastLines.remove();
      }
    }
  }

  /** The process, for tests that look whether it has ended. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Lets it close its environments, then ends it; at once if it does not. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    end(new byte[] {0, 0, 0, 0, 'C'});
  }

  private void end() {
    end(new byte[0]);
  }

  /** Sends its last words, waits a little for the process and the listener, then insists. */
  private void end(byte[] lastRequest) {
    closed = true;
    int patience = sendLast(lastRequest) ? SECONDS_TO_END : 1;
    try {
      if (!process.waitFor(patience, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      listener.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it could be asked to end; if not, nobody reads there any more. */
  private boolean sendLast(byte[] request) {
    try (requests) {
      requests.write(request);
      return true;
    } catch (IOException e) {
      return false; // It has ended, or closed its input and shall end.
    }
  }
}
