package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import lot4j.checkpoint.AtomicFile;
import lot4j.checkpoint.DirectoryLock;
import lot4j.config.Catalog;
import lot4j.report.SweepResult;
import lot4j.sweep.SweepRequest;
import lot4j.train.DivergedException;
import lot4j.train.Estimate;
import lot4j.train.Plan;
import lot4j.train.Prepared;
import lot4j.train.RunDraft;
import lot4j.train.RunSession;

/**
 * A sweep directory at work: plans its runs, has them trained round by round, writes the result.
 */
final class SweepRun {
  private static final long WRITTEN_EVERY_NANOS = 2_000_000_000L;

  private static final String UNTIMED = "the first point diverges";

  private final Console console;
  private final Catalog catalog;
  private final Path dataDirectory;
  private final Path directory;
  private final SweepPlace place;
  private final Stop stop;

  SweepRun(
      Console console,
      Catalog catalog,
      Path dataDirectory,
      Path directory,
      SweepPlace place,
      Stop stop) {
    this.console = console;
    this.catalog = catalog;
    this.dataDirectory = dataDirectory;
    this.directory = directory;
    this.place = place;
    this.stop = stop;
  }

  static boolean isSweep(Path directory) {
    return Files.isRegularFile(directory.resolve(SweepRequest.FILE));
  }

  /** Says what a sweep would cost; nothing is written, and data may be absent. */
  int plan(SweepRequest request, boolean json) {
    SweepTrials trials = SweepTrials.read(request, catalog);
    List<String> notes = new ArrayList<>(trials.notes());
    try (Inputs inputs = new Inputs(new RunSession(catalog, dataDirectory), notes::add)) {
      SweepWork work = SweepWork.of(trials, request, directory, inputs, catalog);
      notes.forEach(console::note);
      double seconds = seconds(trials, work, inputs);
      console.result(json, cost(trials, work) + time(trials, seconds));
      if (json) {
        ObjectNode document = new ObjectMapper().createObjectNode();
        document.put("name", trials.name());
        document.put("points", trials.points().size());
        document.put("seeds", trials.seeds().size());
        document.put("runs", count(trials, work));
        document.put("flops", work.flops(trials));
        if (Double.isFinite(seconds)) {
          document.put("estimated_seconds", seconds);
        } else {
          document.putNull("estimated_seconds").put("estimated_seconds_reason", UNTIMED);
        }
        console.result(document.toPrettyString());
      }
    }
    return Exit.DONE;
  }

  /** Checks everything, writes the directory, and trains. */
  int begin(SweepRequest request, SweepTrials trials, boolean force, boolean json)
      throws InterruptedException {
    RunSession session = new RunSession(catalog, dataDirectory);
    try (Inputs inputs = new Inputs(session)) {
      SweepWork work = SweepWork.of(trials, request, directory, inputs, catalog);
      place.check(
          directory, trials.name(), (int) count(trials, work), threads(work, work.runs().keySet()));
      Directories.clear(directory, force);
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(directory + ": cannot be made: " + e.getMessage(), e);
      }
      try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
        trials.notes().forEach(console::note);
        AtomicFile.write(directory.resolve(SweepRequest.FILE), request.json());
        ComparisonRun.recordData(directory, dataDirectory);
        console.note(
            cost(trials, work) + time(trials, seconds(trials, work, inputs)) + "; " + directory);
        return train(request, trials, work, session, inputs, json);
      }
    }
  }

  /**
   * Goes on with what is there; finished runs are kept.
   *
   * @param request what was asked for, perhaps with another place
   */
  int resume(SweepRequest request, boolean json) throws InterruptedException {
    SweepTrials trials = SweepTrials.read(request, catalog);
    RunSession session = new RunSession(catalog, dataDirectory);
    try (DirectoryLock lock = DirectoryLock.acquire(directory);
        Inputs inputs = new Inputs(session)) {
      SweepWork work = SweepWork.of(trials, request, directory, inputs, catalog);
      if (!request.equals(SweepRequest.read(directory))) {
        AtomicFile.write(directory.resolve(SweepRequest.FILE), request.json());
      }
      return train(request, trials, work, session, inputs, json);
    }
  }

  private int train(
      SweepRequest request,
      SweepTrials trials,
      SweepWork work,
      RunSession session,
      Inputs inputs,
      boolean json)
      throws InterruptedException {
    Prepared<?> data =
        inputs.apply(work.rungs().get(0).values().iterator().next().scored().config());
    SweepScores scores =
        new SweepScores(request, trials, work, directory, data.dataName(), data.primary());
    int rungs = trials.halving().rungs().size();
    boolean failed = false;
    int trained = 0;
    int begun = 0;
    for (int rung = 0; rung < rungs && !stop.getAsBoolean(); rung++) {
      begun = rung + 1;
      Map<Path, Optional<RunDraft>> open =
          open(trials, work, rung, scores.members(rung), session, inputs);
      if (rungs > 1) {
        console.note(
            String.format(
                Locale.ROOT,
                "rung %d of %d: %d points, %s",
                rung + 1,
                rungs,
                scores.members(rung).size(),
                trials.budget(rung)));
      }
      write(scores.result(begun, "running"));
      if (!open.isEmpty()) {
        SweepPlace.Round round = round(open, trials, work, scores, begun);
        failed |= round.ends().values().stream().anyMatch(end -> end.status().equals("failed"));
        trained += open.size();
        if (round.left().isPresent()) {
          return leave(round.left().get(), scores.result(begun, round.left().get().status()), json);
        }
      }
    }
    if (stop.getAsBoolean()) {
      write(scores.result(begun, "interrupted"));
      console.error("interrupted; to go on: lot resume " + directory);
      return Exit.INTERRUPTED;
    }
    SweepResult result = scores.result(rungs, failed ? "failed" : "done");
    write(result);
    AtomicFile.write(directory.resolve("sweep.csv"), result.csv());
    AtomicFile.write(directory.resolve("sweep.md"), result.markdown());
    AtomicFile.write(directory.resolve("report.html"), result.html());
    if (trained == 0) {
      console.note(directory + ": finished; nothing to do");
    }
    console.result(json, result.text());
    console.result(json, "report: " + directory.resolve("report.html"));
    if (json) {
      console.result(result.json().toPrettyString());
    }
    return failed ? Exit.FAILED : Exit.DONE;
  }

  /** The runs of a round that are not finished; those that have no directory yet as drafts. */
  private static Map<Path, Optional<RunDraft>> open(
      SweepTrials trials,
      SweepWork work,
      int rung,
      List<String> members,
      RunSession session,
      Inputs inputs) {
    Map<Path, Optional<RunDraft>> open = new LinkedHashMap<>();
    // Seeds outermost: a sweep that is stopped early has whole seeds.
    for (long seed : trials.seeds()) {
      for (String id : members) {
        for (Map<Long, Path> places : work.rungs().get(rung).get(id).directories().values()) {
          Path path = places.get(seed);
          if (open.containsKey(path)) {
            continue;
          }
          if (!RunSession.isRun(path)) {
            SweepWork.Run run = work.runs().get(path);
            RunDraft draft = session.draft(run.config(), run.label(), inputs.apply(run.config()));
            open.put(path, Optional.of(draft));
          } else if (!Set.of("done", "diverged").contains(RunSession.status(path))) {
            open.put(path, Optional.empty());
          }
        }
      }
    }
    return open;
  }

  private SweepPlace.Round round(
      Map<Path, Optional<RunDraft>> open,
      SweepTrials trials,
      SweepWork work,
      SweepScores scores,
      int reached)
      throws InterruptedException {
    try (Console.Bar bar = console.bar("sweep")) {
      FleetProgress shown = new FleetProgress(console, bar, open.size(), stop);
      return place.train(
          directory,
          trials.name(),
          List.copyOf(open.keySet()),
          run -> open.get(run).ifPresent(draft -> draft.write(run)),
          threads(work, open.keySet()),
          new Fleet.Watcher() {
            private long written = System.nanoTime();

            @Override
            public void progress(double fraction) {
              shown.progress(fraction);
            }

            @Override
            public void ended(Path run, Fleet.End end) {
              shown.ended(run, end);
              if (System.nanoTime() - written > WRITTEN_EVERY_NANOS) {
                write(scores.result(reached, "running"));
                written = System.nanoTime();
              }
            }
          });
    }
  }

  /** Ends with runs that are not finished. */
  private int leave(SweepPlace.Left left, SweepResult result, boolean json) {
    write(result);
    if (left.code() == Exit.DONE) {
      console.result(json, left.message());
    } else {
      console.error(left.message());
    }
    if (json) {
      console.result(result.json().toPrettyString());
    }
    return left.code();
  }

  private static int threads(SweepWork work, Collection<Path> runs) {
    return runs.stream()
        .mapToInt(run -> work.runs().get(run).config().execution().threads().orElse(1))
        .max()
        .orElse(1);
  }

  private void write(SweepResult result) {
    AtomicFile.write(directory.resolve(SweepResult.FILE), result.json().toPrettyString() + "\n");
  }

  private static long count(SweepTrials trials, SweepWork work) {
    // Later rounds are planned for every point, and trained for some.
    long first = work.runs().values().stream().filter(SweepWork.Run::baseline).count();
    for (int rung = 0; rung < trials.halving().rungs().size(); rung++) {
      long distinct =
          work.rungs().get(rung).values().stream()
              .flatMap(cell -> cell.directories().get(cell.scored().label()).values().stream())
              .distinct()
              .count();
      long most = (long) trials.halving().rungs().get(rung).points() * trials.seeds().size();
      first += Math.min(distinct, most);
    }
    return first;
  }

  private static String cost(SweepTrials trials, SweepWork work) {
    return String.format(
        Locale.ROOT,
        "%s: %d points, %d seeds, %s%d runs, %.3g FLOPs",
        trials.name(),
        trials.points().size(),
        trials.seeds().size(),
        trials.halving().rungs().size() > 1
            ? trials.halving().rungs().size() + " rungs, at most "
            : "",
        count(trials, work),
        work.flops(trials));
  }

  private String time(SweepTrials trials, double seconds) {
    if (!Double.isFinite(seconds)) {
      return ", time unknown (" + UNTIMED + ")";
    }
    OptionalInt atOnce = place.atOnce(trials.threads());
    return String.format(
        Locale.ROOT,
        ", about %.0f s (%.1f min) %s",
        seconds,
        seconds / 60,
        atOnce.isPresent()
            ? "with " + atOnce.getAsInt() + " at a time"
            : "one after the other, as fast as here");
  }

  /** From a few timed steps of the first point, at its rate of FLOPs; NaN if they diverge. */
  private double seconds(SweepTrials trials, SweepWork work, Inputs inputs) {
    int last = work.rungs().size() - 1;
    Plan.Planned first = work.rungs().get(last).values().iterator().next().scored();
    try {
      Estimate estimate =
          Estimate.of(
              new Plan(trials.name(), List.of(first)), 1, trials.threads(), 1, inputs, catalog);
      return estimate.seconds()
          / first.flops()
          * work.flops(trials)
          / place.atOnce(trials.threads()).orElse(1);
    } catch (DivergedException e) {
      return Double.NaN; // a result of the sweep like any other, not a reason to stop it
    }
  }
}
