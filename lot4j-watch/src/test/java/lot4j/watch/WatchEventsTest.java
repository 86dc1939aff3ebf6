package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who listen are told of runs as they change. */
class WatchEventsTest {
  private static final long OFTEN = 50;
  private static final long HEARTBEAT = 300;

  @TempDir Path outside;
  private Watch watch;
  private Watched watched;
  private MadeUpRuns runs;

  @BeforeEach
  void begin() throws IOException {
    Path folder = Files.createDirectories(outside.resolve("watched"));
    runs = new MadeUpRuns(folder);
    watch = Watch.of(folder, OptionalInt.of(0), OFTEN, HEARTBEAT);
    watched = new Watched(watch);
  }

  @AfterEach
  void end() {
    watch.close();
  }

  @Test
  void aNewLineIsToldAndGoneRunsToo() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100);
    watched.state(1);
    try (Watched.Listener listener = watched.listen("/events")) {
      assertThat(listener.next().path("all").asBoolean()).isTrue();
      MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5));
      JsonNode row = listener.step(10).path("runs").path(0);
      assertThat(row.path("seconds_left").asDouble()).isEqualTo(45);
      try (var files = Files.list(run)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      JsonNode gone = listener.next(event -> event.path("gone").size() > 0);
      assertThat(gone.path("gone").get(0)).isEqualTo(row.path("id"));
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100);
    runs.begin("b", "lot", 1, 100);
    watched.state(2);
    String last;
    try (Watched.Listener listener = watched.listen("/events")) {
      listener.next();
      last = listener.id();
    }
    MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5));
    try (Watched.Listener listener =
        watched.listen("/events?after=x.1", "Last-Event-ID: " + last + "\r\n")) {
      JsonNode event = listener.next(e -> e.path("runs").size() > 0);
      assertThat(event.path("all").asBoolean()).isFalse();
      assertThat(event.path("runs")).hasSize(1);
    }
    try (Watched.Listener listener =
        watched.listen("/events", "Last-Event-ID: of-another-server.7\r\n")) {
      JsonNode event = listener.next();
      assertThat(event.path("all").asBoolean()).isTrue();
      assertThat(event.path("runs")).hasSize(2);
    }
  }

  @Test
  void silenceIsFilledWithComments() throws Exception {
    try (Watched.Listener listener = watched.listen("/events")) {
      listener.next();
      listener.untilComment();
      listener.untilComment();
    }
  }

  @Test
  void whoNeverReadsHoldsNobodyUp() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100_000);
    watched.state(1);
    try (Watched.Listener deaf = watched.listen("/events");
        Watched.Listener other = watched.listen("/events")) {
      other.next();
      for (int i = 1; i <= 300; i++) {
        MadeUpRuns.append(run, MadeUpRuns.train(i, 0.5));
        if (i % 25 == 0) {
          other.step(i); // told, and the one who does not read as well
        }
      }
      // It reads at last: the newest state, by way of a few events.
      deaf.step(300);
    }
  }

  @Test
  void aResumedRunsShorterFileIsFollowed() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100);
    MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5) + MadeUpRuns.train(20, 0.4));
    String id = watched.state(1).path("runs").get(0).path("id").asText();
    watched.until(this::step, step -> step == 20);
    Files.writeString(run.resolve("metrics.jsonl"), MadeUpRuns.train(10, 0.5));
    watched.until(this::step, step -> step == 10);

    String curve = "/api/curves?id=" + id + "&series=train%20teacher/loss&x=step&columns=100";
    assertThat(Asked.withToken(watch, curve).json().get(0).path("x").toString()).isEqualTo("[10]");
  }

  private int step() throws IOException {
    return Asked.withToken(watch, "/api/state").json().path("runs").get(0).path("step").asInt();
  }
}
