package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The largest resident memory of a process that trains a language model at its published size, each
 * in a process of its own. In float32 unless the user overrides it.
 */
final class LanguageMemory implements Benchmark {
  @Override
  public String name() {
    return "language-memory";
  }

  @Override
  public String about() {
    return "peak resident memory: LSTM and Transformer-XL, teacher only and LoT, one student";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Workload> workloads = new ArrayList<>();
    for (int threads : settings.threads(1)) {
      for (Subject base : List.of(Subject.LSTM, Subject.TRANSFORMER_XL)) {
        String where = base.title() + ", ";
        String end = ", " + ImageStep.threads(threads);
        workloads.add(
            Workload.of(
                base, where + "teacher only" + end, threads, settings, "method=teacher-only"));
        for (String objective : List.of("paper", "released")) {
          String what = where + "LoT, " + objective + ", N = 1" + end;
          String[] set = LotStep.lot(objective, 1).toArray(String[]::new);
          workloads.add(Workload.of(base, what, threads, settings, set));
        }
      }
    }
    try (GeneratedText text = GeneratedText.make()) {
      return new Findings(
          name(),
          PeakResident.of(workloads, text.directory(), settings, progress),
          List.of(PeakResident.NOTE));
    }
  }
}
