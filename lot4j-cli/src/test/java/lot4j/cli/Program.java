package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The real program in a process of its own, with the launcher's flags and one thread; or, where a
 * test asks for that, commands {@link #together} in one process, since to start costs more than
 * most commands do.
 */
final class Program implements AutoCloseable {
  private static final long HANGS_SECONDS = 600;
  private static final List<String> FLAGS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
          "-Dorg.bytedeco.javacpp.logger=slf4j",
          "-Dorg.slf4j.simpleLogger.log.org.bytedeco=error",
          "-Dorg.slf4j.simpleLogger.log.ai.djl=error",
          "-Dlot.terminal=false");

  private static final String JAVA =
      System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";

  private final Path directory;
  private final List<String> before;
  private final Optional<Path> input;
  private final Map<String, String> environment;
  private final Optional<Together> together;

  private Program(
      Path directory,
      List<String> before,
      Optional<Path> input,
      Map<String, String> environment,
      Optional<Together> together) {
    this.directory = directory;
    this.before = before;
    this.input = input;
    this.environment = environment;
    this.together = together;
  }

  /** Made once for all programs that this process starts. */
  private static final class Start {
    private static final String CLASS_PATH = QuickStart.classPath();
    private static final List<String> FLAGS =
        Stream.concat(Program.FLAGS.stream(), QuickStart.flags(JAVA, Program.FLAGS).stream())
            .toList();
  }

  /** The program with {@code directory} as its current one. */
  static Program in(Path directory) {
    return new Program(directory, List.of(), Optional.empty(), Map.of(), Optional.empty());
  }

  /**
   * The same with a process in which all commands that are {@link #run} run one after another,
   * until it is closed; what is {@link #start}ed, has variables or limits of its own still has a
   * process of its own.
   */
  Program together() throws IOException {
    ProcessBuilder builder = process("lot4j.cli.Commands", List.of());
    return new Program(directory, before, input, environment, Optional.of(new Together(builder)));
  }

  /** The same, no file of which may grow beyond {@code kibibytes}: a disk that is full. */
  Program withFilesUpTo(int kibibytes) {
    return through("ulimit -f " + kibibytes + "; exec \"$0\" \"$@\"");
  }

  /** The same started by a line of the shell, to which it is {@code "$0" "$@"}. */
  Program through(String line) {
    return new Program(
        directory, List.of("bash", "-c", line), input, environment, Optional.empty());
  }

  /** The same with a file for its standard input. */
  Program reading(Path file) {
    return new Program(directory, before, Optional.of(file), environment, together);
  }

  /** The same with variables of the environment; LOT_CLASSPATH as the launcher takes it. */
  Program with(Map<String, String> variables) {
    return new Program(directory, before, input, Map.copyOf(variables), Optional.empty());
  }

  /** How a process ended and what it said. */
  record Ended(int code, String out, String err) {
    /** Checks the exit code; a wrong one is shown with what was said. */
    Ended with(int expected) {
      assertThat(code).as("exit code; stdout:%n%s%nstderr:%n%s", out, err).isEqualTo(expected);
      return this;
    }

    /** Checks that nothing went to standard output and every line of the other begins so. */
    Ended refused(int expected) {
      with(expected);
      assertThat(out).isEmpty();
      assertThat(err).isNotEmpty();
      assertThat(err.lines()).allSatisfy(line -> assertThat(line).startsWith("lot: "));
      return this;
    }
  }

  /** Runs a command to its end. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    return together.isPresent()
        ? together.get().run(List.of(arguments), input, HANGS_SECONDS)
        : start(arguments).end();
  }

  /** Runs a command to its end with exit code 0. */
  Ended succeed(String... arguments) throws IOException, InterruptedException {
    return run(arguments).with(0);
  }

  /** Starts a command. */
  Running start(String... arguments) throws IOException {
    Path out = Files.createTempFile("lot-out", ".txt");
    Path err = Files.createTempFile("lot-err", ".txt");
    ProcessBuilder builder =
        process("lot4j.cli.Main", List.of(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    input.ifPresent(file -> builder.redirectInput(file.toFile()));
    return new Running(builder.start(), out, err);
  }

  private ProcessBuilder process(String main, List<String> arguments) {
    List<String> command = new ArrayList<>(before);
    command.add(JAVA);
    command.addAll(Start.FLAGS);
    command.add("-cp");
    String more = environment.getOrDefault("LOT_CLASSPATH", "");
    command.add(
        Start.CLASS_PATH + (more.isEmpty() ? "" : File.pathSeparator + directory.resolve(more)));
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "OMP_NUM_THREADS", "1",
                // Threads that wait give their core away: tests share the machine.
                "OMP_WAIT_POLICY", "passive",
                "OPENBLAS_NUM_THREADS", "1",
                "MALLOC_ARENA_MAX", "1",
                "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1",
                "LC_ALL", "C.UTF-8",
                // None that can be reached: nothing may depend on one.
                "DISPLAY", "localhost:99",
                "LOT_DATA", directory.resolve("no-data").toString()));
    builder.environment().putAll(environment);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  /** Ends the process in which commands ran together, if there is one. */
  @Override
  public void close() throws IOException {
    if (together.isPresent()) {
      together.get().close();
    }
  }

  /** A process under way. */
  record Running(Process process, Path out, Path err) {
    /** Waits for the end. */
    Ended end() throws IOException, InterruptedException {
      if (!process.waitFor(HANGS_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("the program hangs; it said:\n" + Files.readString(err));
      }
      Ended ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return ended;
    }

    /** Waits until something is so, or the process has ended. */
    void until(BooleanSupplier so) throws InterruptedException {
      while (process.isAlive() && !so.getAsBoolean()) {
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
    }

    /** SIGKILL. */
    Ended kill() throws IOException, InterruptedException {
      process.destroyForcibly();
      return end();
    }

    /** SIGTERM. */
    Ended terminate() throws IOException, InterruptedException {
      process.destroy();
      return end();
    }
  }
}
