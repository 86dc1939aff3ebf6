package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFeedTest {
  @TempDir Path folder;

  private RunFeed look(Path run) {
    RunFeed feed = new RunFeed(run);
    feed.look(System.currentTimeMillis());
    return feed;
  }

  private static void old(Path run) throws Exception {
    for (String file : new String[] {"run.json", "metrics.jsonl", "lock"}) {
      if (Files.exists(run.resolve(file))) {
        Files.setLastModifiedTime(run.resolve(file), FileTime.fromMillis(1_000_000));
      }
    }
  }

  @Test
  void saysHowARunGoes() {
    Path run = new MadeUpRuns(folder).begin("a", "lot-paper", 3, 100);
    MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5) + MadeUpRuns.valid(10, 0.7));
    JsonNode row = look(run).row();

    assertThat(row.path("status").asText()).isEqualTo("running");
    assertThat(row.path("label").asText()).isEqualTo("lot-paper");
    assertThat(row.path("seed").asLong()).isEqualTo(3);
    assertThat(row.path("fraction").asDouble()).isEqualTo(0.1);
    // 10 steps of 50 samples in 5 s; 90 more take 45 s.
    assertThat(row.path("samples_per_s").asDouble()).isEqualTo(100);
    assertThat(row.path("updates_per_s").asDouble()).isEqualTo(2);
    assertThat(row.path("seconds_left").asDouble()).isEqualTo(45);
    assertThat(row.path("value").asDouble()).isEqualTo(0.7);
    assertThat(row.path("value_of").asText()).isEqualTo("valid teacher/accuracy");
  }

  @Test
  void aFinishedRunShowsItsResult() {
    JsonNode row = look(new MadeUpRuns(folder).finished("a", "lot", 2, 4)).row();

    assertThat(row.path("status").asText()).isEqualTo("done");
    assertThat(row.path("value").asDouble()).isEqualTo(0.902);
    assertThat(row.path("value_of").asText()).isEqualTo("test teacher/accuracy");
    assertThat(row.has("seconds_left")).isFalse();
  }

  @Test
  void tellsWaitingSilentAndRunningApart() throws Exception {
    MadeUpRuns runs = new MadeUpRuns(folder);
    Path waiting = runs.begin("a", "lot", 0, 10);
    Files.delete(waiting.resolve("lock"));
    assertThat(look(waiting).standing()).isEqualTo(Standing.WAITING);

    Path working = runs.begin("b", "lot", 0, 10);
    old(working);
    assertThat(look(working).standing()).isEqualTo(Standing.RUNNING);

    Path killed = runs.begin("c", "lot", 0, 10);
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    Files.writeString(killed.resolve("lock"), process.pid() + "\n");
    assertThat(look(killed).standing()).isEqualTo(Standing.RUNNING);
    old(killed);
    assertThat(look(killed).standing()).isEqualTo(Standing.SILENT);
  }

  @Test
  void whatChangesIsNoticedAndNothingElse() {
    MadeUpRuns runs = new MadeUpRuns(folder);
    Path run = runs.begin("a", "lot", 0, 10);
    RunFeed feed = new RunFeed(run);
    long now = System.currentTimeMillis();
    assertThat(feed.look(now)).isTrue();
    assertThat(feed.look(now)).isFalse();
    MadeUpRuns.append(run, MadeUpRuns.train(1, 1));
    assertThat(feed.look(now)).isTrue();
    runs.status(run, "lot", 0, "interrupted");
    assertThat(feed.look(now)).isTrue();
    assertThat(feed.standing()).isEqualTo(Standing.INTERRUPTED);
    assertThat(feed.look(now)).isFalse();
  }

  @Test
  void damagedManifestsAreShownAsSuch() throws Exception {
    Path run = new MadeUpRuns(folder).begin("a", "lot", 0, 10);
    for (String text : List.of("", "{", "[]", "{\"status\":\"odd\"}", "x".repeat(2 << 20))) {
      Files.writeString(run.resolve("run.json"), text);
      RunFeed feed = look(run);
      assertThat(feed.standing()).isEqualTo(Standing.UNREADABLE);
      assertThat(feed.row().path("status").asText()).isEqualTo("unreadable");
    }
  }

  @Test
  void endlessTextsAreCut() throws Exception {
    Path run = new MadeUpRuns(folder).begin("a", "l".repeat(100_000), 0, 10);
    assertThat(look(run).row().path("label").asText()).hasSizeLessThan(400);
  }

  @Test
  void aComparisonsTimeLeftCountsWhatRunsAndWhatWaits() throws Exception {
    MadeUpRuns runs = new MadeUpRuns(folder);
    // 4 steps took 2 s.
    RunFeed done = look(runs.finished("done", "teacher-only", 0, 4));
    // A tenth of the run took 5 s: 45 s left, 50 s in all.
    Path going = runs.begin("going", "lot", 0, 100);
    MadeUpRuns.append(going, MadeUpRuns.train(10, 0.5));
    Path like = runs.begin("like-going", "lot", 1, 100);
    Files.delete(like.resolve("lock"));
    Path other = runs.begin("like-done", "teacher-only", 1, 4);
    Files.delete(other.resolve("lock"));

    Totals totals = Totals.of(List.of(done, look(going), look(like), look(other)));

    // 45 of the one at work, 50 for another such, 2 for one like the finished; one at a time.
    assertThat(totals.secondsLeft().orElseThrow()).isEqualTo(97);
    assertThat(totals.fraction()).isEqualTo((1 + 0.1) / 4);
    assertThat(totals.samplesPerSecond()).isEqualTo(100);
    assertThat(totals.finished()).isEqualTo(1);
  }

  @Test
  void withNothingAtWorkNoTimeIsSaid() {
    RunFeed done = look(new MadeUpRuns(folder).finished("a", "lot", 0, 4));
    assertThat(Totals.of(List.of(done)).secondsLeft()).isEmpty();
    assertThat(Totals.of(List.of()).fraction()).isZero();
  }
}
