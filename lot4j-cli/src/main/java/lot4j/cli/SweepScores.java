package lot4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import lot4j.config.ValueList;
import lot4j.report.FinalResult;
import lot4j.report.Metric;
import lot4j.report.RunDirectory;
import lot4j.report.Status;
import lot4j.report.SweepAxis;
import lot4j.report.SweepResult;
import lot4j.report.SweepRung;
import lot4j.report.SweepScore;
import lot4j.report.SweepTrial;
import lot4j.report.SweepWinner;
import lot4j.sweep.Axis;
import lot4j.sweep.Halving;
import lot4j.sweep.SweepRequest;
import lot4j.train.Plan;
import lot4j.train.Primary;
import lot4j.train.RunSession;
import lot4j.train.Split;

/**
 * Reads a sweep's runs and puts their scores together. The test split of a run is read for the
 * chosen trial alone, unless nothing is chosen at all and there is no other split.
 */
final class SweepScores {
  private static final String LEARNER = "teacher";
  private static final com.fasterxml.jackson.databind.ObjectMapper JSON =
      new com.fasterxml.jackson.databind.ObjectMapper();

  private final SweepRequest request;
  private final SweepTrials trials;
  private final SweepWork work;
  private final Path directory;
  private final String data;
  private final Primary primary;
  private final Map<Path, FinalResult> finished = new HashMap<>();

  SweepScores(
      SweepRequest request,
      SweepTrials trials,
      SweepWork work,
      Path directory,
      String data,
      Primary primary) {
    this.request = request;
    this.trials = trials;
    this.work = work;
    this.directory = directory;
    this.data = data;
    this.primary = primary;
  }

  /** The trials of a round: all in the first, later those that the round before sends on. */
  List<String> members(int rung) {
    List<String> members = List.copyOf(trials.points().keySet());
    for (int before = 0; before < rung; before++) {
      members = promoted(before, members);
    }
    return members;
  }

  private List<String> promoted(int rung, List<String> members) {
    int keep = trials.halving().rungs().get(rung + 1).points();
    return Halving.promoted(means(rung, members), keep, primary.higherIsBetter());
  }

  private Map<String, OptionalDouble> means(int rung, List<String> members) {
    Map<String, OptionalDouble> means = new LinkedHashMap<>();
    // In the order of the design, which is the order of equal scores.
    trials.points().keySet().stream()
        .filter(members::contains)
        .forEach(id -> means.put(id, own(rung, id, work.split()).mean()));
    return means;
  }

  /**
   * The whole sweep as it stands.
   *
   * @param reached rounds that have begun
   * @param status of the sweep; a winner is chosen when it is done or a run failed
   */
  SweepResult result(int reached, String status) {
    List<SweepRung> rungs = new ArrayList<>();
    Map<String, Integer> last = new LinkedHashMap<>();
    trials.points().keySet().forEach(id -> last.put(id, 0));
    int all = trials.halving().rungs().size();
    for (int rung = 0; rung < all; rung++) {
      boolean begun = rung < reached;
      List<String> members = begun ? members(rung) : List.of();
      int number = rung;
      members.forEach(id -> last.put(id, number));
      rungs.add(
          new SweepRung(
              trials.unit().key(),
              trials.halving().rungs().get(rung).budget(),
              means(rung, members),
              rung + 1 < reached ? promoted(rung, members) : List.of()));
    }
    List<SweepTrial> found = new ArrayList<>();
    trials
        .points()
        .forEach(
            (id, point) -> {
              Map<String, com.fasterxml.jackson.databind.JsonNode> values = new LinkedHashMap<>();
              point
                  .values()
                  .forEach((key, v) -> values.put(key, JSON.valueToTree(ValueList.plain(v))));
              int rung = last.get(id);
              found.add(
                  new SweepTrial(
                      id,
                      values,
                      rung,
                      own(rung, id, work.split()),
                      baselines(rung, id, work.split())));
            });
    SweepResult result = result(status, rungs, found, Optional.empty());
    boolean ended = reached == all && (status.equals("done") || status.equals("failed"));
    return ended && request.select() ? result(status, rungs, found, winner(result)) : result;
  }

  private SweepResult result(
      String status, List<SweepRung> rungs, List<SweepTrial> found, Optional<SweepWinner> winner) {
    List<SweepAxis> axes = new ArrayList<>();
    for (Axis axis : trials.design().axes()) {
      List<com.fasterxml.jackson.databind.JsonNode> values = new ArrayList<>();
      axis.values().forEach(value -> values.add(JSON.valueToTree(ValueList.plain(value))));
      axes.add(new SweepAxis(axis.key(), axis.text(), values));
    }
    String label = work.rungs().get(0).values().iterator().next().scored().label();
    return new SweepResult(
        trials.name(),
        data,
        label,
        status,
        axes,
        trials.design().size(),
        request.random().isPresent() ? OptionalLong.of(request.seed()) : OptionalLong.empty(),
        request.eta().map(OptionalLong::of).orElse(OptionalLong.empty()),
        trials.seeds(),
        new Metric(primary.name(), work.split().key(), primary.higherIsBetter()),
        request.select(),
        rungs,
        found,
        work.runs().size(),
        winner);
  }

  private Optional<SweepWinner> winner(SweepResult result) {
    int last = trials.halving().rungs().size() - 1;
    return result.ranked().stream()
        .findFirst()
        .filter(trial -> trial.rung() == last && trial.score().mean().isPresent())
        .map(
            trial ->
                new SweepWinner(
                    trial.id(),
                    new Metric(primary.name(), Split.TEST.key(), primary.higherIsBetter()),
                    own(last, trial.id(), Split.TEST),
                    baselines(last, trial.id(), Split.TEST)));
  }

  private SweepScore own(int rung, String id, Split split) {
    SweepWork.Cell cell = work.rungs().get(rung).get(id);
    return score(cell, cell.scored(), split);
  }

  private List<SweepScore> baselines(int rung, String id, Split split) {
    SweepWork.Cell cell = work.rungs().get(rung).get(id);
    return cell.baselines().stream().map(planned -> score(cell, planned, split)).toList();
  }

  private SweepScore score(SweepWork.Cell cell, Plan.Planned planned, Split split) {
    Map<Long, OptionalDouble> values = new LinkedHashMap<>();
    Map<Long, String> runs = new LinkedHashMap<>();
    List<String> statuses = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    cell.directories()
        .get(planned.label())
        .forEach(
            (seed, path) -> {
              runs.put(seed, directory.relativize(path).toString().replace('\\', '/'));
              Optional<FinalResult> result = finished(path);
              values.put(
                  seed, result.map(r -> r.of(split.key(), LEARNER)).orElse(OptionalDouble.empty()));
              result.ifPresent(r -> r.wallSeconds().ifPresent(seconds::add));
              statuses.add(
                  result.isPresent()
                      ? Status.DONE.word()
                      : RunSession.isRun(path) ? RunSession.status(path) : "planned");
            });
    return new SweepScore(
        planned.label(),
        together(statuses),
        values,
        OptionalDouble.of(planned.flops()),
        seconds.stream().mapToDouble(Double::doubleValue).average(),
        runs);
  }

  private Optional<FinalResult> finished(Path run) {
    if (!finished.containsKey(run)
        && RunSession.isRun(run)
        && RunSession.status(run).equals(Status.DONE.word())) {
      RunDirectory.read(run).result().ifPresent(result -> finished.put(run, result));
    }
    return Optional.ofNullable(finished.get(run));
  }

  /** Of several runs: what is worst; some begun and some not are running. */
  private static String together(List<String> statuses) {
    for (Status status : List.of(Status.FAILED, Status.DIVERGED, Status.INTERRUPTED)) {
      if (statuses.contains(status.word())) {
        return status.word();
      }
    }
    return statuses.stream().distinct().count() == 1 ? statuses.get(0) : Status.RUNNING.word();
  }
}
