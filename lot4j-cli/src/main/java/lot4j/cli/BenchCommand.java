package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.bench.Benchmark;
import lot4j.bench.Benchmarks;
import lot4j.bench.Child;
import lot4j.bench.Findings;
import lot4j.bench.Machine;
import lot4j.bench.Settings;
import lot4j.config.NearestName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Speed and memory on this machine. */
@Command(
    name = "bench",
    description = "Measures speed and memory on this machine; nothing else should run meanwhile.")
final class BenchCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which benchmarks; default all.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--list", description = "Lists the benchmarks.")
  private boolean list;

  @Option(names = "--json", description = "Prints JSON to standard output.")
  private boolean json;

  @Option(names = "--rounds", paramLabel = "N", description = "Recorded rounds of all variants.")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "Seconds of each variant in each round; default 3.")
  private double seconds;

  @Option(names = "--batch", paramLabel = "N", description = "Images, or columns of text, a step.")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Numbers of threads to measure with, e.g. 1,2.")
  private List<Integer> threads = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of every workload, e.g. another network; repeatable.")
  private List<String> set = new ArrayList<>();

  @Option(names = "--serve", hidden = true, description = "Works for a measuring process.")
  private boolean serve;

  @Mixin private DataOptions data = new DataOptions();

  @Override
  public Integer call() {
    Settings settings = new Settings(rounds, seconds, batch, threads, set, home());
    if (serve) {
      Child.serve(
          names,
          threads.get(0),
          set,
          data.directory(),
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
          new PrintStream(System.out, true, StandardCharsets.UTF_8),
          System.err);
      return Exit.DONE;
    }
    if (list) {
      Benchmarks.all()
          .forEach(
              each -> main.console().result(String.format("%-24s %s", each.name(), each.about())));
      return Exit.DONE;
    }
    measure(chosen(), settings);
    return Exit.DONE;
  }

  private void measure(List<Benchmark> chosen, Settings settings) {
    ObjectNode document = new ObjectMapper().createObjectNode();
    ObjectNode machine = document.putObject("machine");
    Machine.facts().forEach(machine::put);
    if (!json) {
      Machine.facts().forEach((name, fact) -> main.console().result(name + ": " + fact));
    }
    var found = document.putArray("benchmarks");
    for (Benchmark each : chosen) {
      Findings findings =
          each.run(settings, words -> main.console().note(each.name() + ": " + words));
      found.add(findings.json());
      if (!json) {
        main.console().result("\n" + findings.table());
      }
    }
    if (json) {
      main.console().result(document.toPrettyString());
    }
  }

  private List<Benchmark> chosen() {
    if (names.isEmpty()) {
      return Benchmarks.all();
    }
    return names.stream().map(BenchCommand::named).toList();
  }

  private static Benchmark named(String name) {
    List<String> all = Benchmarks.all().stream().map(Benchmark::name).toList();
    return Benchmarks.named(name)
        .orElseThrow(
            () ->
                new UsageException(
                    name
                        + ": no such benchmark"
                        + NearestName.to(name, all)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("")
                        + "; 'lot bench --list' lists them"));
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("lot.home")).map(Path::of);
  }
}
