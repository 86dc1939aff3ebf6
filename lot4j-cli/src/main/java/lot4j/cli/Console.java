package lot4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import lot4j.train.Listener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What a person sees. Results for machines go to standard output, everything else to here. */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean quiet;
  private final boolean verbose;
  private final boolean terminal;

  Console(PrintStream out, PrintStream err, boolean quiet, boolean verbose, boolean terminal) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    this.verbose = verbose;
    this.terminal = terminal;
  }

  /** The result of a command: to standard output. */
  void result(String text) {
    out.println(text);
    out.flush();
  }

  /** Text that something else made: to standard output, unable to steer a terminal. */
  void foreign(String text) {
    String shown = text;
    if (terminal) {
      List<String> lines = List.of(text.split("\n", -1));
      shown = lines.stream().map(Console::printable).collect(Collectors.joining("\n"));
    }
    result(shown);
  }

  /** What a person reads as the result: to standard error where a JSON document is the result. */
  void result(boolean json, String text) {
    if (json) {
      note(text);
    } else {
      result(text);
    }
  }

  /** Something on the way: to standard error, not with {@code --quiet}. */
  void note(String text) {
    if (!quiet) {
      err.println(text);
      err.flush();
    }
  }

  /** A warning or an error, every line after {@code lot: }. */
  void error(String text) {
    text.lines().forEach(line -> err.println("lot: " + printable(line)));
    err.flush();
  }

  /** An unexpected failure: one line, and the stack with {@code --verbose}. */
  void failure(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    error(verbose ? failure.getClass().getName() + ": " + message : message);
    if (verbose) {
      StringWriter stack = new StringWriter();
      failure.printStackTrace(new PrintWriter(stack));
      error(stack.toString().replace("\t", "  "));
    }
  }

  /** A listener that says warnings and nothing else. */
  Listener warnings() {
    return new Listener() {
      @Override
      public void warning(String message) {
        error(message);
      }
    };
  }

  boolean quiet() {
    return quiet;
  }

  /** A bar on a terminal, plain lines elsewhere, nothing with {@code --quiet}. */
  Bar bar(String name) {
    if (quiet) {
      return (fraction, extra) -> {};
    }
    return terminal ? new TerminalBar(name, err) : new PlainLines(name);
  }

  /** Shows how far something is. */
  interface Bar extends AutoCloseable {
    void at(double fraction, String extra);

    @Override
    default void close() {}
  }

  private static final class TerminalBar implements Bar {
    private static final int PARTS = 1000;
    private final ProgressBar bar;

    TerminalBar(String name, PrintStream err) {
      this.bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(PARTS)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(250)
              .setConsumer(new me.tongfei.progressbar.ConsoleProgressBarConsumer(err))
              .build();
    }

    @Override
    public void at(double fraction, String extra) {
      bar.stepTo(Math.round(fraction * PARTS));
      bar.setExtraMessage(extra);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line at the start and at every tenth. */
  private final class PlainLines implements Bar {
    private final String name;
    private final long started = System.nanoTime();
    private int tenths;

    PlainLines(String name) {
      this.name = name;
    }

    @Override
    public void at(double fraction, String extra) {
      int now = (int) (fraction * 10 + 1e-9);
      if (now > tenths) {
        tenths = now;
        double seconds = (System.nanoTime() - started) / 1e9;
        note(
            String.format(
                Locale.ROOT,
                "%s: %d %%, %.0f s, about %.0f s left%s",
                name,
                now * 10,
                seconds,
                seconds / fraction * (1 - fraction),
                extra.isEmpty() ? "" : "; " + extra));
      }
    }
  }

  /** Control characters escaped, so that quoted input cannot steer a terminal. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\t') {
                shown.append("\\t");
              } else if (Character.isISOControl(c)
                  || Character.getType(c) == Character.FORMAT
                  || c == 0x2028
                  || c == 0x2029) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
