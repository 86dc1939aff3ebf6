package lot4j.distributed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A connection between rank 0 and another rank: messages, and signs of life in both directions. A
 * thread of its own reads it, so that a loss is noticed while the engine computes.
 */
final class Line implements AutoCloseable {
  private static final int LONGEST = 1 << 30;

  private final Socket socket;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean leaving;

  /** What a frame is. */
  enum Kind {
    /** A sign of life: the sender's {@link Headway}. */
    BEAT,
    /** What one rank tells the other in the course of the work. */
    MESSAGE,
    /** A {@link Loss} that the sender knows of. */
    LOSS,
    /** The sender takes leave. */
    LEAVE
  }

  /** Whoever has to know how the other end is. */
  interface Watch {
    /** The other end gave a sign of life and says how far it is. */
    void alive(byte[] headway);

    /** The other end took leave. */
    void left();

    /** The other end told of a loss. */
    void told(byte[] loss);

    /** Nothing came for the whole timeout. */
    void silent();

    /** The connection ended without leave being taken. */
    void broken();
  }

  Line(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
  }

  /** This end's address, by which the other machine reaches this one. */
  String ownHost() {
    return socket.getLocalAddress().getHostAddress();
  }

  /** The other end's address. */
  String otherHost() {
    return socket.getInetAddress().getHostAddress();
  }

  /** Sends a frame at once. */
  synchronized void send(Kind kind, byte[] content) throws IOException {
    out.writeByte(kind.ordinal());
    out.writeInt(content.length);
    out.write(content);
    out.flush();
  }

  /** A frame read in the caller's thread, before {@link #listen}. */
  byte[] first(Duration timeout) throws IOException {
    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    return frame().content();
  }

  /** Reads from now on; what comes is handed to {@code watch} or kept for {@link #receive}. */
  void listen(String name, Duration timeout, Watch watch) throws IOException {
    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    Thread reader = new Thread(() -> read(watch), name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Watch watch) {
    try {
      while (true) {
        Frame frame = frame();
        switch (frame.kind()) {
          case BEAT -> watch.alive(frame.content());
          case MESSAGE -> messages.add(frame.content());
          case LOSS -> watch.told(frame.content());
          case LEAVE -> {
            watch.left();
            return;
          }
        }
      }
    } catch (SocketTimeoutException e) {
      if (!leaving) {
        watch.silent();
      }
    } catch (IOException e) {
      if (!leaving) {
        watch.broken();
      }
    } finally {
      over.countDown();
    }
  }

  /** Takes leave; what the other end says is of no interest any more. */
  void leave() {
    leaving = true;
    try {
      send(Kind.LEAVE, new byte[0]);
    } catch (IOException gone) {
      over.countDown();
    }
  }

  /**
   * Waits until the other end has taken leave, too, and ends the connection: before, what was sent
   * last might not arrive.
   */
  void end(Duration most) {
    try {
      over.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private record Frame(Kind kind, byte[] content) {}

  private Frame frame() throws IOException {
    int kind = in.readUnsignedByte();
    int length = in.readInt();
    if (kind >= Kind.values().length || length < 0 || length > LONGEST) {
      throw new EOFException("not a frame");
    }
    byte[] content = new byte[length];
    in.readFully(content);
    return new Frame(Kind.values()[kind], content);
  }

  /**
   * The next message, waited for as long as it takes: a loss ends the wait in another way.
   *
   * @param lost asked now and then; throws if there is no one to wait for
   */
  byte[] receive(Runnable lost) {
    try {
      byte[] message = messages.poll();
      while (message == null) {
        lost.run();
        message = messages.poll(1, TimeUnit.SECONDS);
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for another rank", e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a connection between ranks: " + e.getMessage(), e);
    }
  }
}
