package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a sweep has found, so far or finally; {@code sweep.json} is this record.
 *
 * <p>{@link #json}, {@link #csv}, {@link #text}, {@link #markdown}, {@link #html} and {@link
 * #picture} are views of the same numbers; the first two are unrounded.
 *
 * @param name of the configuration
 * @param data the data set's name
 * @param method label of what is scored
 * @param status {@code running}, {@code interrupted}, {@code done}, or {@code failed} if a run did
 * @param axes the keys
 * @param points how many points the grid has; empty where ranges make them countless
 * @param drawn seed of the draw where points were drawn at random
 * @param eta of successive halving
 * @param seeds of the runs
 * @param metric what trials are ranked by, and on which split
 * @param selects whether a winner is chosen
 * @param rungs rounds, the last with the whole budget
 * @param trials in the order of the design
 * @param runs how many runs the sweep has
 * @param winner chosen at the end, if one is
 */
public record SweepResult(
    String name,
    String data,
    String method,
    String status,
    List<SweepAxis> axes,
    OptionalLong points,
    OptionalLong drawn,
    OptionalLong eta,
    List<Long> seeds,
    Metric metric,
    boolean selects,
    List<SweepRung> rungs,
    List<SweepTrial> trials,
    long runs,
    Optional<SweepWinner> winner) {
  /** The file's name; its presence makes a directory a sweep's. */
  public static final String FILE = "sweep.json";

  /** Keeps copies of the lists. */
  public SweepResult {
    axes = List.copyOf(axes);
    seeds = List.copyOf(seeds);
    rungs = List.copyOf(rungs);
    trials = List.copyOf(trials);
  }

  /** Whether {@code directory} holds a sweep. */
  public static boolean isSweep(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /**
   * Reads a sweep directory, also a copied one.
   *
   * @throws ReportException naming file and key, if it is damaged
   */
  public static SweepResult read(Path directory) {
    return SweepJson.read(directory.resolve(FILE));
  }

  /** Labels of the baselines, in order of appearance. */
  public List<String> baselines() {
    Set<String> labels = new LinkedHashSet<>();
    trials.forEach(trial -> trial.baselines().forEach(score -> labels.add(score.label())));
    return List.copyOf(labels);
  }

  /** Trials, best first: later rounds before earlier ones, those without a score last. */
  public List<SweepTrial> ranked() {
    List<SweepTrial> ranked = new ArrayList<>();
    for (int rung = rungs.size() - 1; rung >= 0; rung--) {
      Map<String, OptionalDouble> scores = new LinkedHashMap<>();
      for (SweepTrial trial : trials) {
        if (trial.rung() == rung) {
          scores.put(trial.id(), trial.score().mean());
        }
      }
      SweepRanking.of(scores, metric.higherIsBetter())
          .forEach(id -> ranked.add(trial(id).orElseThrow()));
    }
    return List.copyOf(ranked);
  }

  Optional<SweepTrial> trial(String id) {
    return trials.stream().filter(trial -> trial.id().equals(id)).findFirst();
  }

  /** {@code sweep.json}. */
  public ObjectNode json() {
    return SweepJson.of(this);
  }

  /** One row for each trial, label and seed, unrounded. */
  public String csv() {
    return SweepTable.csv(this);
  }

  /** The closing print of {@code lot sweep}. */
  public String text() {
    return SweepTable.text(this);
  }

  /** {@code sweep.md}. */
  public String markdown() {
    return SweepTable.markdown(this);
  }

  /** {@code report.html}: one self-contained page. */
  public String html() {
    return PageDocument.of(List.of(), List.of(this), List.of()).html();
  }

  /** Its response surface as a drawing (SVG). */
  public String picture() {
    return SweepPicture.of(this);
  }
}
