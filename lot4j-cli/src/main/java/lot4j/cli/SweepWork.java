package lot4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.ConfigWriter;
import lot4j.config.ExperimentConfig;
import lot4j.config.Problem;
import lot4j.config.RunConfig;
import lot4j.sweep.Point;
import lot4j.sweep.SweepRequest;
import lot4j.train.DataException;
import lot4j.train.Devices;
import lot4j.train.Plan;
import lot4j.train.Prepared;
import lot4j.train.Split;

/**
 * All runs of a sweep, planned: what each computes and in which directory it lies. Runs of equal
 * configurations and seeds are one run, in the directory of the first point that asks for it.
 *
 * @param rungs for each round, each point's runs
 * @param runs by directory
 * @param split that is scored
 */
record SweepWork(List<Map<String, Cell>> rungs, Map<Path, Run> runs, Split split) {
  /**
   * One point in one round.
   *
   * @param scored the method that is ranked
   * @param baselines the others; none before the last round
   * @param directories by label, then seed
   */
  record Cell(
      Plan.Planned scored,
      List<Plan.Planned> baselines,
      Map<String, Map<Long, Path>> directories) {}

  /**
   * One run.
   *
   * @param label in its {@code run.json}
   * @param config complete
   * @param flops counted in advance
   * @param baseline whether it is no point's own
   */
  record Run(String label, RunConfig config, double flops, boolean baseline) {}

  /**
   * Plans everything.
   *
   * @param directory of the sweep
   * @param request what was asked for; to choose a winner takes a validation split
   * @throws ConfigError if a baseline has nothing to match
   * @throws DataException if data does not fit a point's configuration
   * @throws UsageException if there is nothing to select on
   */
  static SweepWork of(
      SweepTrials trials,
      SweepRequest request,
      Path directory,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    Directory places = new Directory(directory, new ConfigWriter(catalog), trials.seeds());
    List<Map<String, Cell>> rungs = new ArrayList<>();
    Split split = Split.VALID;
    int last = trials.experiments().size() - 1;
    for (int rung = 0; rung <= last; rung++) {
      Map<String, Cell> cells = new LinkedHashMap<>();
      for (Map.Entry<String, ExperimentConfig> each : trials.experiments().get(rung).entrySet()) {
        Point point = trials.points().get(each.getKey());
        Plan plan = planned(each.getValue(), point, data, catalog);
        Plan.Planned scored = scored(plan, request, catalog);
        if (!data.apply(scored.config()).splits().contains(Split.VALID)) {
          refuse(request.select(), data.apply(scored.config()).dataName());
          split = Split.TEST;
        }
        List<Plan.Planned> baselines =
            rung < last
                ? List.of()
                : plan.runs().stream().filter(run -> !run.equals(scored)).toList();
        String folder = each.getKey() + (last > 0 ? "-rung" + rung : "");
        int threads = each.getValue().base().execution().threads().orElse(1);
        cells.put(each.getKey(), places.cell(folder, scored, baselines, threads));
      }
      rungs.add(cells);
    }
    return new SweepWork(List.copyOf(rungs), places.runs, split);
  }

  private static void refuse(boolean select, String data) {
    if (select) {
      throw new UsageException(
          "sweep: "
              + data
              + " has no validation split, and nothing is ever selected on the test split;"
              + " task.validation, or --no-select for the response surface alone");
    }
  }

  private static Plan planned(
      ExperimentConfig experiment,
      Point point,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    try {
      return Plan.of(experiment, data, catalog);
    } catch (ConfigError e) {
      throw new ConfigError(
          e.problems().stream()
              .map(p -> new Problem(p.where(), p.text() + "; at the point " + point))
              .toList());
    } catch (DataException e) {
      throw new DataException(e.getMessage() + "; at the point " + point, e);
    }
  }

  /** The method that was named; of the configuration's own the first with students, no baseline. */
  private static Plan.Planned scored(Plan plan, SweepRequest request, Catalog catalog) {
    return plan.runs().stream()
        .filter(
            run ->
                !request.methods().isEmpty()
                    || run.matched().isEmpty() && catalog.method(run.config().method()).students())
        .findFirst()
        .orElse(plan.runs().get(0));
  }

  /** FLOPs of all runs, as far as it is known which there will be. */
  double flops(SweepTrials trials) {
    double flops = 0;
    for (int rung = 0; rung < rungs.size(); rung++) {
      double all = 0;
      long scored = 0;
      for (Cell cell : rungs.get(rung).values()) {
        all += cell.scored().flops();
        scored++;
      }
      flops += all / scored * trials.halving().rungs().get(rung).points() * trials.seeds().size();
    }
    return flops + runs.values().stream().filter(Run::baseline).mapToDouble(Run::flops).sum();
  }

  /** Gives every run its directory. */
  private static final class Directory {
    private final Path root;
    private final ConfigWriter writer;
    private final List<Long> seeds;
    private final Map<String, Path> byConfig = new HashMap<>();
    private final Map<String, Integer> distinct = new HashMap<>();
    private final Map<Path, Run> runs = new LinkedHashMap<>();

    Directory(Path root, ConfigWriter writer, List<Long> seeds) {
      this.root = root;
      this.writer = writer;
      this.seeds = seeds;
    }

    Cell cell(String folder, Plan.Planned scored, List<Plan.Planned> baselines, int threads) {
      Map<String, Map<Long, Path>> directories = new LinkedHashMap<>();
      directories.put(
          scored.label(), place(scored, root.resolve("trials").resolve(folder), threads, false));
      for (Plan.Planned baseline : baselines) {
        int number = distinct.getOrDefault(baseline.label(), 0);
        Path own = root.resolve("baselines").resolve(baseline.label() + "-" + number);
        int before = runs.size();
        directories.put(baseline.label(), place(baseline, own, threads, true));
        if (runs.size() > before) {
          distinct.put(baseline.label(), number + 1);
        }
      }
      return new Cell(scored, baselines, directories);
    }

    private Map<Long, Path> place(
        Plan.Planned planned, Path folder, int threads, boolean baseline) {
      Map<Long, Path> places = new LinkedHashMap<>();
      for (long seed : seeds) {
        RunConfig config =
            planned
                .config()
                .withSeed(seed)
                .withThreads(planned.config().execution().threads().orElse(threads))
                .withDevice(Devices.resolved(planned.config().execution().device()));
        Path path = folder.resolve("runs").resolve(planned.label() + "-seed" + seed);
        Path known = byConfig.putIfAbsent(writer.digest(config), path);
        if (known == null) {
          runs.put(path, new Run(planned.label(), config, planned.flops(), baseline));
        }
        places.put(seed, known == null ? path : known);
      }
      return places;
    }
  }
}
