package lot4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.DirectoryInUse;
import lot4j.config.ConfigError;
import lot4j.config.NearestName;
import lot4j.report.ReportException;
import lot4j.train.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code lot} command. */
@Command(
    name = "lot",
    mixinStandardHelpOptions = false,
    versionProvider = Version.class,
    synopsisHeading = "Usage: ",
    description = "Learning from Teaching: a teacher that students can imitate generalizes better.",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = "%n'lot COMMAND --help' explains a command; 'lot compare digits' is a good start.")
public final class Main implements Runnable {
  /** Flags that may stand before a command; none of them takes a value. */
  private static final Set<String> BEFORE = Set.of("--quiet", "--verbose", "--no-color");

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Only results, warnings and errors.")
  private boolean quiet;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Also where an error came from.")
  private boolean verbose;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours.")
  private boolean noColor;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "This help.")
  private boolean help;

  @Option(
      names = "--version",
      versionHelp = true,
      description = "Versions of lot4j and libtorch, device, threads.")
  private boolean version;

  @Spec private CommandSpec spec;

  private Optional<Console> console = Optional.empty();
  private Optional<Partners> partners = Optional.empty();

  Main() {}

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] args) {
    // Numbers and letters are the same wherever the reader lives: files are for everybody.
    Locale.setDefault(Locale.ROOT);
    // Pictures are drawn into memory; a display that cannot be reached is no reason to fail.
    System.setProperty("java.awt.headless", "true");
    Stop.beforeAnythingStarts();
    StandardOutput output = StandardOutput.install();
    int code = run(args);
    System.out.flush();
    Optional<String> lost = output.lost();
    lost.ifPresent(
        reason -> System.err.println("lot: standard output cannot be written; " + reason));
    System.exit(code == Exit.DONE && lost.isPresent() ? Exit.FAILED : code);
  }

  static int run(String... args) {
    if (args.length == 1 && args[0].equals("--version")) { // soonest without reading any option
      new PrintStream(System.out, true, StandardCharsets.UTF_8)
          .println(String.join(System.lineSeparator(), new Version().getVersion()));
      return Exit.DONE;
    }
    Main main = new Main();
    boolean colour =
        Boolean.getBoolean("lot.terminal")
            && System.getenv("NO_COLOR") == null
            && !java.util.Arrays.asList(args).contains("--no-color");
    CommandLine line =
        line(main, args)
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(
                    colour ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
            .setUsageHelpWidth(100)
            .setParameterExceptionHandler((e, ignored) -> main.usage(e))
            .setExecutionExceptionHandler((e, command, result) -> main.failed(e));
    return withinMemory(() -> line.execute(args));
  }

  /** Runs a command; where Java's memory does not suffice, that is said in one line. */
  static int withinMemory(IntSupplier command) {
    try {
      return command.getAsInt();
    } catch (OutOfMemoryError e) { // what was asked for is much more than this needs
      System.err.println(
          "lot: Java's memory is full ("
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB); LOT_JAVA_OPTS=-Xmx8g allows it more, a smaller batch-size, eval-batch-size or"
              + " task.size needs less");
      return Exit.FAILED;
    }
  }

  /**
   * The command line with its commands. Where the arguments name one, it has that one alone: to
   * read the options of all of them takes longer than everything else that happens before work.
   */
  static CommandLine line(Main main, String... args) {
    CommandLine line = new CommandLine(main);
    Map<String, Supplier<Object>> commands = commands();
    Optional<String> named =
        Stream.of(args).dropWhile(BEFORE::contains).findFirst().filter(commands::containsKey);
    commands.forEach(
        (name, command) -> {
          if (named.isEmpty() || named.get().equals(name)) {
            line.addSubcommand(name, command.get());
          }
        });
    // What is launched has options of its own.
    Optional.ofNullable(line.getSubcommands().get("launch"))
        .ifPresent(launch -> launch.setStopAtPositional(true));
    // Of the commands, too: added before. A prompt or a path may begin with @.
    return line.setCaseInsensitiveEnumValuesAllowed(true).setExpandAtFiles(false);
  }

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("compare", CompareCommand::new);
    commands.put("train", TrainCommand::new);
    commands.put("resume", ResumeCommand::new);
    commands.put("plan", PlanCommand::new);
    commands.put("sweep", SweepCommand::new);
    commands.put("eval", EvalCommand::new);
    commands.put("predict", PredictCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("probe", ProbeCommand::new);
    commands.put("report", ReportCommand::new);
    commands.put("watch", WatchCommand::new);
    commands.put("data", DataCommand::new);
    commands.put("zoo", ZooCommand::new);
    commands.put("presets", PresetsCommand::new);
    commands.put("conformance", ConformanceCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("bench", BenchCommand::new);
    commands.put("launch", LaunchCommand::new);
    commands.put("worker", WorkerCommand::new);
    commands.put("rehearse", RehearseCommand::new);
    return commands;
  }

  Console console() {
    if (console.isEmpty()) {
      console =
          Optional.of(
              new Console(
                  new PrintStream(System.out, true, StandardCharsets.UTF_8),
                  new PrintStream(System.err, true, StandardCharsets.UTF_8),
                  quiet,
                  verbose,
                  Boolean.getBoolean("lot.terminal")));
    }
    return console.get();
  }

  /** What concerns every command, as it was given. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    if (quiet) {
      flags.add("--quiet");
    }
    if (verbose) {
      flags.add("--verbose");
    }
    if (noColor) {
      flags.add("--no-color");
    }
    return flags;
  }

  /** The processes that train together with this one, as the environment names them. */
  Partners partners() {
    if (partners.isEmpty()) {
      partners = Optional.of(Partners.named(console()));
    }
    return partners.get();
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  /** Whether rank 0, which has the same command line, says the same thing. */
  private boolean echoes() {
    return Partners.follows() && partners.map(Partners::unmet).orElse(true);
  }

  private int usage(CommandLine.ParameterException wrong) {
    if (echoes()) {
      return Exit.USAGE;
    }
    console().error(message(wrong));
    console()
        .error(
            "'"
                + wrong.getCommandLine().getCommandSpec().qualifiedName()
                + " --help' shows what is allowed");
    return Exit.USAGE;
  }

  private static String message(CommandLine.ParameterException wrong) {
    if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      boolean option = first.startsWith("-");
      Set<String> names =
          option
              ? wrong.getCommandLine().getCommandSpec().optionsMap().keySet()
              : wrong.getCommandLine().getSubcommands().keySet();
      String near =
          NearestName.to(first, names).map(name -> "; did you mean '" + name + "'?").orElse("");
      boolean command = !option && !names.isEmpty();
      return first
          + (option
              ? ": no such option"
              : command ? ": no such command" : ": one argument too many")
          + near;
    }
    return wrong.getMessage();
  }

  private int failed(Exception failure) {
    boolean silent = leftToRankZero(failure);
    int code = silent ? Exit.USAGE : said(failure);
    partners.ifPresent(
        others ->
            others.failed(code, Optional.ofNullable(failure.getMessage()).orElse(""), !silent));
    return code;
  }

  /** Once they have met, all ranks have the same configuration: rank 0 speaks for them. */
  private boolean leftToRankZero(Exception failure) {
    boolean wrong = failure instanceof ConfigError || failure instanceof UsageException;
    return wrong && echoes() || failure instanceof ConfigError && Partners.follows();
  }

  private int said(Exception failure) {
    if (failure instanceof ConfigError config) {
      config.problems().forEach(problem -> console().error(problem.toString()));
      return Exit.USAGE;
    }
    if (failure instanceof UsageException || failure instanceof DirectoryInUse) {
      console().error(failure.getMessage());
      return Exit.USAGE;
    }
    console().failure(failure);
    boolean data =
        failure instanceof DataException
            || failure instanceof CheckpointException
            || failure instanceof ReportException;
    return data ? Exit.DATA : Exit.FAILED;
  }
}
