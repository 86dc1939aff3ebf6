package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "compare",
        "train",
        "resume",
        "plan",
        "sweep",
        "probe",
        "eval",
        "predict",
        "export",
        "report",
        "watch",
        "data",
        "data list",
        "data get",
        "data check",
        "zoo",
        "presets",
        "conformance",
        "doctor",
        "bench",
        "launch"
      })
  void isAsKept(String command) throws IOException, InterruptedException {
    Program.Ended help = Program.in(directory).succeed((command + " --help").strip().split(" "));

    assertThat(help.err()).isEmpty();
    Golden.check(
        "help/" + (command.isEmpty() ? "lot" : command.replace(' ', '-')) + ".txt", help.out());
  }

  @Test
  void withoutACommandIsTheMainHelp() throws IOException, InterruptedException {
    Golden.check("help/lot.txt", Program.in(directory).succeed().out());
  }

  @Test
  void versionNamesProgramEngineDeviceAndThreads() throws IOException, InterruptedException {
    assertThat(Program.in(directory).succeed("--version").out().lines())
        .anyMatch(line -> line.matches("lot4j \\d+\\.\\d+.*"))
        .anyMatch(line -> line.matches("libtorch \\d+\\.\\d+.*"))
        .anyMatch(line -> line.matches("device (cpu|cuda.*)"))
        .anyMatch(line -> line.matches("threads \\d+"));
  }
}
