package lot4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What several processes say, as one: a line of the program's own, {@code lot: …}, that another
 * process has said already is left out, for they all meet the same mistake. Everything else passes
 * as it comes.
 */
final class SaidOnce {
  private static final String OWN = "lot: ";

  private final PrintStream out;
  private final Map<String, Integer> said = new ConcurrentHashMap<>();

  SaidOnce(PrintStream out) {
    this.out = out;
  }

  /** Whether any process has said a line of the program's own. */
  boolean anything() {
    return !said.isEmpty();
  }

  /** Where the process of a rank speaks. */
  OutputStream of(int rank) {
    return new Voice(rank);
  }

  private final class Voice extends OutputStream {
    private final int rank;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Voice(int rank) {
      this.rank = rank;
    }

    @Override
    public void write(int b) {
      line.write(b);
      if (b == '\n') {
        pass();
      }
    }

    /** Part of a line that is none of the program's own is shown at once: a bar that moves. */
    @Override
    public void flush() {
      String begun = line.toString(StandardCharsets.UTF_8);
      if (!begun.startsWith(OWN) && !OWN.startsWith(begun)) {
        pass();
      }
    }

    @Override
    public void close() {
      pass();
    }

    private void pass() {
      String text = line.toString(StandardCharsets.UTF_8);
      int first = text.startsWith(OWN) ? said.computeIfAbsent(text, any -> rank) : rank;
      if (first == rank) {
        synchronized (out) {
          out.write(line.toByteArray(), 0, line.size());
          out.flush();
        }
      }
      line.reset();
    }
  }
}
