package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lot4j.checkpoint.Safetensors;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One run in several processes: what comes out, and what happens if one of them is lost.
 *
 * <p>Long, because all of it goes by one small run and one way of starting its ranks; a second file
 * would need both again.
 */
@Tag("slow")
class LaunchIT {
  private static final String CONFIG =
      """
      name: together
      task: {kind: image, data: made-up, augment: crop-flip, validation: 0.2}
      method: teacher-only
      teacher: {model: mlp, hidden: [16], dropout: %1$s}
      students:
        - {model: cnn, channels: [4, 8], hidden: 16, dropout: %1$s}
        - {model: mlp, hidden: [16]}
      optimizer: {kind: sgd, lr: 0.05, momentum: 0.9, weight-decay: 1e-4, clip: 1}
      student-optimizer: {kind: adam, lr: 1e-3}
      schedule: {kind: cosine, warmup: 3}
      budget: {updates: 14}
      batch-size: 16
      ema: 0.9
      eval-every: 7
      checkpoint: {every: 3, keep: 2}
      threads: 1
      """;

  @TempDir static Path directory;
  private static Program program;

  @BeforeAll
  static void write() throws IOException {
    program = Program.in(directory);
    // 136 to learn from: an epoch of two processes ends with a batch for one of them.
    new SyntheticImages(Cifar.CIFAR10, 170, 40, 1).write(directory.resolve("made-up"));
    Files.writeString(directory.resolve("plain.yaml"), CONFIG.formatted("0"));
    Files.writeString(directory.resolve("dropout.yaml"), CONFIG.formatted("0.2"));
    SmallTexts.write(directory, 14);
  }

  /** Of every method and with more of them: {@code lot4j.train.TogetherTest}, in one process. */
  @ParameterizedTest
  @CsvSource({
    "3, method=lot lot.steps=2",
    "2, method=lot lot.objective=released accumulate=2",
    "2, method=fresh-student fresh-student.period=2"
  })
  void processesDoWhatOneDoesThatAccumulates(int workers, String settings)
      throws IOException, InterruptedException {
    List<String> set = new ArrayList<>();
    int accumulate = 1;
    for (String setting : settings.split(" ")) {
      if (setting.startsWith("accumulate=")) {
        accumulate = Integer.parseInt(setting.substring("accumulate=".length()));
      }
      set.add("--set");
      set.add(setting);
    }
    String name = workers + "-" + Math.abs(settings.hashCode());
    List<String> train = new ArrayList<>(List.of("train", "plain.yaml"));
    train.addAll(set);
    List<String> one = new ArrayList<>(train);
    one.addAll(List.of("--set", "accumulate=" + accumulate * workers, "--out", name + "-one"));
    List<String> all = new ArrayList<>(List.of("launch", "--workers", "" + workers, "--"));
    all.addAll(train);
    all.addAll(List.of("--out", name + "-all"));

    program.succeed(one.toArray(String[]::new));
    program.succeed(all.toArray(String[]::new));
    alike(directory.resolve(name + "-one"), directory.resolve(name + "-all"));
  }

  @ParameterizedTest
  @CsvSource({"lot, 2"})
  void processesReadAsManyColumnsTogether(String method, int workers)
      throws IOException, InterruptedException {
    String out = "text-" + method + workers;
    String plain = "{model: lstm, embedding: 6, hidden: 8, layers: 1, dropout: 0}";
    String[] train = {
      "train",
      "tiny.yaml",
      "--set",
      "teacher=" + plain,
      "--set",
      "students=[" + plain + "]",
      "--set",
      "method=" + method,
      "--set",
      "accumulate=2",
      "--set"
    };
    program.succeed(
        Stream.concat(
                Stream.of(train),
                Stream.of(
                    "batch-size=" + 2 * workers,
                    "--set",
                    "student-batch-size=" + workers,
                    "--out",
                    out + "-one"))
            .toArray(String[]::new));
    program.succeed(
        Stream.of(
                Stream.of("launch", "--workers", "" + workers, "--"),
                Stream.of(train),
                Stream.of("batch-size=2", "--set", "student-batch-size=1", "--out", out + "-all"))
            .flatMap(part -> part)
            .toArray(String[]::new));
    alike(directory.resolve(out + "-one"), directory.resolve(out + "-all"));
  }

  /** Weights to rounding, counts exactly, and the same lines of metrics. */
  private static void alike(Path one, Path all) throws IOException {
    Path mine = new RunFolder(all).latest();
    Path others = new RunFolder(one).latest();
    assertThat(mine.getFileName()).isEqualTo(others.getFileName());
    try (Stream<Path> files = Files.list(others);
        PointerScope scope = new PointerScope()) {
      for (Path file : files.filter(LaunchIT::isLearner).toList()) {
        Safetensors expected = Safetensors.open(file);
        Safetensors actual = Safetensors.open(mine.resolve(file.getFileName()));
        for (String name : expected.names()) {
          if (name.contains("running_") || name.contains("num_batches")) {
            continue; // defined otherwise: an average, not one batch after the other
          }
          assertThat(difference(expected.read(name), actual.read(name)))
              .as(file.getFileName() + ": " + name)
              .isLessThan(2e-5);
        }
      }
    }
    var expected = new RunFolder(one).json("result.json");
    var actual = new RunFolder(all).json("result.json");
    for (String key : List.of("flops", "teacher_updates", "student_updates", "selected_step")) {
      assertThat(actual.path(key)).as(key).isEqualTo(expected.path(key));
    }
    List<String> lines = Files.readAllLines(one.resolve("metrics.jsonl"));
    List<String> others2 = Files.readAllLines(all.resolve("metrics.jsonl"));
    assertThat(others2).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      near(lines.get(i), others2.get(i));
    }
  }

  private static void near(String expected, String actual) throws IOException {
    var json = new com.fasterxml.jackson.databind.ObjectMapper();
    var e = json.readTree(expected);
    var a = json.readTree(actual);
    e.fieldNames()
        .forEachRemaining(
            name -> {
              boolean statistics = name.startsWith("student0/") || name.startsWith("ensemble/");
              if (e.path(name).isNumber() && !name.equals("wall_s") && !statistics) {
                double want = e.path(name).asDouble();
                assertThat(a.path(name).asDouble())
                    .as(name + " of " + expected)
                    .isCloseTo(
                        want, org.assertj.core.api.Assertions.within(1e-3 * (1 + Math.abs(want))));
              }
            });
    assertThat(a.size()).as(actual).isEqualTo(e.size());
  }

  private static boolean isLearner(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".safetensors") && !name.startsWith("state");
  }

  private static double difference(Tensor a, Tensor b) {
    return a.numel() == 0 ? 0 : a.sub(b).abs().max().item_double();
  }

  /** As a whole where nothing is broken, in buckets where it is: of two, the bits are the same. */
  @Test
  void oneOfThemKilledAndResumedEndsInTheSameBits() throws IOException, InterruptedException {
    Program inBuckets = program.with(Map.of("LOT_BUCKET_MB", "0.0005"));
    String[] train = {
      "launch",
      "--workers",
      "2",
      "--",
      "train",
      "dropout.yaml",
      "--set",
      "method=lot",
      "--set",
      "budget.updates=300",
      "--out"
    };
    program.succeed(to(train, "unbroken"));
    RunFolder run = new RunFolder(directory.resolve("killed"));
    Program.Running running = inBuckets.start(to(train, "killed"));
    for (int rank : new int[] {1, 0}) {
      long step = run.latestStep() + 6;
      running.until(() -> run.latestStep() >= step);
      ranks(running).get(rank).destroyForcibly();
      Program.Ended ended = running.end().with(1);
      assertThat(ended.err().lines().filter(line -> line.startsWith("lot: ")))
          .as(ended.err())
          .singleElement()
          .asString()
          .startsWith("lot: rank " + rank + " is gone: ");
      assertThat(program.run("resume", "killed").refused(2).err()).contains("with 2 processes");
      running = inBuckets.start("launch", "--workers", "2", "--", "resume", "killed");
    }
    running.end().with(0);
    run.equalTo(new RunFolder(directory.resolve("unbroken")));
    program.succeed("resume", "killed"); // there is nothing left to do
  }

  /** The launcher's processes in the order of their ranks. */
  private static List<ProcessHandle> ranks(Program.Running running) {
    return running.process().children().sorted(Comparator.comparing(ProcessHandle::pid)).toList();
  }

  private static String[] to(String[] command, String out) {
    return Stream.concat(Stream.of(command), Stream.of(out)).toArray(String[]::new);
  }

  @Test
  void oneThatIsStoppedEndsAllOfThem() throws IOException, InterruptedException {
    RunFolder run = new RunFolder(directory.resolve("stopped"));
    Program.Running running =
        program.start(
            "launch",
            "--workers",
            "2",
            "--timeout",
            "2",
            "--",
            "train",
            "plain.yaml",
            "--set",
            "budget.updates=100000",
            "--out",
            "stopped");
    running.until(() -> run.latestStep() >= 3);
    List<ProcessHandle> ranks = ranks(running);
    new ProcessBuilder("kill", "-STOP", "" + ranks.get(1).pid()).start().waitFor();
    Program.Ended ended = running.end().with(1);
    assertThat(ended.err()).contains("lot: rank 1 is gone: no sign of life for 2 s");
    assertThat(ranks).noneMatch(ProcessHandle::isAlive);
    assertThat(run.status()).isEqualTo("failed");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneThatComputesWithoutEndEndsAllOfThem(int rank) throws IOException, InterruptedException {
    Path services = directory.resolve("endless/META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve("lot4j.config.Extension"), Endless.Name.class.getName());
    RunFolder run = new RunFolder(directory.resolve("stuck" + rank));
    Program.Ended ended =
        program
            .with(Map.of("LOT_CLASSPATH", "endless"))
            .run(
                "launch",
                "--workers",
                "2",
                "--stall-timeout",
                "5",
                "--",
                "train",
                "plain.yaml",
                "--set",
                "schedule={kind: endless, rank: " + rank + ", step: 6}",
                "--out",
                "stuck" + rank)
            .with(1);
    assertThat(ended.err().lines().filter(line -> line.startsWith("lot: ")))
        .as(ended.err())
        .singleElement()
        .asString()
        .startsWith("lot: rank " + rank + " is stuck: at step 7 it has kept the others waiting")
        .contains("to go on from the last checkpoint: lot launch --workers 2 -- resume stuck");
    assertThat(run.latestStep()).isEqualTo(6);
    assertThat(run.status()).isEqualTo("failed");
  }

  @Test
  void aSignalToTheLauncherIsOneToAll() throws IOException, InterruptedException {
    RunFolder run = new RunFolder(directory.resolve("terminated"));
    String[] train = {
      "launch",
      "--workers",
      "2",
      "--",
      "train",
      "dropout.yaml",
      "--set",
      "budget.updates=300",
      "--out"
    };
    Program.Running running = program.start(to(train, "terminated"));
    running.until(() -> run.latestStep() >= 3);
    assertThat(running.terminate().with(130).err()).contains("to go on: ");
    assertThat(run.status()).isEqualTo("interrupted");
  }

  @Test
  void noneOutlivesTheLauncher() throws IOException, InterruptedException {
    RunFolder run = new RunFolder(directory.resolve("orphans"));
    Program.Running running =
        program.start(
            "launch",
            "--workers",
            "2",
            "--",
            "train",
            "plain.yaml",
            "--set",
            "budget.updates=100000",
            "--out",
            "orphans");
    running.until(() -> run.latestStep() >= 3);
    List<ProcessHandle> ranks = ranks(running);
    running.kill();
    for (ProcessHandle rank : ranks) {
      rank.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
    assertThat(ranks).hasSize(2);
  }

  @Test
  void theEnvironmentNamesThem() throws IOException, InterruptedException {
    String port = freePort();
    String[] train = {"train", "plain.yaml", "--out"};
    program.succeed("launch", "--workers", "2", "--", "train", "plain.yaml", "--out", "launched");
    Program.Running other = program.with(environment(1, 2, port)).start(to(train, "by-env"));
    Program.Ended first = program.with(environment(0, 2, port)).succeed(to(train, "by-env"));
    assertThat(other.end().with(0).out()).isEmpty();
    assertThat(first.out()).contains("test teacher");
    new RunFolder(directory.resolve("by-env"))
        .equalTo(new RunFolder(directory.resolve("launched")));
  }

  @Test
  void bucketsAreTheSameEverywhere() throws IOException, InterruptedException {
    String port = freePort();
    String[] train = {"train", "plain.yaml", "--out", "nowhere"};
    Program.Running other =
        program.with(and(environment(1, 2, port), Map.of("LOT_BUCKET_MB", "2"))).start(train);
    assertThat(program.with(environment(0, 2, port)).run(train).refused(1).err())
        .contains("rank 1 differs from rank 0: ", "LOT_BUCKET_MB = 2.0 there", "= auto here");
    other.end().with(1);
    assertThat(
            program
                .with(Map.of("LOT_BUCKET_MB", "large"))
                .run("launch", "--workers", "2", "--", "train", "plain.yaml", "--out", "nowhere")
                .refused(2)
                .err())
        .contains("LOT_BUCKET_MB = large is not allowed; auto, 0 for no buckets");
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void oneProcessByTheEnvironmentIsPlainTraining() throws IOException, InterruptedException {
    String[] train = {"train", "dropout.yaml", "--set", "method=lot", "--out"};
    program.succeed(to(train, "alone"));
    program.with(Map.of("RANK", "0", "WORLD_SIZE", "1")).succeed(to(train, "alone-by-env"));
    program.succeed(
        to(
            Stream.concat(Stream.of("launch", "--workers", "1", "--"), Stream.of(train))
                .toArray(String[]::new),
            "alone-launched"));
    RunFolder alone = new RunFolder(directory.resolve("alone"));
    new RunFolder(directory.resolve("alone-by-env")).equalTo(alone);
    new RunFolder(directory.resolve("alone-launched")).equalTo(alone);
  }

  @Test
  void whoIsNotThereIsNamed() throws IOException, InterruptedException {
    Map<String, String> soon = Map.of("LOT_JOIN_TIMEOUT", "1");
    String port = freePort();
    String[] train = {"train", "plain.yaml", "--out", "nowhere"};
    assertThat(program.with(and(environment(1, 2, port), soon)).run(train).refused(1).err())
        .contains("rank 0 did not answer at 127.0.0.1:" + port);
    assertThat(program.with(and(environment(0, 3, port), soon)).run(train).refused(1).err())
        .contains("not there: rank 1, rank 2");
    try (ServerSocket taken = new ServerSocket(0)) {
      String number = Integer.toString(taken.getLocalPort());
      assertThat(program.with(environment(0, 2, number)).run(train).refused(1).err())
          .contains("MASTER_PORT = " + number);
    }
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException, InterruptedException {
    assertThat(program.run("launch", "--workers", "0", "--", "train", "digits").refused(2).err())
        .contains("--workers 0");
    assertThat(
            program
                .run("launch", "--workers", "2", "--stall-timeout", "0", "--", "train", "digits")
                .refused(2)
                .err())
        .contains("--stall-timeout 0");
    assertThat(program.run("launch", "--workers", "2", "--", "compare", "digits").refused(2).err())
        .contains("launch compare is not allowed");
    String[] train = {"train", "plain.yaml", "--out", "nowhere"};
    assertThat(program.with(Map.of("RANK", "1")).run(train).refused(2).err()).contains("RANK = 1");
    assertThat(program.with(Map.of("WORLD_SIZE", "2")).run(train).refused(2).err())
        .contains("RANK is not set");
  }

  private static Map<String, String> and(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(some);
    all.putAll(more);
    return all;
  }

  private static Map<String, String> environment(int rank, int size, String port) {
    return Map.of(
        "RANK", Integer.toString(rank),
        "LOCAL_RANK", Integer.toString(rank),
        "WORLD_SIZE", Integer.toString(size),
        "MASTER_ADDR", "127.0.0.1",
        "MASTER_PORT", port);
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}
