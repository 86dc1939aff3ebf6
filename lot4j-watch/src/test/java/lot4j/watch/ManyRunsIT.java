package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand runs of a thousand lines, a million points: what docs/watch.md says of them. The
 * figures are written to {@code target/many-runs.txt}; memory is held to, times are not.
 */
@Tag("slow")
class ManyRunsIT {
  private static final int RUNS = 1_000;
  private static final int LINES = 1_000;
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path folder;

  private final List<String> figures = new ArrayList<>();

  private void figure(String what, double value, String unit) {
    figures.add(String.format(Locale.ROOT, "%s: %.1f %s", what, value, unit));
  }

  /** Processor time of this process, the asking included: it is the same on a busy machine. */
  private static long now() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double since(long began) {
    return (now() - began) / 1e6;
  }

  private static double heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (double) (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE;
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES) // it waits for all runs, which may never be known
  void stayUsable() throws Exception {
    MadeUpRuns runs = new MadeUpRuns(folder);
    // Two splits: half the lines each.
    StringBuilder lines = new StringBuilder();
    for (int step = 1; step <= LINES / 2; step++) {
      lines.append(MadeUpRuns.train(step, 1.0 / step));
      lines.append(MadeUpRuns.valid(step, 1 - 1.0 / step));
    }
    for (int i = 0; i < RUNS; i++) {
      Path run = runs.begin("run" + i, "lot-" + i % 10, i, LINES / 2);
      MadeUpRuns.append(run, lines.toString());
      runs.done(run, "lot-" + i % 10, i, 0.9);
    }
    double before = heap();
    long began = now();
    try (Watch watch = Watch.of(folder, OptionalInt.of(0))) {
      assertThat(Asked.withToken(watch, "/").status()).isEqualTo(200);
      figure("until the page is sent", since(began), "ms of processor time");
      JsonNode state = Asked.withToken(watch, "/api/state").json();
      while (state.path("runs").size() < RUNS) {
        firstEvent(watch, state.path("mark").asText()); // waits until there is more to be known
        state = Asked.withToken(watch, "/api/state").json();
      }
      List<String> known = new ArrayList<>();
      state.path("runs").forEach(run -> known.add(run.path("id").asText()));
      figure("until all runs are known", since(began), "ms of processor time");
      String packed =
          Asked.get(watch, "/api/state?" + watch.address().getQuery(), "Accept-Encoding: gzip")
              .header("Content-Length");
      figure("the list, as it is", state.toString().length() / 1024.0, "KB");
      figure(
          "the list, compressed as browsers get it", Double.parseDouble("0" + packed) / 1024, "KB");
      double listed = heap() - before;
      figure("memory for the list", listed, "MB");

      String ids =
          String.join(
              "&",
              IntStream.range(0, Answers.MOST_RUNS).mapToObj(i -> "id=" + known.get(i)).toList());
      String question = "/api/curves?" + ids + "&series=train%20teacher/loss&x=step&columns=800";
      long asked = now();
      Asked curves = Asked.withToken(watch, question);
      figure("64 curves, first time", since(asked), "ms of processor time");
      asked = now();
      Asked.withToken(watch, question);
      figure("64 curves, again", since(asked), "ms of processor time");
      figure("64 curves", curves.body().length() / 1024.0, "KB");
      assertThat(curves.json()).hasSize(Answers.MOST_RUNS);
      figure("memory with them", heap() - before, "MB");

      // Every run's curves once: a million lines read, what is kept stays within its limit.
      asked = now();
      for (String id : known) {
        Asked.withToken(
            watch, "/api/curves?id=" + id + "&series=valid%20teacher/accuracy&x=flops&columns=800");
      }
      figure("the curves of all runs, one after another", since(asked), "ms of processor time");
      double all = heap() - before;
      figure("memory then", all, "MB");

      update(watch, runs);
      assertThat(listed).isLessThan(60);
      assertThat(all).isLessThan(200);
    }
    Files.write(Path.of("target", "many-runs.txt"), figures);
  }

  private void update(Watch watch, MadeUpRuns runs) throws Exception {
    Path run = runs.begin("new", "lot", 5_000, 100);
    String mark = new Watched(watch).state(RUNS + 1).path("mark").asText();
    long began = now();
    MadeUpRuns.append(run, MadeUpRuns.train(1, 0.5));
    String event = firstEvent(watch, mark);
    figure("from a line in a file to its event", since(began), "ms of processor time");
    figure("that event", event.length(), "bytes");
    assertThat(event.length()).isLessThan(4_000);
  }

  private static String firstEvent(Watch watch, String mark) throws IOException {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", watch.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /events?after="
                      + mark
                      + "&"
                      + watch.address().getQuery()
                      + " HTTP/1.1\r\nHost: 127.0.0.1:"
                      + watch.port()
                      + "\r\n\r\n")
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      try (var in =
          new java.io.BufferedReader(
              new java.io.InputStreamReader(
                  socket.getInputStream(), java.nio.charset.StandardCharsets.UTF_8))) {
        String line = in.readLine();
        while (!line.startsWith("data:")) {
          line = in.readLine();
        }
        return line;
      }
    }
  }
}
