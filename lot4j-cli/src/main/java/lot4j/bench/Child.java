package lot4j.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import lot4j.train.PeakMemory;

/**
 * A process of its own that works when it is told to. It says {@code ready} once it is; then, for
 * every line of seconds that it reads, it works so long and answers {@code <samples a second> <peak
 * bytes>}. It ends with its input.
 */
public final class Child implements AutoCloseable {
  private static final Pattern LAUNCHERS =
      Pattern.compile("MALLOC_.*|GLIBC_TUNABLES|OPENBLAS_THREAD_TIMEOUT");

  private final String what;
  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  private Child(String what, Process process) {
    this.what = what;
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * What a child answers with.
   *
   * @param rate samples a second
   * @param peakBytes its largest resident memory so far, 0 where unknown
   */
  record Answer(double rate, long peakBytes) {}

  /** A virtual machine like this one, at a workload. */
  static Child at(Workload workload, Path dataDirectory) {
    return at(workload, dataDirectory, Map.of());
  }

  /** The same with variables of the environment. */
  static Child at(Workload workload, Path dataDirectory, Map<String, String> environment) {
    List<String> command = new ArrayList<>(program());
    command.addAll(List.of("bench", "--serve", "--data-dir", dataDirectory.toString()));
    command.addAll(List.of("--threads", String.valueOf(workload.threads())));
    workload.set().forEach(each -> command.addAll(List.of("--set", each)));
    command.add(workload.base().key());
    return of(workload.name(), command, variables -> variables.putAll(environment));
  }

  /** Any program that keeps to the protocol. */
  static Child of(String what, List<String> command) {
    return of(what, command, variables -> {});
  }

  /** The same in the environment that {@code ./lot} was started in, as far as is known. */
  static Child byHand(String what, List<String> command) {
    return of(what, command, Child::withoutLaunchersVariables);
  }

  /** Takes away what {@code ./lot} sets for speed. */
  static void withoutLaunchersVariables(Map<String, String> environment) {
    environment.keySet().removeIf(name -> LAUNCHERS.matcher(name).matches());
  }

  private static Child of(
      String what, List<String> command, Consumer<Map<String, String>> environment) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      environment.accept(builder.environment());
      Process started = builder.start();
      Child child = new Child(what, started);
      try {
        String first = child.line();
        if (!first.equals("ready")) {
          throw new IllegalStateException(what + ": '" + first + "' instead of ready");
        }
        return child;
      } catch (RuntimeException e) { // whatever it is: the process must not outlive it
        child.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": cannot be started", e);
    }
  }

  /** This very program with the same flags. */
  static List<String> program() {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "lot4j.cli.Main"));
    return command;
  }

  void order(double seconds) {
    try {
      orders.write(seconds + "\n");
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": the process is gone", e);
    }
  }

  Answer answer() {
    String[] parts = line().split(" ");
    return new Answer(Double.parseDouble(parts[0]), Long.parseLong(parts[1]));
  }

  private String line() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException(what + ": the process ended without an answer");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": the process cannot be heard", e);
    }
  }

  /**
   * The child's side: works until the input ends.
   *
   * @param names the base of its work, or the benchmark that has work of its own
   * @param set what is changed in it
   * @param out where the answers go
   * @param aside where it may say more, for a person
   */
  public static void serve(
      List<String> names,
      int threads,
      List<String> set,
      Path dataDirectory,
      BufferedReader in,
      PrintStream out,
      PrintStream aside) {
    if (System.getenv(Ranked.VARIABLE) != null) {
      Workload workload = new Workload(Subject.of(names.get(0)), "served", threads, set);
      Ranked.serve(workload, dataDirectory, in, out, aside);
      return;
    }
    try (Variant work = served(names, threads, set, dataDirectory)) {
      out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        double rate = work.round(Double.parseDouble(line));
        out.println(String.format(Locale.ROOT, "%.6f %d", rate, PeakMemory.bytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bench: orders cannot be read", e);
    }
  }

  private static Variant served(
      List<String> names, int threads, List<String> set, Path dataDirectory) {
    if (names.contains(Vocabulary.NAME)) {
      return new VocabularyStep(threads, set);
    }
    if (names.contains(EnvironmentSteps.NAME)) {
      return new RandomPlay(set, threads);
    }
    return new Repeated(
        new Workload(Subject.of(names.get(0)), "served", threads, set), dataDirectory);
  }

  @Override
  public void close() {
    try {
      orders.close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
