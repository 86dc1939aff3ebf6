package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lot4j.config.Catalog;
import lot4j.rl.ReinforcementLearning;

/**
 * Environments alone, with random actions on one thread, each in a process of its own: agent steps
 * a second. A step is all that an agent asks of an environment: the move, reward and ends read, the
 * observation written, the next episode begun after an end.
 *
 * <p>Beside them run loops in plain Python and NumPy that do the same, where there is a Python with
 * NumPy. An environment that the user names, {@code --set task.environment=ale:FILE}, is measured
 * too, without a peer.
 */
final class EnvironmentSteps implements Benchmark {
  static final String NAME = "env-steps";
  private static final int ROUNDS = 5;
  private static final int AIM = 10;
  private static final String UNIT = "steps/s";
  private static final String KEY = "task.environment=";
  private static final List<String> BUILT_IN = List.of("cartpole", "minatar-breakout");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String about() {
    return "environment steps per second with random actions on one core, beside Python loops";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    Optional<Peer> peer = Peer.ofEnvironments(settings);
    List<Variant> variants = new ArrayList<>();
    for (String environment : BUILT_IN) {
      variants.add(ours(environment, 1, settings));
      for (String form : forms(peer, environment)) {
        variants.add(theirs(peer.orElseThrow(), environment, form, settings));
      }
    }
    for (String named : named(settings)) {
      for (int threads : settings.threads(1, 2)) {
        variants.add(ours(named, threads, settings));
      }
    }
    Map<String, Series> series = rounds.of(UNIT, variants);
    List<Series> table = new ArrayList<>(series.values());
    for (String environment : BUILT_IN) {
      for (String form : forms(peer, environment)) {
        table.add(
            series
                .get(environment)
                .over(series.get(peerName(environment, form)), over(environment, form))
                .beside("aim " + AIM));
      }
    }
    return new Findings(name(), table, notes(peer, settings));
  }

  private static Variant ours(String environment, int threads, Settings settings) {
    String name = environment + (threads > 1 ? ", " + ImageStep.threads(threads) : "");
    List<String> command = new ArrayList<>(Child.program());
    command.addAll(List.of("bench", NAME, "--serve", "--threads", String.valueOf(threads)));
    settings.set().forEach(each -> command.addAll(List.of("--set", each)));
    command.addAll(List.of("--set", KEY + environment));
    return new Processes(name, List.of(Child.of(name, command)));
  }

  private static Variant theirs(Peer peer, String environment, String form, Settings settings) {
    int envs = task(settings.set()).envs();
    List<String> options =
        List.of("--environment", environment, "--form", form, "--envs", String.valueOf(envs));
    return peer.with(peerName(environment, form), options);
  }

  private static String peerName(String environment, String form) {
    return environment + ", " + form;
  }

  private static String over(String environment, String form) {
    return environment + " / " + form;
  }

  /** How the peer can do it. */
  private static List<String> forms(Optional<Peer> peer, String environment) {
    if (peer.isEmpty()) {
      return List.of();
    }
    return environment.equals("cartpole") ? List.of("Python", "NumPy") : List.of("NumPy");
  }

  /** The environment that the user asks for, unless it is measured anyway. */
  private static List<String> named(Settings settings) {
    return settings.set().stream()
        .filter(each -> each.startsWith(KEY))
        .map(each -> each.substring(KEY.length()))
        .filter(each -> !BUILT_IN.contains(each))
        .toList();
  }

  /** What {@code --set} makes of the task. */
  static ReinforcementLearning task(List<String> set) {
    Workload workload = new Workload(Subject.ACTOR_CRITIC, NAME, 1, set);
    return (ReinforcementLearning) workload.config(Catalog.load()).task().spec();
  }

  private static List<String> notes(Optional<Peer> peer, Settings settings) {
    List<String> notes = new ArrayList<>();
    notes.add(
        task(settings.set()).envs() + " environments, random actions; one thread unless said.");
    if (peer.isEmpty()) {
      notes.add("No peer: that takes ./lot in its source tree and a Python with NumPy.");
    }
    if (named(settings).stream().anyMatch(each -> each.contains("ale"))) {
      notes.add(
          "An emulator's agent step is frame-skip raw frames (4 unless set) and the pictures made"
              + " of them; it has no peer in Python.");
    }
    return notes;
  }
}
