package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The released code's update at its own size: teacher images a second. Beside it two programs in
 * Python, where there is one with PyTorch: the same objective made fast, and the published
 * trainer's steps as plain as it makes them, which is what lot4j's aims are factors of.
 */
final class PaperTrainer implements Benchmark {
  private static final int ROUNDS = 7;
  private static final int BATCH = 256;
  private static final int MOST_STEPS = 2;
  private static final List<String> PRECISIONS = List.of("float32", "bfloat16");

  /** Teacher images a second of the authors' trainer (PyTorch 1.13, 2 threads), N = 1 and 2. */
  private static final double[] REFERENCE = {410, 240};

  /**
   * A way to make the update.
   *
   * @param steps N, student steps a teacher step
   * @param precision of the networks
   * @param threads to compute with
   */
  record Case(int steps, String precision, int threads) {
    static List<Case> all(List<Integer> threads) {
      List<Case> all = new ArrayList<>();
      for (int n : threads) {
        for (int steps = 1; steps <= MOST_STEPS; steps++) {
          for (String precision : PRECISIONS) {
            all.add(new Case(steps, precision, n));
          }
        }
      }
      return all;
    }

    /** The row of lot4j. */
    String own() {
      return "N = " + steps + ", " + precision + ", " + ImageStep.threads(threads);
    }

    /** The row of the same work in Python. */
    String peer() {
      return "PyTorch (Python), " + own();
    }

    /** The row of the published trainer's steps, which knows float32 only. */
    String published() {
      return "as published (Python), " + new Case(steps, PRECISIONS.get(0), threads).own();
    }

    /** How many times the published trainer's speed is wanted. */
    double aim() {
      return precision.equals("float32") ? 1.5 : 2;
    }
  }

  @Override
  public String name() {
    return "paper-trainer";
  }

  @Override
  public String about() {
    return "teacher images per second of the released objective, batch 256, N = 1 and 2";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    List<Case> cases = Case.all(settings.threads(2));
    Optional<Peer> published = Peer.ofPublishedTrainer(settings);
    int batch = settings.batch().orElse(BATCH);
    try (GeneratedImages images = GeneratedImages.make()) {
      List<Variant> variants = new ArrayList<>();
      for (Case each : cases) {
        variants.add(Processes.alone(workload(each, settings), images.directory()));
      }
      Peer.find(settings)
          .ifPresent(
              peer -> {
                for (Case each : cases) {
                  variants.add(
                      peer.at(each.peer(), each.threads(), batch, each.precision(), each.steps()));
                }
              });
      published.ifPresent(
          peer -> {
            for (Case each : cases) {
              if (each.precision().equals("float32")) {
                variants.add(peer.byHand(each.published(), options(each, batch)));
              }
            }
          });
      return new Findings(name(), table(cases, rounds.of("images/s", variants)), notes(published));
    }
  }

  private static Workload workload(Case each, Settings settings) {
    List<String> set = new ArrayList<>(LotStep.lot("released", each.steps()));
    set.add("precision=" + each.precision());
    set.add("batch-size=" + BATCH);
    return Workload.of(each.own(), each.threads(), settings, set.toArray(String[]::new));
  }

  private static List<String> options(Case each, int batch) {
    return List.of(
        "--threads", String.valueOf(each.threads()),
        "--batch", String.valueOf(batch),
        "--student-steps", String.valueOf(each.steps()));
  }

  /**
   * What was measured, the aims beside lot4j's rows, and its ratios to the published trainer's
   * steps, where those were measured too.
   */
  static List<Series> table(List<Case> cases, Map<String, Series> measured) {
    List<Series> table = new ArrayList<>();
    List<Series> ratios = new ArrayList<>();
    for (Case each : cases) {
      Series own = measured.get(each.own());
      StringBuilder beside =
          new StringBuilder(
              String.format(
                  Locale.ROOT,
                  "aim %.0f (%.1f x)",
                  each.aim() * REFERENCE[each.steps() - 1],
                  each.aim()));
      if (measured.containsKey(each.published())) {
        Series ratio =
            own.over(measured.get(each.published()), each.own() + " / as published")
                .beside(String.format(Locale.ROOT, "aim %.1f", each.aim()));
        ratios.add(ratio);
        beside.append(String.format(Locale.ROOT, ", × %.2f as published", ratio.median()));
      }
      table.add(own.beside(beside.toString()));
    }
    measured.values().stream()
        .filter(series -> cases.stream().noneMatch(each -> each.own().equals(series.name())))
        .forEach(table::add);
    table.addAll(ratios);
    return table;
  }

  private static List<String> notes(Optional<Peer> published) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "The aims in images/s are factors of the authors' trainer's 410 and 240 on another"
            + " machine; the factors themselves go by \"as published\".");
    if (published.isEmpty()) {
      notes.add("No rows in Python: they take ./lot in its source tree, PyTorch, and no --set.");
      return notes;
    }
    notes.add(
        "PyTorch (Python): the same objective made fast: channels-last, crops of a whole batch,"
            + " no graph for answers alone, the malloc and OpenBLAS settings of ./lot.");
    notes.add(
        "As published (Python): plain PyTorch as in the authors' trainer: channels-first,"
            + " transforms image by image ("
            + (published.get().has("torchvision")
                ? "torchvision"
                : "by tensor operations, for torchvision is not installed")
            + "), a graph for every answer, no settings of malloc and OpenBLAS.");
    return notes;
  }
}
