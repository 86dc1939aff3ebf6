package lot4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The largest resident memory of a training process, each in a process of its own. */
final class PeakResident implements Benchmark {
  private static final int ROUNDS = 3;
  private static final double MIB = 1 << 20;

  /** What the numbers are of. */
  static final String NOTE = "The whole process: virtual machine, engine, data, networks.";

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "peak resident memory: teacher only and LoT with one student, batch 128";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Workload> workloads = new ArrayList<>();
    settings.threads(1).forEach(threads -> workloads.addAll(workloads(threads, settings)));
    try (GeneratedImages images = GeneratedImages.make()) {
      return new Findings(
          name(), of(workloads, images.directory(), settings, progress), List.of(NOTE));
    }
  }

  /** The peaks of workloads, each in a process of its own in every round. */
  static List<Series> of(
      List<Workload> workloads, Path data, Settings settings, Consumer<String> progress) {
    Map<String, List<Double>> peaks = new LinkedHashMap<>();
    for (int round = 1; round <= settings.rounds(ROUNDS); round++) {
      for (Workload workload : workloads) {
        try (Child child = Child.at(workload, data)) {
          child.order(settings.seconds());
          peaks
              .computeIfAbsent(workload.name(), name -> new ArrayList<>())
              .add(child.answer().peakBytes() / MIB);
        }
      }
      progress.accept("round " + round);
    }
    List<Series> series = new ArrayList<>();
    peaks.forEach((name, values) -> series.add(Series.of(name, "MiB", values)));
    return series;
  }

  private static List<Workload> workloads(int threads, Settings settings) {
    List<Workload> workloads = new ArrayList<>();
    for (String precision : List.of("float32", "bfloat16")) {
      String where = ", " + precision + ", " + ImageStep.threads(threads);
      String set = "precision=" + precision;
      workloads.add(Workload.of("teacher only" + where, threads, settings, set));
      for (String objective : List.of("paper", "released")) {
        List<String> keys = new ArrayList<>(LotStep.lot(objective, 1));
        keys.add(set);
        workloads.add(
            Workload.of(
                "LoT, " + objective + ", N = 1" + where,
                threads,
                settings,
                keys.toArray(String[]::new)));
      }
    }
    return workloads;
  }
}
