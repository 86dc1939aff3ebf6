package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps: jobs, stops, trials that diverge, successive halving, whole comparisons. */
@Tag("slow")
class SweepIT {
  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void sweepOneAtATime() throws IOException, InterruptedException {
    SmallRuns.write(directory, 12);
    program = Program.in(directory).together();
    program.run(SweepTest.asked("--jobs", "1", "--out", "unbroken")).with(0);
  }

  private static JsonNode sweep(String name) throws IOException {
    return SweepTest.sweep(directory.resolve(name));
  }

  @Test
  void twoJobsGiveTheSameBitsAsOne() throws IOException, InterruptedException {
    program.run(SweepTest.asked("--jobs", "2", "--out", "two")).with(0);
    SweepTest.equal(directory, "two");
  }

  @Test
  void sigtermGives130AndResumeGoesOn() throws IOException, InterruptedException {
    Program.Running running = program.start(SweepTest.asked("--jobs", "2", "--out", "terminated"));
    RunFolder first = new RunFolder(directory.resolve("terminated/trials/t1/runs/lot-seed0"));
    running.until(() -> first.latestStep() >= 3);
    Program.Ended ended = running.terminate().with(130);

    assertThat(ended.err()).contains("lot: interrupted; to go on: lot resume terminated");
    assertThat(sweep("terminated").path("status").asText()).isEqualTo("interrupted");
    assertThat(sweep("terminated").path("winner").isNull()).isTrue();
    program.succeed("resume", "terminated");
    SweepTest.equal(directory, "terminated");
  }

  @Test
  void divergedTrialsAreLastAndNoFailure() throws IOException, InterruptedException {
    Program.Ended ended =
        program.succeed(
            "sweep",
            "small.yaml",
            "--grid",
            "optimizer.lr=1e30,0.05",
            "--seeds",
            "0",
            "--out",
            "diverged");

    JsonNode trials = sweep("diverged").path("trials");
    assertThat(trials.path(0).path("status").asText()).isEqualTo("diverged");
    assertThat(trials.path(0).path("mean").isNull()).isTrue();
    assertThat(sweep("diverged").path("winner").path("id").asText()).isEqualTo("t1");
    assertThat(ended.out().indexOf("t1 ")).isLessThan(ended.out().indexOf("t0 "));
  }

  /** 4 points, eta 2: 3 updates for 4, 6 for 2, 12 for 1; who goes on is computed here again. */
  @Test
  void halvingTrainsEachRoundAnewAndSendsTheBestOn() throws IOException, InterruptedException {
    String[] asked = {
      "sweep",
      "small.yaml",
      "--grid",
      "lot.alpha=0.5,2",
      "--grid",
      "lot.steps=1,2",
      "--halving",
      "--eta",
      "2",
      "--baseline",
      "teacher-only",
      "--seeds",
      "0",
      "--set",
      "eval-every=3"
    };
    program
        .run(Stream.concat(Stream.of(asked), Stream.of("--out", "halved")).toArray(String[]::new))
        .with(0);
    JsonNode sweep = sweep("halved");

    List<String> members = List.of("t0", "t1", "t2", "t3");
    int[] budgets = {3, 6, 12};
    for (int rung = 0; rung < 3; rung++) {
      JsonNode round = sweep.path("rungs").path(rung);
      assertThat(round.path("budget").path("updates").asInt()).isEqualTo(budgets[rung]);
      List<String> names = new ArrayList<>();
      round.path("scores").fieldNames().forEachRemaining(names::add);
      assertThat(names).containsExactlyInAnyOrderElementsOf(members);
      for (String id : members) {
        RunFolder run =
            new RunFolder(
                directory.resolve("halved/trials/" + id + "-rung" + rung + "/runs/lot-seed0"));
        JsonNode result = RunFolder.json(run.path().resolve("result.json"));
        assertThat(result.path("teacher_updates").asInt()).isEqualTo(budgets[rung]);
        assertThat(round.path("scores").path(id).asDouble())
            .isEqualTo(result.at("/splits/valid/teacher/accuracy").asDouble());
      }
      List<String> best = new ArrayList<>(members.stream().sorted().toList());
      best.sort(
          (a, b) ->
              Double.compare(
                  round.path("scores").path(b).asDouble(),
                  round.path("scores").path(a).asDouble()));
      members = best.subList(0, best.size() / 2);
      if (rung < 2) {
        assertThat(texts(round.path("promoted"))).isEqualTo(members);
      }
    }
    assertThat(sweep.path("winner").path("id").asText())
        .isEqualTo(texts(sweep.path("rungs").path(1).path("promoted")).get(0));
    assertThat(SweepTest.runs(directory, "halved")).hasSize(4 + 2 + 1 + 1);
  }

  @Test
  void aComparisonAtEveryPointScoresItsLot() throws IOException, InterruptedException {
    program.succeed(
        "sweep",
        "small.yaml",
        "--grid",
        "lot.alpha=0,1",
        "--compare",
        "--seeds",
        "0",
        "--out",
        "compared");
    JsonNode sweep = sweep("compared");

    assertThat(sweep.path("method").asText()).isEqualTo("lot-paper");
    assertThat(SweepTest.runs(directory, "compared").stream().map(Path::toString))
        .containsExactly(
            "baselines/teacher-only-0/runs/teacher-only-seed0",
            "baselines/teacher-only-equal-compute-0/runs/teacher-only-equal-compute-seed0",
            "baselines/teacher-only-equal-compute-1/runs/teacher-only-equal-compute-seed0",
            "trials/t0/runs/lot-paper-seed0",
            "trials/t1/runs/lot-paper-seed0");
    // The point's value stands over what the built-in name decides.
    assertThat(
            Files.readString(
                directory.resolve("compared/trials/t0/runs/lot-paper-seed0/config.yaml")))
        .contains("alpha: 0");
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
