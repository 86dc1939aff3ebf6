package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnProgramTest {
  @Test
  void argumentsAreQuotedAbsoluteAndWithoutSecrets() {
    String file =
        OwnProgram.arguments(
            List.of("-Xmx1g", "-Dproxy.Password=x", "-agentlib:jdwp=x", "-Da=b \"c\" \\d"),
            "a b.jar" + File.pathSeparator + "c");

    String here = Path.of("").toAbsolutePath().toString();
    assertThat(file)
        .isEqualTo(
            """
            "-Xmx1g"
            "-Da=b \\"c\\" \\\\d"
            "-Dlot.terminal=false"
            "-cp"
            "%s/a b.jar:%s/c"
            """
                .formatted(here, here));
  }

  @Test
  void itIsStartedAgainWithItsOwnClassesAndFurtherFlags() {
    List<String> command = OwnProgram.command("-Dmore=1");
    assertThat(Path.of(command.get(0))).isExecutable();
    assertThat(command)
        .endsWith("-Dmore=1", "-cp", System.getProperty("java.class.path"), "lot4j.cli.Main")
        .noneMatch(flag -> flag.startsWith("-javaagent") || flag.startsWith("-agentlib"));
  }

  @Test
  void onlyVariablesOfTheEngineArePassedOn() {
    assertThat(OwnProgram.variables().keySet())
        .allMatch(name -> name.matches("(MALLOC|GLIBC|OPENBLAS|OMP|MKL|DNNL|ONEDNN|ATEN)_.*"));
  }
}
