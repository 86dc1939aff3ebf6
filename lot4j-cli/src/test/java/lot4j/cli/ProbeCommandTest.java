package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lot probe} on finished runs and on teachers of its own, by the real command. */
class ProbeCommandTest {
  private static final String TEACHERS =
      """
      name: tiny-probe
      task: {kind: image, data: digits}
      methods: [teacher-only]
      teacher: {model: mlp, hidden: [12]}
      optimizer: {kind: adam, lr: 0.01}
      budget: {updates: 30}
      batch-size: 50
      eval-every: 10
      checkpoint: {every: 10}
      select: last
      threads: 1
      seeds: [0, 1]
      probe:
        teachers:
          - {label: all, method: teacher-only, set: {}}
          - {label: few, method: teacher-only, set: {task.train-examples: 40}}
        students:
          - {label: clean, set: {}}
          - {label: planted, set: {task.shortcut: {probability: 0.9, held-out: planted}}}
        student-seeds: [7]
      """;

  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void compareTwoMethods() throws IOException, InterruptedException {
    SmallTexts.write(directory, 12);
    Files.writeString(directory.resolve("probe.yaml"), TEACHERS);
    program = Program.in(directory).together();
    program.succeed(
        "compare",
        "digits",
        "--jobs",
        "1",
        "--out",
        "runs",
        "--set",
        "methods=[teacher-only, lot-paper]",
        "--set",
        "seeds=[0, 1]",
        "--set",
        "budget.updates=20",
        "--set",
        "eval-every=20",
        "--set",
        "checkpoint.every=20");
    probe("runs", "found", "--jobs", "2");
  }

  private static Program.Ended probe(String what, String out, String... more)
      throws IOException, InterruptedException {
    return program.succeed(command(what, out, more));
  }

  private static String[] command(String what, String out, String... more) {
    String[] command = {"probe", what, "--out", out, "--updates", "20", "--points", "4"};
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return all;
  }

  private static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(directory.resolve(file).toFile());
  }

  @Test
  void everyFinishedRunIsImitatedByTheSameStudent() throws IOException {
    JsonNode probe = json("found/probe.json");
    assertThat(probe.path("teachers").findValuesAsText("label"))
        .containsExactlyInAnyOrder("teacher-only", "teacher-only", "lot-paper", "lot-paper");
    assertThat(probe.path("students")).hasSize(4);
    for (JsonNode student : probe.path("students")) {
      assertThat(student.path("seed").asLong()).isEqualTo(1000);
      assertThat(student.at("/held_out/step").toString()).isEqualTo("[5,10,15,20]");
      assertThat(student.at("/train/step").toString()).isEqualTo("[5,10,15,20]");
      assertThat(student.path("teacher_entropy").asDouble()).isPositive();
    }
    JsonNode teacher = probe.at("/teachers/0");
    JsonNode own =
        json(directory.relativize(Path.of(teacher.path("directory").asText())) + "/result.json");
    assertThat(teacher.path("error").asDouble())
        .isEqualTo(1 - own.at("/splits/test/teacher/accuracy").asDouble());
    assertThat(probe.at("/rankings/0/n").asInt()).isEqualTo(4);
    for (String file : List.of("probe.csv", "probe.md", "report.html")) {
      assertThat(directory.resolve("found").resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void studentsLearnOnAllTrainingInputsOfTheRun() throws IOException {
    String student = json("found/probe.json").at("/students/0/directory").asText();
    RunFolder run = new RunFolder(directory.resolve(student));
    assertThat(run.json("run.json").at("/data/counts/train").asLong()).isEqualTo(1167);
    assertThat(run.json("run.json").path("method").asText()).isEqualTo("teacher-only");
  }

  @Test
  void aFinishedProbeIsResumedWithoutWork() throws IOException, InterruptedException {
    String before = Files.readString(directory.resolve("found/probe.json"));
    program.succeed("resume", "found");
    assertThat(directory.resolve("found/probe.json")).hasContent(before);
  }

  @Test
  void teachersOfItsOwnAreTrainedFirstAndAStoppedProbeGoesOn()
      throws IOException, InterruptedException {
    Program.Running running = program.start("probe", "probe.yaml", "--out", "own", "--jobs", "1");
    running.until(() -> Files.exists(directory.resolve("own/students")));
    running.terminate();
    program.succeed("resume", "own", "--jobs", "2");
    program.succeed("probe", "probe.yaml", "--out", "unbroken", "--jobs", "1");
    JsonNode probe = json("own/probe.json");
    assertThat(probe.path("students")).hasSize(2 * 2 * 2);
    assertThat(numbers(probe)).isEqualTo(numbers(json("unbroken/probe.json")));
    // Another subset for every seed, on the same splits.
    String zero = Files.readString(directory.resolve("own/teachers/few-seed0/config.yaml"));
    String one = Files.readString(directory.resolve("own/teachers/few-seed1/config.yaml"));
    assertThat(zero).contains("subset-seed: 0").contains("train-examples: 40");
    assertThat(one).contains("subset-seed: 1").doesNotContain("probe:");
  }

  private static String numbers(JsonNode probe) {
    return probe.path("groups") + "\n" + probe.path("rankings") + "\n" + probe.path("differences");
  }

  @Test
  void languageModelsAreProbedToo() throws IOException, InterruptedException {
    program.succeed(
        "compare", "tiny.yaml", "--jobs", "1", "--out", "texts", "--set", "methods=[teacher-only]");
    program.succeed("probe", "texts", "--out", "probed-texts", "--updates", "9", "--points", "3");
    JsonNode probe = json("probed-texts/probe.json");
    assertThat(probe.at("/teachers/0/error_name").asText()).isEqualTo("loss");
    assertThat(probe.at("/students/0/held_out/kl_free_reference/2").asDouble()).isPositive();
  }

  @Test
  void predictedNumbersAreProbedByTheirDivergenceAndDistance()
      throws IOException, InterruptedException {
    StringBuilder houses = new StringBuilder("area;rooms;town;price\n");
    for (int i = 0; i < 90; i++) {
      String rooms = i % 8 == 0 ? "" : Integer.toString(1 + i * 7 % 5);
      houses.append("%d,5;%s;%s;%d\n".formatted(50 + i, rooms, "t" + i % 3, 1000 + 10 * i));
    }
    Files.writeString(directory.resolve("houses.csv"), houses);
    Files.writeString(
        directory.resolve("houses.yaml"),
        TEACHERS
            .replaceFirst("task: .*", "task: {kind: tabular, data: houses.csv, target: price}")
            .replace("task.train-examples: 40", "task.train-examples: 12")
            .replaceFirst(" {4}- \\{label: planted.*\n", "")
            .replace("tiny-probe", "houses"));
    program.succeed("probe", "houses.yaml", "--out", "numbers", "--jobs", "1");
    JsonNode probe = json("numbers/probe.json");
    assertThat(probe.path("students")).hasSize(2 * 2);
    assertThat(probe.at("/teachers/0/error_name").asText()).isEqualTo("rmse");
    for (JsonNode student : probe.path("students")) {
      assertThat(student.at("/held_out/kl_free_reference/2").asDouble()).isPositive();
      assertThat(student.at("/held_out/distance/2").asDouble()).isPositive();
      assertThat(student.path("teacher_rmse").asDouble()).isPositive();
      assertThat(student.path("measures").has("relative_kl")).isFalse();
    }
    // Another subset for every seed; a teacher of few rows has an encoding of its own.
    assertThat(Files.readString(directory.resolve("numbers/teachers/few-seed1/config.yaml")))
        .contains("subset-seed: 1");
    assertThat(directory.resolve("numbers/students/few-seed1-clean-seed7/table.json"))
        .hasSameTextualContentAs(directory.resolve("numbers/teachers/few-seed1/table.json"));
    assertThat(Files.readString(directory.resolve("numbers/probe.md"))).contains("test rmse");
    assertThat(Files.readString(directory.resolve("numbers/report.html")))
        .contains("held-out distance");
    probe("numbers", "numbers-again");
    assertThat(json("numbers-again/probe.json").at("/rankings/0/n").asInt()).isEqualTo(4);
  }

  @Test
  void whatCannotBeProbedIsRefusedAndNothingIsWritten() throws IOException, InterruptedException {
    refused(3, "absent: no such directory", "absent", "runs");
    refused(2, "missing key: probe.teachers", "digits");
    refused(2, "neither a preset nor a file", "digits-prob");
    refused(2, "seed 0 of the students is not allowed", "runs", "--seeds", "0");
    refused(2, "unknown key: optimzer", "runs", "--set", "optimzer.lr=1");
    refused(2, "--epochs with --updates", "runs", "--epochs", "1", "--updates", "1");
    refused(2, "unknown key: probe.techers", "probe.yaml", "--set", "probe.techers=[]");
    refused(2, "--config is not allowed with CONFIG", "probe.yaml", "--config", "digits");
    program.succeed(
        "train",
        "digits",
        "--out",
        "other",
        "--seed",
        "5",
        "--set",
        "method=teacher-only",
        "--set",
        "task.normalize=half",
        "--set",
        "budget.updates=2",
        "--set",
        "eval-every=2",
        "--set",
        "checkpoint.every=2");
    refused(3, "not the same as of digits", "runs", "--config", "half.yaml");
    Path folder = Files.createDirectory(directory.resolve("empty"));
    refused(3, "there is no finished run in it", folder.toString());
    Files.writeString(
        directory.resolve("other/run.json"),
        Files.readString(directory.resolve("other/run.json")).replace("\"done\"", "\"failed\""));
    refused(3, "the run is not finished, its status is failed", "other");
  }

  private static void refused(int code, String message, String... what)
      throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("half.yaml"),
        TEACHERS
            .substring(0, TEACHERS.indexOf("probe:"))
            .replace("digits}", "digits, normalize: half}"));
    String[] command = Arrays.copyOf(new String[] {"probe", "--out", "new"}, 3 + what.length);
    System.arraycopy(what, 0, command, 3, what.length);
    Program.Ended ended = program.run(command).refused(code);
    assertThat(ended.err()).contains(message);
    assertThat(directory.resolve("new")).doesNotExist();
  }
}
