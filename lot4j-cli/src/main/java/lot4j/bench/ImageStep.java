package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Teacher-only training of PreResNet-20: images a second. */
final class ImageStep implements Benchmark {
  private static final int ROUNDS = 7;
  private static final int BATCH = 128;

  @Override
  public String name() {
    return "image-step";
  }

  @Override
  public String about() {
    return "images per second: PreResNet-20, teacher only, batch 128, by precision and threads";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    try (GeneratedImages images = GeneratedImages.make()) {
      Map<String, Series> series = rounds.of("images/s", variants(settings, images));
      return new Findings(name(), List.copyOf(series.values()), List.of());
    }
  }

  private static List<Variant> variants(Settings settings, GeneratedImages images) {
    List<Variant> variants = new ArrayList<>();
    List<Integer> threads = settings.threads(1, 2);
    for (String precision : List.of("float32", "bfloat16")) {
      for (int n : threads) {
        String name = precision + ", " + threads(n);
        Workload own = workload(name, n, settings, precision);
        variants.add(Processes.alone(own, images.directory()));
      }
      if (settings.threads().isEmpty() && threads.contains(2)) {
        Workload job = workload(precision + ", two jobs of 1 thread", 1, settings, precision);
        List<Child> jobs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          jobs.add(Child.at(job, images.directory()));
        }
        variants.add(new Processes(job.name(), jobs));
      }
    }
    Peer.find(settings)
        .ifPresent(
            peer -> {
              for (String precision : List.of("float32", "bfloat16")) {
                for (int n : threads) {
                  String name = "PyTorch (Python), " + precision + ", " + threads(n);
                  variants.add(peer.at(name, n, settings.batch().orElse(BATCH), precision, 0));
                }
              }
            });
    return variants;
  }

  private static Workload workload(String name, int threads, Settings settings, String precision) {
    return Workload.of(name, threads, settings, "precision=" + precision);
  }

  static String threads(int n) {
    return n == 1 ? "1 thread" : n + " threads";
  }
}
