package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path folder;

  @Test
  void refusesASecondHolderInTheSameProcess() {
    Path run = folder.resolve("run");
    try (DirectoryLock lock = DirectoryLock.acquire(run)) {
      assertThat(lock).isNotNull();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> DirectoryLock.acquire(run.resolve("../run")))
            .isInstanceOf(DirectoryInUse.class)
            .hasMessageEndingWith(": in use by another run of this process");
      }
    }
  }

  @Test
  void aRefusedSecondHolderHereDoesNotLetOtherProcessesIn() throws Exception {
    try (DirectoryLock lock = DirectoryLock.acquire(folder)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> DirectoryLock.acquire(folder)).isInstanceOf(DirectoryInUse.class);
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  SavingProcess.class.getName(),
                  folder.toString(),
                  "1",
                  "1")
              .start();
      String errors = new String(other.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor()).isNotZero();
      assertThat(errors)
          .contains("in use by another process (" + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void isFreeAgainOnceClosed() {
    DirectoryLock first = DirectoryLock.acquire(folder);
    first.close();
    try (DirectoryLock second = DirectoryLock.acquire(folder)) {
      first.close();
      assertThatThrownBy(() -> DirectoryLock.acquire(folder)).isInstanceOf(DirectoryInUse.class);
      assertThat(second).isNotNull();
    }
  }

  @Test
  void aFileLeftByAKilledProcessIsNoObstacle() throws Exception {
    Files.writeString(folder.resolve(DirectoryLock.FILE), "999999999999\n");
    try (DirectoryLock lock = DirectoryLock.acquire(folder)) {
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void namesADirectoryThatCannotBe() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> DirectoryLock.acquire(file.resolve("run")))
        .hasMessageContaining("file/run/lock: cannot be written; ");
  }
}
