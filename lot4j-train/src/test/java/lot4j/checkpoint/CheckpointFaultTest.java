package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFaultTest {
  @TempDir Path run;

  /** A disk with so much room, for all files together. */
  private static final class SmallDisk implements UnaryOperator<WritableByteChannel> {
    private long room;

    SmallDisk(long room) {
      this.room = room;
    }

    @Override
    public WritableByteChannel apply(WritableByteChannel below) {
      return new WritableByteChannel() {
        @Override
        public int write(ByteBuffer source) throws IOException {
          if (room == 0) {
            throw new IOException("No space left on device");
          }
          int now = (int) Math.min(room, source.remaining());
          ByteBuffer part = source.duplicate().limit(source.position() + now);
          int count = below.write(part);
          source.position(source.position() + count);
          room -= count;
          return count;
        }

        @Override
        public boolean isOpen() {
          return below.isOpen();
        }

        @Override
        public void close() throws IOException {
          below.close();
        }
      };
    }
  }

  private void save(UnaryOperator<WritableByteChannel> disk, long step) {
    try (PointerScope scope = new PointerScope()) {
      new CheckpointStore(run, 2, Map.of(), disk)
          .save(
              step,
              Map.of("teacher", Map.of("w", torch.ones(20))),
              out -> out.tensor("momentum", torch.ones(20)));
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.walk(run)) {
      return paths.map(p -> run.relativize(p).toString()).sorted().toList();
    }
  }

  private Checkpoint latest() {
    List<String> warnings = new ArrayList<>();
    Checkpoint latest = new CheckpointStore(run, 2, Map.of()).latest(warnings::add).orElseThrow();
    assertThat(warnings).isEmpty();
    return latest;
  }

  @Test
  void aDiskThatFillsUpAtAnyByteLeavesThePreviousCheckpoint() throws Exception {
    save(UnaryOperator.identity(), 1);
    List<String> before = names();
    long needed = 0;
    try (Stream<Path> files = Files.list(run.resolve("checkpoints/step-00000001.ckpt"))) {
      for (Path file : files.toList()) {
        needed += Files.size(file);
      }
    }
    for (long room = 0; room < needed; room += 37) {
      SmallDisk disk = new SmallDisk(room);
      assertThatThrownBy(() -> save(disk, 2))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage(
              run.resolve("checkpoints/step-00000002.ckpt")
                  + ": cannot be written; No space left on device");
      assertThat(names()).isEqualTo(before);
    }
    assertThat(latest().step()).isEqualTo(1);
    save(new SmallDisk(needed), 2);
    assertThat(latest().step()).isEqualTo(2);
  }

  @Test
  void aSystemThatRefusesToWriteMoreLeavesThePreviousCheckpoint() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/bin/sh")), "/bin/sh absent: no ulimit");
    save(UnaryOperator.identity(), 1);
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 1024; exec \"$@\""));
    command.add("sh");
    command.addAll(javaCommand("2", "2"));
    Process process = new ProcessBuilder(command).start();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isNotZero();
    assertThat(errors).contains("step-00000002.ckpt: cannot be written; ");
    assertThat(names()).noneMatch(name -> name.contains(".tmp-"));
    assertThat(latest().step()).isEqualTo(1);
  }

  @Test
  void aKillInTheMiddleOfASaveLeavesAWholeCheckpoint() throws Exception {
    long saved = 0;
    for (int round = 0; round < 4; round++) {
      long killAt = saved + 2 + round;
      Process process =
          new ProcessBuilder(javaCommand(Long.toString(saved + 1), "1000000"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = lines.readLine();
        while (line != null && !line.equals("saving " + killAt)) {
          line = lines.readLine();
        }
        assertThat(line).isEqualTo("saving " + killAt);
        refusesASecondProcess();
        process.destroyForcibly();
      }
      process.waitFor();
      everythingNamedACheckpointIsWhole();
      Checkpoint latest = latest();
      assertThat(latest.step()).isGreaterThanOrEqualTo(killAt - 1);
      try (PointerScope scope = new PointerScope()) {
        Tensor weights = latest.learner("teacher").read("w");
        assertThat(weights.min().item_float()).isEqualTo(latest.step());
        assertThat(weights.max().item_float()).isEqualTo(latest.step());
      }
      saved = latest.step();
    }
  }

  private void everythingNamedACheckpointIsWhole() throws IOException {
    try (Stream<Path> paths = Files.list(run.resolve("checkpoints"))) {
      List<Path> named =
          paths.filter(path -> path.getFileName().toString().startsWith("step-")).toList();
      assertThat(named).isNotEmpty().allSatisfy(Checkpoint::open);
    }
  }

  private void refusesASecondProcess() {
    assertThatThrownBy(() -> DirectoryLock.acquire(run))
        .isInstanceOf(DirectoryInUse.class)
        .hasMessageMatching(".*: in use by another process \\(\\d+\\)");
  }

  private List<String> javaCommand(String first, String last) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"),
        SavingProcess.class.getName(),
        run.toString(),
        first,
        last);
  }
}
