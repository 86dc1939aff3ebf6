package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.rl.Evaluation;
import lot4j.rl.Film;
import lot4j.rl.PreparedRl;
import lot4j.rl.ReinforcementLearning;
import lot4j.stats.Bootstrap;
import lot4j.stats.Iqm;
import lot4j.stats.Sample;
import lot4j.train.Listener;
import lot4j.train.RunSession;
import lot4j.train.Split;
import picocli.CommandLine.Option;

/** What {@code lot eval} does with a run whose learners act: episodes, counted and watched. */
final class Episodes {
  /** Of no environment in particular: fast enough for motion, slow enough for mazes. */
  private static final double PICTURES_PER_SECOND = 15;

  private static final int TEACHER = 0;

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description = "Reinforcement learning: so many episodes, and the spread of their returns.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--record",
      paramLabel = "FILE.gif",
      description = "Reinforcement learning: films an episode of the teacher, or of --student.")
  private Optional<Path> film = Optional.empty();

  /** Whether one of the options was given. */
  boolean asked() {
    return count.isPresent() || film.isPresent();
  }

  /** The film's file, if there is to be one. */
  Optional<Path> film() {
    return film;
  }

  /**
   * Checks the options before any work.
   *
   * @throws UsageException if they are out of range or the run has no episodes
   */
  void check(RunSession session, Path directory, Optional<String> data) {
    Stream.of(directory, directory.toAbsolutePath().resolve("../..").normalize())
        .filter(RunSession::isRun)
        .findFirst()
        .ifPresent(run -> refuseOthers(session.config(run).task().kind()));
    check();
    if (data.isPresent()) {
      throw new UsageException("--data is not allowed with " + first() + "; one of them");
    }
  }

  private void refuseOthers(String kind) {
    if (!kind.equals("rl")) {
      throw new UsageException(
          first() + " is not allowed; this run's task is " + kind + ", only rl has episodes");
    }
  }

  private String first() {
    return count.isPresent() ? "--episodes" : "--record";
  }

  private void check() {
    count
        .filter(n -> n < 1)
        .ifPresent(
            n -> {
              throw new UsageException("--episodes " + n + " is not allowed; 1 or more");
            });
    film.ifPresent(
        file -> {
          String name = file.toString();
          if (!name.toLowerCase(Locale.ROOT).endsWith(".gif")) {
            throw new UsageException(
                "--record " + name + " is not allowed; a file that ends in .gif");
          }
          Path folder = file.toAbsolutePath().getParent();
          if (!Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new UsageException(
                "--record " + name + " is not allowed; a file in a directory that is there");
          }
        });
  }

  /**
   * Lets the learners play, and films one of them if asked to.
   *
   * @return what each has reached, by learner
   */
  Map<String, Evaluation.Result> play(
      RunSession session,
      Path directory,
      Split split,
      Optional<Integer> student,
      Listener listener) {
    return session.judge(
        directory,
        listener,
        (prepared, networks) -> {
          PreparedRl rl = (PreparedRl) prepared;
          ReinforcementLearning task = rl.spec();
          Network filmed = networks.get(seat(student, networks.size() - 1));
          film.ifPresent(file -> record(file, task, filmed, split));
          return rl.play(networks, split, count.orElse(task.evalEpisodes()), task.evalBy());
        });
  }

  /** The teacher is the first of the networks, students follow. */
  private static int seat(Optional<Integer> student, int students) {
    int seat = student.map(index -> index + 1).orElse(TEACHER);
    if (student.isPresent() && (seat <= TEACHER || seat > students)) {
      throw new UsageException(
          "--student " + student.get() + " is not allowed; number of students: " + students);
    }
    return seat;
  }

  private static void record(Path file, ReinforcementLearning task, Network network, Split split) {
    Evaluation one = new Evaluation(task.environment(), 1, task.evalBy(), task.splitSeed());
    Film.record(file, PICTURES_PER_SECOND, film -> one.film(network, split, film::show));
  }

  /** Every return and length, by learner, for a document. */
  static void describe(ObjectNode document, Map<String, Evaluation.Result> results) {
    ObjectMapper json = new ObjectMapper();
    Map<String, List<Double>> returns = new LinkedHashMap<>();
    Map<String, List<Long>> lengths = new LinkedHashMap<>();
    results.forEach(
        (learner, result) -> {
          returns.put(learner, result.scores());
          lengths.put(learner, result.lengths());
        });
    document.set("returns", json.valueToTree(returns));
    document.set("episode_lengths", json.valueToTree(lengths));
  }

  /**
   * The returns' mean, spread and 95 % interval (bootstrap of the mean over these episodes; it says
   * nothing of other training seeds), and the mean length.
   */
  static Map<String, Double> metrics(Evaluation.Result result) {
    Sample returns = Sample.of(result.scores());
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("return", result.mean());
    metrics.put("return_sd", result.deviation());
    Bootstrap.standard()
        .mean(returns)
        .ifPresent(
            interval -> {
              metrics.put("return_low", interval.low());
              metrics.put("return_high", interval.high());
            });
    metrics.put("return_iqm", Iqm.of(returns).orElseThrow());
    metrics.put("return_median", returns.median().orElseThrow());
    metrics.put("return_min", returns.minimum().orElseThrow());
    metrics.put("return_max", returns.maximum().orElseThrow());
    metrics.put("episode_length", result.length());
    return metrics;
  }
}
