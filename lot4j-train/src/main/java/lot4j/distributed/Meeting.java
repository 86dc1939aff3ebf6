package lot4j.distributed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import lot4j.distributed.Line.Kind;

/** How processes find each other: rank 0 listens, the others come and say who they are. */
final class Meeting {
  private static final String GREETING = "lot4j-ranks-1";
  private static final Duration HELLO = Duration.ofSeconds(10);
  private static final long RETRY_MILLIS = 100;

  private final Ranks ranks;
  private final Patience patience;
  private final String sameEverywhere;
  private final long deadline;

  Meeting(Ranks ranks, Patience patience, String sameEverywhere) {
    this.ranks = ranks;
    this.patience = patience;
    this.sameEverywhere = sameEverywhere;
    this.deadline = System.nanoTime() + patience.join().toNanos();
  }

  /** Rank 0: a line to every other rank; else one, to rank 0. */
  Map<Integer, Line> lines() {
    return ranks.rank() == 0 ? waitFor() : come();
  }

  private String place() {
    return ranks.host() + ":" + ranks.port();
  }

  private Duration left() {
    long nanos = deadline - System.nanoTime();
    return Duration.ofMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
  }

  private boolean late() {
    return System.nanoTime() >= deadline;
  }

  private Map<Integer, Line> waitFor() {
    Map<Integer, Line> lines = new TreeMap<>();
    try (ServerSocket server = listening()) {
      while (lines.size() < ranks.size() - 1) {
        server.setSoTimeout(Math.toIntExact(left().toMillis()));
        greet(server.accept(), lines);
      }
      for (Line line : lines.values()) {
        line.send(Kind.MESSAGE, new byte[0]);
      }
      return lines;
    } catch (SocketTimeoutException e) {
      throw new JoinException(
          "rank 0 waited "
              + patience.join().toSeconds()
              + " s at "
              + place()
              + "; not there: "
              + missing(lines),
          e);
    } catch (IOException e) {
      throw new JoinException(place() + ": " + e.getMessage(), e);
    }
  }

  private String missing(Map<Integer, Line> lines) {
    List<String> missing = new ArrayList<>();
    for (int rank = 1; rank < ranks.size(); rank++) {
      if (!lines.containsKey(rank)) {
        missing.add("rank " + rank);
      }
    }
    return String.join(", ", missing);
  }

  private ServerSocket listening() {
    try {
      InetAddress host = InetAddress.getByName(ranks.host());
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      try {
        server.bind(here(host) ? new InetSocketAddress(host, ranks.port()) : anywhere());
        return server;
      } catch (IOException e) {
        server.close();
        throw new JoinException(
            "MASTER_PORT = "
                + ranks.port()
                + " is not allowed: "
                + e.getMessage()
                + "; a port that nothing listens on",
            e);
      }
    } catch (UnknownHostException e) {
      throw unknown(e);
    } catch (IOException e) {
      throw new JoinException(place() + ": " + e.getMessage(), e);
    }
  }

  /** The machine's name may lead to an address in front of it that is not its own. */
  private InetSocketAddress anywhere() {
    return new InetSocketAddress(ranks.port());
  }

  private static boolean here(InetAddress host) throws IOException {
    return host.isLoopbackAddress() || java.net.NetworkInterface.getByInetAddress(host) != null;
  }

  private JoinException unknown(UnknownHostException e) {
    return new JoinException(
        "MASTER_ADDR = " + ranks.host() + " is not allowed; the name or address of a machine", e);
  }

  /** Whatever is no rank of ours is sent away. */
  private void greet(Socket socket, Map<Integer, Line> lines) throws IOException {
    Line line = new Line(socket);
    Hello hello;
    try {
      hello = Hello.decoded(line.first(HELLO));
    } catch (IOException stranger) {
      line.close();
      return;
    }
    String wrong = wrong(hello, lines);
    if (!wrong.isEmpty()) {
      line.send(Kind.LOSS, wrong.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      line.close();
      throw new JoinException(wrong);
    }
    lines.put(hello.rank(), line);
  }

  private String wrong(Hello hello, Map<Integer, Line> lines) {
    if (hello.size() != ranks.size()) {
      return "rank "
          + hello.rank()
          + " has WORLD_SIZE = "
          + hello.size()
          + ", rank 0 has "
          + ranks.size()
          + "; the same everywhere";
    }
    if (hello.rank() < 1 || hello.rank() >= ranks.size() || lines.containsKey(hello.rank())) {
      return "RANK = " + hello.rank() + " is there twice; each of 0 to " + (ranks.size() - 1);
    }
    if (!hello.same().equals(sameEverywhere)) {
      return "rank "
          + hello.rank()
          + " differs from rank 0: "
          + hello.same()
          + " there, "
          + sameEverywhere
          + " here; the same everywhere";
    }
    return "";
  }

  private Map<Integer, Line> come() {
    Line line = connected();
    try {
      line.send(Kind.MESSAGE, new Hello(ranks.rank(), ranks.size(), sameEverywhere).encoded());
      byte[] answer = line.first(left());
      if (answer.length > 0) {
        throw new JoinException(new String(answer, java.nio.charset.StandardCharsets.UTF_8));
      }
      return Map.of(0, line);
    } catch (IOException e) {
      String how = e instanceof SocketTimeoutException ? "not all ranks came" : "rank 0 went away";
      throw new JoinException("rank " + ranks.rank() + ": " + how + "; " + place(), e);
    }
  }

  private Line connected() {
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getByName(ranks.host()), ranks.port()),
            Math.toIntExact(Math.min(left().toMillis(), HELLO.toMillis())));
        return new Line(socket);
      } catch (UnknownHostException e) {
        throw unknown(e);
      } catch (ConnectException | SocketTimeoutException | java.net.NoRouteToHostException e) {
        if (late()) {
          throw new JoinException(
              "rank "
                  + ranks.rank()
                  + ": rank 0 did not answer at "
                  + place()
                  + " for "
                  + patience.join().toSeconds()
                  + " s: "
                  + e.getMessage(),
              e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
      } catch (IOException e) {
        throw new JoinException("rank " + ranks.rank() + ": " + place() + ": " + e.getMessage(), e);
      }
    }
  }

  /** What a rank says first. */
  private record Hello(int rank, int size, String same) {
    byte[] encoded() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeUTF(GREETING);
      out.writeInt(rank);
      out.writeInt(size);
      out.writeUTF(same);
      return bytes.toByteArray();
    }

    static Hello decoded(byte[] content) throws IOException {
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(Arrays.copyOf(content, content.length)));
      if (!in.readUTF().equals(GREETING)) {
        throw new IOException("another greeting");
      }
      return new Hello(in.readInt(), in.readInt(), in.readUTF());
    }
  }
}
