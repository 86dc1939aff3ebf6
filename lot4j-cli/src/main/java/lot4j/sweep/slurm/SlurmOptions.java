package lot4j.sweep.slurm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lot4j.config.ConfigError;
import lot4j.config.Problem;

/**
 * What a sweep asks of Slurm.
 *
 * @param atOnce tasks at a time, at most; empty: as many as the cluster gives
 * @param runsPerTask runs that a task trains one after the other; empty: one, or as many as keep an
 *     array within {@link #MOST_TASKS}
 * @param restarts how often a task may begin again after it was stopped or killed
 * @param partition where the tasks run; empty: the cluster's default, likewise below
 * @param account that pays
 * @param time limit of a task, as sbatch takes it
 * @param cpus of a task; empty: the runs' threads
 * @param memory of a task, as sbatch's {@code --mem} takes it
 * @param more further options of sbatch, {@code key=value} or {@code key} each
 */
public record SlurmOptions(
    Optional<Integer> atOnce,
    Optional<Integer> runsPerTask,
    int restarts,
    Optional<String> partition,
    Optional<String> account,
    Optional<String> time,
    Optional<Integer> cpus,
    Optional<String> memory,
    List<String> more) {
  /** Tasks of an array: one below the limit that Slurm has where nobody set another. */
  public static final int MOST_TASKS = 1000;

  /** Default of {@link #restarts}. */
  public static final int RESTARTS = 10;

  private static final Set<String> OURS =
      Set.of(
          "array",
          "chdir",
          "clusters",
          "cpus-per-task",
          "error",
          "input",
          "no-requeue",
          "ntasks",
          "open-mode",
          "output",
          "parsable",
          "requeue",
          "test-only",
          "wait",
          "wrap");

  /**
   * Keeps a copy of the list and checks everything.
   *
   * @throws ConfigError with all that sbatch cannot be given, by its option
   */
  public SlurmOptions {
    more = List.copyOf(more);
    List<Problem> problems = new ArrayList<>();
    least(problems, "--runs-per-task", runsPerTask.orElse(1), 1);
    least(problems, "--cpus", cpus.orElse(1), 1);
    least(problems, "--restarts", restarts, 0);
    word(problems, "--partition", partition);
    word(problems, "--account", account);
    word(problems, "--time", time);
    word(problems, "--mem", memory);
    for (String option : more) {
      further(problems, option);
    }
    if (!problems.isEmpty()) {
      throw new ConfigError(problems);
    }
  }

  private static void least(List<Problem> problems, String option, int value, int least) {
    if (value < least) {
      problems.add(new Problem(option + " " + value, "not allowed; " + least + " or more"));
    }
  }

  private static void word(List<Problem> problems, String option, Optional<String> value) {
    if (value.isPresent() && (value.get().isBlank() || controls(value.get()))) {
      problems.add(
          new Problem(option + " " + value.get(), "not allowed; one line that is not empty"));
    }
  }

  private static boolean controls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private static void further(List<Problem> problems, String option) {
    String where = "--sbatch " + option;
    String key = option.split("=", 2)[0];
    if (!key.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || key.length() < 2 || controls(option)) {
      problems.add(
          new Problem(where, "not allowed; KEY=VALUE or KEY, a long option of sbatch without --"));
    } else if (OURS.contains(key)) {
      String instead = key.equals("cpus-per-task") ? "; --cpus" : "";
      problems.add(new Problem(where, key + " is not allowed; lot sets it" + instead));
    } else if (key.equals("signal") && !option.matches("signal=B:USR1@[0-9]+")) {
      problems.add(
          new Problem(where, "not allowed; signal=B:USR1@SECONDS, so long before the time limit"));
    }
  }

  /** Runs of a task where {@code runs} are to be trained. */
  public int perTask(int runs) {
    return runsPerTask.orElse((runs + MOST_TASKS - 1) / MOST_TASKS);
  }

  /**
   * The options that a batch script begins with, in sbatch's names.
   *
   * @param name of the experiment; only what is harmless in a job's name is kept of it
   * @param output the file for what a task prints, with sbatch's {@code %a} for its number
   * @param tasks of the array, from 0
   * @param threads of each run
   */
  public Map<String, Optional<String>> directives(
      String name, String output, int tasks, int threads) {
    Map<String, Optional<String>> all = new LinkedHashMap<>();
    all.put("job-name", Optional.of("lot-" + name.replaceAll("[^A-Za-z0-9._-]", "_")));
    String limit = atOnce.map(n -> "%" + n).orElse("");
    all.put("array", Optional.of("0-" + (tasks - 1) + limit));
    all.put("ntasks", Optional.of("1"));
    all.put("cpus-per-task", Optional.of(Integer.toString(cpus.orElse(threads))));
    all.put("output", Optional.of(output));
    all.put("open-mode", Optional.of("append"));
    all.put("requeue", Optional.empty());
    all.put("signal", Optional.of("B:USR1@60"));
    partition.ifPresent(value -> all.put("partition", Optional.of(value)));
    account.ifPresent(value -> all.put("account", Optional.of(value)));
    time.ifPresent(value -> all.put("time", Optional.of(value)));
    memory.ifPresent(value -> all.put("mem", Optional.of(value)));
    for (String option : more) {
      String[] parts = option.split("=", 2);
      all.put(parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty());
    }
    return all;
  }

  /** Writes this where {@link #read} finds it. */
  public void write(ObjectNode node) {
    atOnce.ifPresent(value -> node.put("jobs", value));
    runsPerTask.ifPresent(value -> node.put("runs_per_task", value));
    node.put("restarts", restarts);
    partition.ifPresent(value -> node.put("partition", value));
    account.ifPresent(value -> node.put("account", value));
    time.ifPresent(value -> node.put("time", value));
    cpus.ifPresent(value -> node.put("cpus", value));
    memory.ifPresent(value -> node.put("mem", value));
    more.forEach(node.putArray("sbatch")::add);
  }

  /** Reads what {@link #write} wrote. */
  public static SlurmOptions read(JsonNode node) {
    List<String> more = new ArrayList<>();
    node.path("sbatch").forEach(option -> more.add(option.asText()));
    return new SlurmOptions(
        number(node, "jobs"),
        number(node, "runs_per_task"),
        node.path("restarts").asInt(RESTARTS),
        text(node, "partition"),
        text(node, "account"),
        text(node, "time"),
        number(node, "cpus"),
        text(node, "mem"),
        more);
  }

  private static Optional<Integer> number(JsonNode node, String key) {
    return Optional.of(node.path(key)).filter(JsonNode::isInt).map(JsonNode::intValue);
  }

  private static Optional<String> text(JsonNode node, String key) {
    return Optional.of(node.path(key)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }
}
