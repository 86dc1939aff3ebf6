package lot4j.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Does once, in one process, what commands do, so that the launcher learns which classes they load
 * (docs/implementation-details.md, Start-up). Results are thrown away by who asks for it.
 */
@Command(name = "rehearse", hidden = true, description = "Loads what most commands need.")
final class RehearseCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "A directory to work in, not there.")
  private Path directory = Path.of("");

  @Override
  public Integer call() {
    String run = directory.resolve("run").toString();
    String out = directory.resolve("report.html").toString();
    // Two updates with students: every evaluation, a checkpoint, a result.
    List<List<String>> commands =
        List.of(
            List.of("--version"),
            List.of("--help"),
            List.of("compare", "--help"),
            List.of("sweep", "--help"),
            List.of("plan", "digits", "--no-timing", "--json"),
            List.of("train", "digits", "--set", "budget.updates=2", "--out", run),
            List.of("eval", run),
            List.of("report", run, "--to", out));
    int worst = Exit.DONE;
    PrintStream shown = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      for (List<String> command : commands) {
        worst = Math.max(worst, Main.run(command.toArray(String[]::new)));
      }
    } finally {
      System.setOut(shown);
    }
    return worst;
  }
}
