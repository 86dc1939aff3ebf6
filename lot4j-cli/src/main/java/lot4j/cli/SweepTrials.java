package lot4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.config.Budget;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ExperimentConfig;
import lot4j.config.Problem;
import lot4j.config.RunConfig;
import lot4j.sweep.Design;
import lot4j.sweep.Halving;
import lot4j.sweep.Point;
import lot4j.sweep.SweepRequest;

/**
 * The configurations of a sweep, all read and checked.
 *
 * @param name of the configuration
 * @param design the keys and points
 * @param unit of the budget
 * @param halving the rounds
 * @param points by id, in the order of the design
 * @param experiments for each round, each point's comparison
 * @param notes what a user should know, one line each
 */
record SweepTrials(
    String name,
    Design design,
    Budget.Unit unit,
    Halving halving,
    Map<String, Point> points,
    List<Map<String, ExperimentConfig>> experiments,
    List<String> notes) {
  /** How many points a message names. */
  private static final int NAMED = 1;

  /**
   * Reads every point's configuration.
   *
   * @throws ConfigError with everything that is wrong with any of them
   */
  static SweepTrials read(SweepRequest request, Catalog catalog) {
    Design design = request.design();
    List<Point> all = design.points();
    Map<String, Point> points = new LinkedHashMap<>();
    int digits = Integer.toString(all.size() - 1).length();
    for (int i = 0; i < all.size(); i++) {
      points.put(String.format(java.util.Locale.ROOT, "t%0" + digits + "d", i), all.get(i));
    }
    ConfigReader reader = new ConfigReader(catalog);
    Map<String, ExperimentConfig> whole = experiments(request, reader, points, request.overrides());
    RunConfig first = whole.values().iterator().next().base();
    ConfigOptions.available(first);
    Budget budget = whole.values().iterator().next().methods().get(0).config().budget();
    Halving halving = Halving.none(budget, points.size());
    List<Map<String, ExperimentConfig>> rungs = new ArrayList<>();
    if (request.eta().isPresent()) {
      refuseBudgets(design);
      halving = Halving.of(budget, points.size(), request.eta().get());
      for (Halving.Rung rung : halving.rungs().subList(0, halving.rungs().size() - 1)) {
        List<String> overrides = new ArrayList<>(request.overrides());
        overrides.add("budget." + budget.unit().key() + "=" + Halving.plain(rung.budget()));
        rungs.add(experiments(request, reader, points, overrides));
      }
    }
    rungs.add(whole);
    Set<String> notes = new LinkedHashSet<>();
    whole.values().forEach(experiment -> notes.addAll(experiment.notes()));
    return new SweepTrials(
        first.name(), design, budget.unit(), halving, points, rungs, List.copyOf(notes));
  }

  List<Long> seeds() {
    return experiments.get(0).values().iterator().next().seeds();
  }

  /** Threads of each run. */
  int threads() {
    return experiments.get(0).values().iterator().next().base().execution().threads().orElse(1);
  }

  /** A round's budget in words. */
  String budget(int rung) {
    return Halving.plain(halving.rungs().get(rung).budget()) + " " + unit.key();
  }

  private static void refuseBudgets(Design design) {
    for (var axis : design.axes()) {
      if (axis.key().split("\\.", 2)[0].equals("budget")) {
        throw new ConfigError(
            "--grid " + axis.key() + "=" + axis.text(),
            "not allowed with --halving, which gives out the budget itself");
      }
    }
  }

  private static Map<String, ExperimentConfig> experiments(
      SweepRequest request,
      ConfigReader reader,
      Map<String, Point> points,
      List<String> overrides) {
    Map<String, ExperimentConfig> read = new LinkedHashMap<>();
    Map<Problem, List<Point>> problems = new LinkedHashMap<>();
    ConfigSource source = request.source();
    points.forEach(
        (id, point) -> {
          try {
            read.put(id, reader.readPoint(source, overrides, request.methods(), point.values()));
          } catch (ConfigError e) {
            e.problems()
                .forEach(p -> problems.computeIfAbsent(p, any -> new ArrayList<>()).add(point));
          }
        });
    if (!problems.isEmpty()) {
      List<Problem> all = new ArrayList<>();
      problems.forEach((problem, where) -> all.add(named(problem, where, points.size())));
      throw new ConfigError(all);
    }
    return read;
  }

  /** A problem of some points names them; one of all, or of a value by itself, does not have to. */
  private static Problem named(Problem problem, List<Point> where, int all) {
    if (where.size() == all) {
      return problem;
    }
    String more = where.size() > NAMED ? " and " + (where.size() - NAMED) + " more" : "";
    return new Problem(problem.where(), problem.text() + "; at the point " + where.get(0) + more);
  }
}
