package lot4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.method.ReviewPlan;
import lot4j.train.Prepared;

/**
 * What PPO with LoT costs over PPO alone, whole rollouts with all that is learnt from them, beside
 * what their FLOPs say. The students' memory is full before anything is timed.
 *
 * @param name the benchmark's
 * @param base which policy
 */
record PolicyLotStep(String name, Subject base) implements Benchmark {
  private static final int ROUNDS = 5;
  private static final String UNIT = "steps/s";

  @Override
  public String about() {
    return base.title() + ": time with LoT over that of the teacher alone, beside their FLOPs";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Series> all = new ArrayList<>();
    for (int threads : settings.threads(1)) {
      all.addAll(one(settings, progress, threads));
    }
    return new Findings(
        name,
        all,
        List.of(
            "Ideal: FLOPs that the networks were asked for, backward counted as two forwards;"
                + " environments are no FLOPs."));
  }

  /** Overrides by name; the first is what the others are compared with. */
  private static Map<String, List<String>> methods() {
    Map<String, List<String>> methods = new LinkedHashMap<>();
    methods.put("teacher only", List.of("method=teacher-only"));
    methods.put("paper, N = 1", LotStep.lot("paper", 1));
    methods.put("paper, N = 5", LotStep.lot("paper", 5));
    methods.put("released", List.of("method=lot", "lot={objective: released}"));
    return methods;
  }

  private List<Series> one(Settings settings, Consumer<String> progress, int threads) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    List<Repeated> variants = new ArrayList<>();
    try {
      methods()
          .forEach(
              (what, set) -> {
                String[] overrides = set.toArray(String[]::new);
                Workload workload = Workload.of(base, what, threads, settings, overrides);
                Repeated variant = new Repeated(workload, Path.of(""));
                variants.add(variant);
                variant.warm(rolloutsToFill(workload));
                progress.accept(what + ": memory full");
              });
      Map<String, Series> series = rounds.keeping(UNIT, variants);
      return LotStep.table(UNIT, ImageStep.threads(threads), variants, series);
    } finally {
      variants.forEach(Repeated::close);
    }
  }

  /** Rollouts until the students' memory holds as much as it can. */
  private static int rolloutsToFill(Workload workload) {
    RunConfig config = workload.config(Catalog.load());
    long states =
        Optional.ofNullable(config.sections().get("replay"))
            .map(section -> ((ReviewPlan) section).states())
            .orElse(0);
    try (Prepared<?> prepared = Repeated.prepared(config, Path.of(""))) {
      long rollout = prepared.taskPace(config.batching().batchSize(), 1).epoch();
      return Math.toIntExact((states + rollout - 1) / rollout);
    }
  }
}
