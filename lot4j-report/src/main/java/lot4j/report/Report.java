package lot4j.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code lot report} prints for run, comparison, sweep and probe directories, in any mixture.
 *
 * <p>A comparison, sweep or probe directory is a section of its own. Single runs are put together
 * by their configuration's name and metric, as if one comparison had made them.
 *
 * @param comparisons the first sections in order
 * @param sweeps sections after them
 * @param probes the last sections
 */
public record Report(List<Comparison> comparisons, List<SweepResult> sweeps, List<Probe> probes) {
  /** Keeps copies of the lists. */
  public Report {
    comparisons = List.copyOf(comparisons);
    sweeps = List.copyOf(sweeps);
    probes = List.copyOf(probes);
  }

  /** Comparisons alone. */
  public Report(List<Comparison> comparisons) {
    this(comparisons, List.of(), List.of());
  }

  /**
   * Reads directories.
   *
   * @throws ReportException naming the file or directory, if one is missing, damaged, or none of
   *     what is reported
   */
  public static Report of(List<Path> directories) {
    List<Comparison> comparisons = new ArrayList<>();
    List<SweepResult> sweeps = new ArrayList<>();
    List<Probe> probes = new ArrayList<>();
    Map<String, List<RunDirectory>> single = new LinkedHashMap<>();
    for (Path directory : directories) {
      if (RunDirectory.isRun(directory)) {
        RunDirectory run = RunDirectory.read(directory);
        String metric = run.result().map(result -> result.primary().toString()).orElse("");
        single.computeIfAbsent(run.name() + "\n" + metric, key -> new ArrayList<>()).add(run);
      } else if (SweepResult.isSweep(directory)) {
        sweeps.add(SweepResult.read(directory));
      } else if (Probe.isProbe(directory)) {
        probes.add(Probe.read(directory));
      } else if (Comparison.isComparison(directory)) {
        comparisons.add(Comparison.read(directory));
      } else {
        throw new ReportException(
            directory,
            Files.isDirectory(directory)
                ? "no run (run.json), comparison (runs/), sweep (sweep.json) or probe (probe.json)"
                    + " is in it"
                : "no such directory");
      }
    }
    for (List<RunDirectory> runs : single.values()) {
      comparisons.add(
          Comparison.of(runs.get(0).name(), Comparison.sorted(distinct(runs), List.of())));
    }
    return new Report(comparisons, sweeps, probes);
  }

  /** What the HTML page shows, as a document that a live page can show too. */
  public PageDocument page() {
    return PageDocument.of(comparisons, sweeps, probes);
  }

  /** One self-contained HTML page. */
  public String html() {
    return page().html();
  }

  /** Markdown, one part per comparison and sweep. */
  public String markdown() {
    return Stream.concat(
            comparisons.stream().map(Comparison::markdown),
            Stream.concat(
                sweeps.stream().map(SweepResult::markdown), probes.stream().map(Probe::markdown)))
        .collect(Collectors.joining("\n"));
  }

  /** Tables and verdicts for a terminal. */
  public String text() {
    return Stream.concat(
            comparisons.stream().map(Comparison::text),
            Stream.concat(sweeps.stream().map(SweepResult::text), probes.stream().map(Probe::text)))
        .collect(Collectors.joining("\n"));
  }

  /** CSV with a line per run of the comparisons: its cost and every final metric, unrounded. */
  public String runsCsv() {
    return Csv.runs(comparisons);
  }

  /** CSV with a line per line of {@code metrics.jsonl} of every run. */
  public String curvesCsv() {
    return Csv.curves(comparisons);
  }

  /** Runs that share label and seed (one training done twice) are told apart by directory. */
  private static List<RunDirectory> distinct(List<RunDirectory> runs) {
    Set<Path> seen = new HashSet<>();
    List<RunDirectory> once =
        runs.stream().filter(run -> seen.add(run.path().toAbsolutePath().normalize())).toList();
    Set<String> taken = new HashSet<>();
    Set<String> twice = new HashSet<>();
    for (RunDirectory run : once) {
      if (!taken.add(run.label() + "\n" + run.seed())) {
        twice.add(run.label());
      }
    }
    return once.stream()
        .map(
            run ->
                twice.contains(run.label())
                    ? run.withLabel(run.label() + " (" + run.directoryName() + ")")
                    : run)
        .toList();
  }
}
