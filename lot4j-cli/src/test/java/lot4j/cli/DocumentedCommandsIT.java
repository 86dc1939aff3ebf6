package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lot4j.cli.Documents.Command;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.preset.Presets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of the documents' {@code sh} blocks does what its page says: page by page, in
 * order, in one directory, by the real program, with two updates in place of the real budget and
 * made-up data in place of the reader's own. What cannot be run stands in {@link #NOT_RUN} with its
 * reason. {@code -Ddocuments.page=docs/sweeps.md} runs one page.
 */
@Tag("slow")
class DocumentedCommandsIT {
  /** Expressions for whole commands that are not run, and why. */
  private static final Map<String, String> NOT_RUN = notRun();

  private static Map<String, String> notRun() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("\\./lot data get .*", "fetches from the network; DataGetTest has a server");
    reasons.put(
        "\\./lot data check .*", "needs the official files; DataGetTest checks made-up ones");
    reasons.put("\\./lot watch .*", "serves until it is stopped; WatchTest");
    reasons.put("\\./lot .* --mlflow http.*", "needs an MLflow server; MlflowTest has a stand-in");
    reasons.put("\\./lot .*(ale:|\\.rom=|atari).*", "needs a game file of the user's");
    reasons.put("\\./lot report --results .*", "writes the repository's pages; ResultsPageTest");
    reasons.put(
        "\\./lot .*study-(cifar100|ptb)-full.*", "hours; PresetsIT makes two updates of each");
    reasons.put("\\./lot probe cifar100-probe-.*", "hours; ProbeCommandTest probes small runs");
    reasons.put("\\./lot bench.*", "a measurement; BenchCommandTest");
    reasons.put("\\./lot sweep .*--on slurm.*", "needs a cluster; SlurmIT starts one");
    reasons.put(
        "\\./lot (compare my-model.yaml|predict runs/tuned .*)",
        "needs published weights; InstructionRunsTest writes small ones");
    reasons.put(
        "\\./lot .*(digits-torchscript.yaml|runs/script).*",
        "needs a file of PyTorch's; TorchScriptRunTest writes one");
    return reasons;
  }

  /** Commands whose numbers are the point, small enough as they are. */
  private static final Set<String> AS_WRITTEN = Set.of("docs/statistics.md");

  private static final int EPISODES = 2;
  private static final String STAND_IN = "stand-in";

  private final Documents documents = Documents.here();

  @TempDir static Path directory;

  @BeforeAll
  static void makeDataUp() throws IOException {
    DocumentedWorld.dataSets(directory.resolve("data"));
    DocumentedWorld.jar(Documents.here(), directory);
  }

  /** A comparison that stands for those of which a page speaks without making them. */
  @BeforeAll
  static void makeAStandIn() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("compare", "digits", "--out", STAND_IN));
    for (String override : List.of("budget.updates=2", "eval-every=2", "seeds=[0]")) {
      set(command, override);
    }
    Program.in(directory).succeed(command.toArray(String[]::new));
  }

  private static void standIn(Path here, List<String> arguments) throws IOException {
    for (int i = 1; i < arguments.size(); i++) {
      String word = arguments.get(i);
      String before = arguments.get(i - 1);
      if (word.matches("runs/[\\w-]+(/.*)?") && !Set.of("--out", "--to").contains(before)) {
        Path run = here.resolve("runs").resolve(word.split("/")[1]);
        if (!Files.exists(run)) {
          copy(directory.resolve(STAND_IN), run);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(from.relativize(file)));
    }
  }

  static List<String> pages() {
    Documents documents = Documents.here();
    return documents.pages().stream()
        .filter(page -> System.getProperty("documents.page", page).equals(page))
        .filter(page -> documents.commands(page).stream().anyMatch(c -> reason(c).isEmpty()))
        .toList();
  }

  private static Optional<String> reason(Command command) {
    return NOT_RUN.entrySet().stream()
        .filter(
            entry -> command.text().replaceFirst("^.* && (?=\\./lot)", "").matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  @Test
  void mostCommandsAreRun() {
    List<Command> all =
        documents.pages().stream().flatMap(p -> documents.commands(p).stream()).toList();
    long left = all.stream().filter(command -> reason(command).isPresent()).count();
    assertThat(all).hasSizeGreaterThan(40);
    assertThat(left).as("commands left out").isLessThan(all.size() / 3);
    assertThat(NOT_RUN.keySet())
        .as("reasons that are needed")
        .allSatisfy(
            expression ->
                assertThat(
                        documents.pages().stream()
                            .flatMap(
                                page ->
                                    Stream.concat(
                                        documents.commands(page).stream(),
                                        documents.quoted(page).stream())))
                    .anyMatch(command -> command.text().matches(expression)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsOfAPageWorkInOrder(String page) throws IOException, InterruptedException {
    Path here = Files.createDirectories(directory.resolve(page.replace('/', '-')));
    DocumentedWorld.files(documents, page, here);
    Files.copy(directory.resolve("mine.jar"), here.resolve("mine.jar"));
    Program program =
        Program.in(here).with(Map.of("LOT_DATA", directory.resolve("data").toString()));
    Program withJar =
        program.with(
            Map.of("LOT_DATA", directory.resolve("data").toString(), "LOT_CLASSPATH", "mine.jar"));
    for (Command command : documents.commands(page)) {
      if (reason(command).isEmpty()) {
        long start = System.nanoTime();
        List<String> arguments = scaled(here, command);
        standIn(here, arguments);
        Program.Ended ended =
            (command.jar() ? withJar : program).run(arguments.toArray(String[]::new));
        assertThat(ended.code())
            .as("%s: %s%nas %s%n%s%s", page, command.text(), arguments, ended.out(), ended.err())
            .isEqualTo(command.code());
        System.out.printf(
            "%.1f s %s: %s%n", (System.nanoTime() - start) / 1e9, page, command.text());
      }
    }
    everyMetricIsDocumented(here);
  }

  /** The command with a small budget, and what it names in capitals. */
  private List<String> scaled(Path here, Command command) {
    List<String> arguments = new ArrayList<>();
    for (String word : command.arguments()) {
      boolean data =
          !arguments.isEmpty() && arguments.get(arguments.size() - 1).equals("--data-dir");
      boolean episodes =
          !arguments.isEmpty() && arguments.get(arguments.size() - 1).equals("--episodes");
      arguments.add(data ? "../data" : episodes ? "" + EPISODES : word);
    }
    String what = arguments.get(0);
    boolean trains = Set.of("compare", "train", "plan", "sweep", "probe").contains(what);
    boolean pilot = arguments.contains("--pilot");
    if (!trains || pilot || AS_WRITTEN.contains(command.page())) {
      return arguments;
    }
    boolean ownData = arguments.get(1).equals("--data");
    Optional<ConfigSource> source = ownData ? Optional.empty() : source(here, arguments.get(1));
    if (source.isEmpty() && !ownData) { // a probe of finished runs
      arguments.addAll(List.of("--updates", "2", "--points", "1"));
      return arguments;
    }
    int updates = what.equals("sweep") ? 9 : 2;
    set(arguments, "budget.updates=" + updates);
    set(arguments, "eval-every=" + updates);
    set(arguments, "checkpoint.every=" + updates);
    if (what.equals("sweep")) {
      int seeds = arguments.indexOf("--seeds");
      if (seeds > 0) {
        arguments.set(seeds + 1, "0");
      }
    } else if (!arguments.contains("--seed")) {
      set(arguments, "seeds=[0]");
    }
    boolean unknown = ownData || command.jar() || arguments.contains("mine.yaml");
    String kind = unknown ? "" : kind(source.get());
    if (kind.equals("rl")) {
      set(arguments, "task.eval-episodes=1");
    } else if (!kind.isEmpty()) {
      set(arguments, "batch-size=16");
      if (!kind.equals("instructions")) {
        set(arguments, "task.allow-subset=true");
      }
      if (arguments.get(1).matches("(cifar|ptb).*")) {
        set(arguments, "task.train-examples=all"); // there is less than the preset takes
      }
    }
    if (!Set.of("train", "plan").contains(what) && !arguments.contains("--jobs")) {
      arguments.addAll(List.of("--jobs", "1"));
    }
    return arguments;
  }

  private static void set(List<String> arguments, String override) {
    arguments.addAll(List.of("--set", override));
  }

  private static Optional<ConfigSource> source(Path here, String name) {
    return name.endsWith(".yaml")
        ? Optional.of(ConfigSource.file(here.resolve(name)))
        : Presets.find(name);
  }

  private static String kind(ConfigSource source) {
    return new ConfigReader(Catalog.load()).read(source, List.of()).base().task().kind();
  }

  /** Every name in the metrics of the page's runs stands in the page of metrics. */
  private void everyMetricIsDocumented(Path here) throws IOException {
    Set<String> names = new TreeSet<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(here)) {
      files = all.filter(file -> file.endsWith("metrics.jsonl")).toList();
    }
    ObjectMapper json = new ObjectMapper();
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        JsonNode numbers = json.readTree(line);
        numbers
            .fieldNames()
            .forEachRemaining(name -> names.add(name.replaceAll("student\\d+", "student<i>")));
      }
    }
    String metrics = documents.text("docs/metrics.md");
    assertThat(names)
        .allSatisfy(
            name -> {
              String learner = name.contains("/") ? name.substring(0, name.indexOf('/') + 1) : "";
              String quantity = name.substring(learner.length());
              assertThat(metrics)
                  .containsPattern("[`/]" + java.util.regex.Pattern.quote(quantity) + "`");
            });
  }
}
