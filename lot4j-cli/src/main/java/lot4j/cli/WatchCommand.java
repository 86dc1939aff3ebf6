package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import lot4j.report.ReportException;
import lot4j.watch.Watch;
import lot4j.watch.WatchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import sun.misc.Signal;

/** The live page. */
@Command(
    name = "watch",
    description = {
      "A live page in the browser of this machine, for anything running or finished.",
      "Prints its address; Ctrl-C ends it. Nothing is written."
    })
final class WatchCommand implements Callable<Integer> {
  private static final int HIGHEST_PORT = 65_535;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "DIR",
      description = "A run, a comparison, a sweep, or a folder that holds any number of them.")
  private Path directory;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "The port on 127.0.0.1; 0: any. Default 8765, or any if that is taken.")
  private Optional<Integer> port = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    port.filter(asked -> asked < 0 || asked > HIGHEST_PORT)
        .ifPresent(
            asked -> {
              throw new UsageException("--port " + asked + " is not allowed; 0 to " + HIGHEST_PORT);
            });
    if (!Files.isDirectory(directory)) {
      throw new ReportException(
          directory, Files.exists(directory) ? "not a directory" : "no such directory");
    }
    // The server says what it does at every start and end, and what this command says itself.
    System.setProperty("org.slf4j.simpleLogger.log.org.eclipse.jetty", "error");
    System.setProperty("org.slf4j.simpleLogger.log.io.javalin", "off");
    CountDownLatch ended = new CountDownLatch(1);
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(new Signal(name), signal -> ended.countDown());
    }
    try (Watch watch = Watch.of(directory, port.map(OptionalInt::of).orElse(OptionalInt.empty()))) {
      main.console().result(watch.address().toString());
      ended.await();
    } catch (WatchException e) {
      throw new UsageException(e.getMessage());
    }
    // The only way to end it; a script that is stopped here must not go on as if nothing happened.
    return Exit.INTERRUPTED;
  }
}
