package lot4j.sweep.slurm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One task of a job array as the queue shows it; Slurm shows an ended one for some minutes.
 *
 * @param job number of the array
 * @param index of the task in it
 * @param state in Slurm's words, e.g. {@code RUNNING}
 * @param status of the batch script's process as wait(2) gives it, 0 before it ended
 * @param reason why it waits or what ended it, {@code None} without
 */
public record QueuedTask(String job, int index, String state, int status, String reason) {
  /** The fields that squeue is asked for, in the order in which {@link #read} takes them. */
  static final String FIELDS = "ArrayJobID:|,ArrayTaskID:|,State:|,exit_code:|,Reason:";

  private static final int COUNT = 5;

  private static final Set<String> ENDED =
      Set.of(
          "BOOT_FAIL",
          "CANCELLED",
          "COMPLETED",
          "DEADLINE",
          "FAILED",
          "NODE_FAIL",
          "OUT_OF_MEMORY",
          "PREEMPTED",
          "REVOKED",
          "TIMEOUT");

  /** What a waiting task is normally waiting for. */
  private static final Set<String> ORDINARY =
      Set.of("None", "Priority", "Resources", "JobArrayTaskLimit", "BeginTime", "Cleaning");

  /** Reads squeue's lines; one that is no task of an array is passed over. */
  static List<QueuedTask> read(List<String> lines) {
    List<QueuedTask> tasks = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.strip().split("\\|", COUNT);
      if (fields.length == COUNT && fields[1].matches("[0-9]{1,9}")) {
        tasks.add(
            new QueuedTask(
                fields[0],
                Integer.parseInt(fields[1]),
                fields[2].toUpperCase(Locale.ROOT),
                fields[3].matches("[0-9]{1,9}") ? Integer.parseInt(fields[3]) : 0,
                fields[4]));
      }
    }
    return tasks;
  }

  /** Whether it has left the queue. */
  public boolean ended() {
    return ENDED.contains(state);
  }

  /** Whether somebody took it out of the queue. */
  public boolean cancelled() {
    return state.equals("CANCELLED");
  }

  /** The script's exit code; 0 where it has none, for it runs, waits or was killed. */
  public int exitCode() {
    return status >> 8;
  }

  /** Whether the script ended by itself with an error; one above 128 says that it was stopped. */
  public boolean failed() {
    return state.equals("FAILED") && exitCode() > 0 && exitCode() <= 128;
  }

  /** Whether it waits for something that may need a person. */
  public boolean stuck() {
    return state.equals("PENDING") && !ORDINARY.contains(reason);
  }

  /** {@code 17_3}, as Slurm's commands take it. */
  public String id() {
    return job + "_" + index;
  }
}
