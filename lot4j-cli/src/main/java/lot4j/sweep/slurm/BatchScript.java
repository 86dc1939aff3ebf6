package lot4j.sweep.slurm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The script that sbatch gets for a job array. Its paths begin where {@code lot} was called, for so
 * do those of a configuration; a person can call sbatch there again.
 *
 * @param directives options of sbatch, by their long names; no value for a switch
 * @param list the file with the array's run directories, one a line
 * @param perTask lines of a task
 * @param restarts how often a task may begin again after it was stopped or killed
 * @param variables of the environment that change speed or bits, which a cluster may not pass on
 * @param program the words of the command that takes run directories and trains them
 */
public record BatchScript(
    Map<String, Optional<String>> directives,
    String list,
    int perTask,
    int restarts,
    Map<String, String> variables,
    List<String> program) {
  // Slurm's TERM reaches the program and this shell, USR1 this shell alone.
  private static final String TEXT =
      """
      #!/bin/bash
      # A job array of a sweep, written by lot. A task trains the run directories of its lines in
      # the list below, and goes on where a stop left them.
      %2$s
      %3$sfirst=$((SLURM_ARRAY_TASK_ID * %4$d + 1))
      last=$((first + %4$d - 1))
      mapfile -t runs < <(sed -n "${first},${last}p" < %1$s)

      # USR1 comes before the time limit: a checkpoint, and the task begins again. After TERM it
      # does not: scancel means it, and Slurm itself requeues what it preempts.
      again=yes
      signalled=
      trap 'signalled=yes; kill -TERM "$lot"' USR1
      trap 'signalled=yes; again=no; kill -TERM "$lot"' TERM INT
      %5$s "${runs[@]}" &
      lot=$!
      code=127
      while
        signalled=
        wait "$lot"
        now=$?
        [ "$now" = 127 ] || code=$now
        [ -n "$signalled" ]
      do :; done

      # 130 is a stop with a checkpoint, 137 a kill, for want of memory perhaps.
      if [ "$code" -gt 128 ] && [ "$again" = yes ]; then
        if [ "${SLURM_RESTART_COUNT:-0}" -lt %6$d ]; then
          echo "lot: stopped with exit code $code; the task begins again"
          scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        else
          echo "lot: stopped with exit code $code after ${SLURM_RESTART_COUNT:-0} restarts"
          code=1
        fi
      fi
      exit "$code"
      """;

  /** Keeps copies. */
  public BatchScript {
    directives = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(directives));
    variables = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(variables));
    program = List.copyOf(program);
  }

  /** The script itself. */
  public String text() {
    StringBuilder options = new StringBuilder();
    directives.forEach(
        (key, value) ->
            options
                .append("#SBATCH --")
                .append(key)
                .append(value.map(v -> "=" + directive(v)).orElse(""))
                .append('\n'));
    StringBuilder exports = new StringBuilder();
    variables.forEach(
        (name, value) ->
            exports.append("export ").append(name).append('=').append(word(value)).append('\n'));
    if (!exports.isEmpty()) {
      exports.append('\n');
    }
    String command = String.join(" ", program.stream().map(BatchScript::word).toList());
    return String.format(
        java.util.Locale.ROOT, TEXT, word(list), options, exports, perTask, command, restarts);
  }

  /** The same options as arguments: they stand over SBATCH_… variables, the script's do not. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    directives.forEach(
        (key, value) -> arguments.add("--" + key + value.map(v -> "=" + v).orElse("")));
    return arguments;
  }

  /** A word for the shell, quoted where it has to be. */
  static String word(String text) {
    return text.matches("[A-Za-z0-9_./:,@%+=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String directive(String text) {
    return text.matches("[A-Za-z0-9_./:,@%+=-]*")
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
