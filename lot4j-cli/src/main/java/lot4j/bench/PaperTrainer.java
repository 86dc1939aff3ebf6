package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The released code's update at its own size: teacher images a second. */
final class PaperTrainer implements Benchmark {
  private static final int ROUNDS = 7;
  private static final int BATCH = 256;

  /** Teacher images a second of the authors' trainer (PyTorch 1.13, 2 threads), N = 1 and 2. */
  private static final double[] REFERENCE = {410, 240};

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
    try (GeneratedImages images = GeneratedImages.make()) {
      List<Variant> variants = new ArrayList<>();
      Map<String, String> beside = new java.util.HashMap<>();
      for (int threads : settings.threads(2)) {
        for (int steps = 1; steps <= 2; steps++) {
          for (String precision : List.of("float32", "bfloat16")) {
            String name = "N = " + steps + ", " + precision + ", " + ImageStep.threads(threads);
            variants.add(new Repeated(workload(name, threads, settings, precision, steps), images));
            beside.put(name, aim(steps, precision));
          }
        }
        Peer.find(settings).ifPresent(peer -> variants.addAll(peers(peer, threads, settings)));
      }
      List<Series> series = new ArrayList<>();
      rounds
          .of("images/s", variants)
          .forEach((name, each) -> series.add(each.beside(beside.getOrDefault(name, ""))));
      return new Findings(
          name(), series, List.of("The aims are factors of the authors' trainer's 410 and 240."));
    }
  }

  private static Workload workload(
      String name, int threads, Settings settings, String precision, int steps) {
    List<String> set = new ArrayList<>(LotStep.lot("released", steps));
    set.add("precision=" + precision);
    set.add("batch-size=" + BATCH);
    return Workload.of(name, threads, settings, set.toArray(String[]::new));
  }

  private static String aim(int steps, String precision) {
    double factor = precision.equals("float32") ? 1.5 : 2;
    return String.format(Locale.ROOT, "aim %.0f (%.1f x)", factor * REFERENCE[steps - 1], factor);
  }

  private static List<Variant> peers(Peer peer, int threads, Settings settings) {
    List<Variant> variants = new ArrayList<>();
    int batch = settings.batch().orElse(BATCH);
    for (int steps = 1; steps <= 2; steps++) {
      for (String precision : List.of("float32", "bfloat16")) {
        String name =
            "PyTorch (Python), N = " + steps + ", " + precision + ", " + ImageStep.threads(threads);
        variants.add(peer.at(name, threads, batch, precision, steps));
      }
    }
    return variants;
  }
}
