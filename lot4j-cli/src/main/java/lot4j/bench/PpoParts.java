package lot4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the time of PPO goes: a rollout with all that is learnt from it, and what is left of that
 * when parts are taken out. No part is timed inside the whole; shares are differences of variants
 * that run in the same round.
 *
 * <ul>
 *   <li>whole: the trainer's own updates, teacher only;
 *   <li>without the learner: the same stream of minibatches, nobody learns;
 *   <li>without the network: the same stream, the policy is a constant that is not computed;
 *   <li>environment: as many steps of the environments alone.
 * </ul>
 *
 * <p>Learner = whole − the second, acting = the second − the third, bookkeeping (choices, records,
 * advantages, minibatches) = the third − the fourth. The last three play at random while the whole
 * learns, so that its episodes are longer and resets rarer.
 *
 * <p>Beside them: the same minibatch updates in a hand-written loop, the engine's floor, and where
 * a Python with PyTorch is installed the whole in it.
 */
final class PpoParts implements Benchmark {
  private static final int ROUNDS = 5;
  private static final String UNIT = "ms";
  private static final String WHOLE = "whole";
  private static final String STREAM = "without learner";
  private static final String FREE = "without learner and network";
  private static final String ENVIRONMENT = "environment";
  private static final String BARE = "bare loop, updates alone";
  private static final String PEER = "PyTorch (Python)";

  @Override
  public String name() {
    return "ppo";
  }

  @Override
  public String about() {
    return "PPO on CartPole, 64-64: steps a second, and the share of each part of a rollout";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    List<Series> all = new ArrayList<>();
    for (int threads : settings.threads(1)) {
      for (Series each : one(settings, progress, threads)) {
        String where = ImageStep.threads(threads) + ": ";
        all.add(new Series(where + each.name(), each.unit(), each.values(), each.beside()));
      }
    }
    return new Findings(
        name(), all, List.of("Milliseconds are of a rollout with all updates that belong to it."));
  }

  private static List<Series> one(Settings settings, Consumer<String> progress, int threads) {
    Workload workload = Workload.of(Subject.ACTOR_CRITIC, WHOLE, threads, settings);
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    try (Repeated whole = new Repeated(workload, Path.of(""));
        Acting stream = new Acting(workload, false);
        Acting free = new Acting(workload, true);
        RandomPlay environment = new RandomPlay(workload.set());
        BarePpo bare = new BarePpo(workload)) {
      int moves = stream.moves();
      List<Variant> variants = new ArrayList<>();
      variants.add(Piece.whole(WHOLE, threads, whole::updates));
      variants.add(Piece.whole(STREAM, threads, stream::rollout));
      variants.add(Piece.whole(FREE, threads, free::rollout));
      variants.add(Piece.whole(ENVIRONMENT, threads, () -> moved(environment, moves)));
      variants.add(Piece.whole(BARE, threads, bare::updates));
      Optional<Variant> peer =
          Peer.ofPpo(settings).map(p -> p.with(PEER, List.of("--threads", "" + threads)));
      peer.ifPresent(variants::add);
      try {
        return table(rounds.keeping(UNIT, variants), stream.steps(), bare.count());
      } finally {
        peer.ifPresent(Variant::close);
      }
    }
  }

  private static void moved(RandomPlay environment, int moves) {
    for (int i = 0; i < moves; i++) {
      environment.move();
    }
  }

  private static List<Series> table(Map<String, Series> series, int steps, int updates) {
    Series whole = series.get(WHOLE);
    Series learner = whole.minus(series.get(STREAM), "learner");
    Series acting = series.get(STREAM).minus(series.get(FREE), "acting, the network's answers");
    Series books = series.get(FREE).minus(series.get(ENVIRONMENT), "bookkeeping");
    Series bare = series.get(BARE);
    Series rates = rates(whole, steps);
    List<Series> table = new ArrayList<>();
    table.add(rates);
    table.add(whole.beside(updates + " updates, " + steps + " agent steps"));
    for (Series part : List.of(learner, acting, books, series.get(ENVIRONMENT))) {
      table.add(part.beside(Math.round(100 * part.over(whole, "").median()) + " %"));
    }
    table.add(
        bare.beside(String.format(Locale.ROOT, "%.3f ms an update", bare.median() / updates)));
    table.add(learner.over(bare, "learner / bare loop"));
    Optional.ofNullable(series.get(PEER))
        .ifPresent(
            peer -> {
              table.add(new Series(PEER, rates.unit(), peer.values(), ""));
              table.add(rates.over(peer, "lot4j / " + PEER));
            });
    return table;
  }

  /** Agent steps a second. */
  private static Series rates(Series whole, int steps) {
    return Series.of(
        "PPO", "steps/s", whole.values().stream().map(ms -> 1000 * steps / ms).toList());
  }
}
