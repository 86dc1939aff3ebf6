package lot4j.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One run in two processes that PyTorch's own launcher starts, where it is installed. */
@Tag("slow")
class TorchrunIT {
  /** Debian's 1.13 falls over its own defaults of both under Python 3.11. */
  private static final String OUTPUT = " --redirects 2 --tee 2";

  @TempDir static Path directory;
  private static Program program;
  private static String python;

  @BeforeAll
  static void launch() throws IOException, InterruptedException {
    Optional<String> found =
        Stream.of("python3", "/usr/bin/python3").filter(TorchrunIT::hasIt).findFirst();
    assumeTrue(found.isPresent(), "no Python with PyTorch here: torchrun is untried");
    python = found.get();
    SmallRuns.write(directory, 10);
    program = Program.in(directory);
    program.succeed("launch", "--workers", "2", "--", "train", "small.yaml", "--out", "launched");
  }

  private static boolean hasIt(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch.distributed.run")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** {@code static}: the agent leaves the port to rank 0; {@code c10d}: it listens there itself. */
  @ParameterizedTest
  @ValueSource(strings = {"static", "c10d"})
  void itsProcessesMakeTheSameRun(String rendezvous) throws Exception {
    String where =
        rendezvous.equals("static")
            ? "--master_addr 127.0.0.1 --master_port " + freePort()
            : "--rdzv_backend c10d --rdzv_endpoint 127.0.0.1:" + freePort();
    program
        .through(
            "exec "
                + python
                + " -m torch.distributed.run --nproc_per_node 2 "
                + where
                + OUTPUT
                + " --no_python \"$0\" \"$@\"")
        .succeed("train", "small.yaml", "--out", rendezvous);

    new RunFolder(directory.resolve(rendezvous))
        .equalTo(new RunFolder(directory.resolve("launched")));
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}
