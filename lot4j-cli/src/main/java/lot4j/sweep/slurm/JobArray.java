package lot4j.sweep.slurm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import lot4j.checkpoint.AtomicFile;
import lot4j.train.DataException;

/**
 * A job array that was submitted for a sweep, {@code slurm/<number>.json} of its directory.
 *
 * @param number of the array in its sweep, from 1
 * @param job number that Slurm gave it
 * @param perTask runs of a task
 * @param runs directories relative to the sweep's, with {@code /} between their parts
 */
public record JobArray(int number, String job, int perTask, List<String> runs) {
  /** The folder in the sweep's directory. */
  public static final String FOLDER = "slurm";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keeps a copy of the list. */
  public JobArray {
    runs = List.copyOf(runs);
  }

  /** The task that trains a run. */
  public int task(int run) {
    return run / perTask;
  }

  /** Where a task of it prints, relative to the sweep's directory. */
  public String log(int task) {
    return file(number, "-" + task + ".log");
  }

  /** A file of an array, relative to the sweep's directory. */
  public static String file(int number, String ending) {
    return FOLDER + "/" + number + ending;
  }

  /** Notes that it was submitted. */
  public void write(Path sweep) {
    ObjectNode node = JSON.createObjectNode();
    node.put("job", job);
    node.put("runs_per_task", perTask);
    runs.forEach(node.putArray("runs")::add);
    AtomicFile.write(sweep.resolve(file(number, ".json")), node.toPrettyString() + "\n");
  }

  /** A number that no array of the sweep has, submitted or not. */
  public static int next(Path sweep) {
    return numbers(sweep, "\\.(sh|json)").stream().mapToInt(n -> n).max().orElse(0) + 1;
  }

  /**
   * All that were submitted for a sweep, the oldest first.
   *
   * @throws DataException if a file is damaged
   */
  public static List<JobArray> all(Path sweep) {
    List<JobArray> all = new ArrayList<>();
    for (int number : numbers(sweep, "\\.json")) {
      Path file = sweep.resolve(file(number, ".json"));
      try {
        JsonNode node = JSON.readTree(Files.readAllBytes(file));
        List<String> runs = new ArrayList<>();
        node.path("runs").forEach(run -> runs.add(run.asText()));
        String job = node.path("job").asText();
        int perTask = node.path("runs_per_task").asInt();
        if (!job.matches("[0-9]+") || perTask < 1) {
          throw new DataException(file + ": neither a job's number nor runs_per_task in it");
        }
        all.add(new JobArray(number, job, perTask, runs));
      } catch (JsonProcessingException e) {
        throw new DataException(file + ": not JSON: " + e.getOriginalMessage(), e);
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return all;
  }

  private static List<Integer> numbers(Path sweep, String ending) {
    Path folder = sweep.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]{1,9}" + ending))
          .map(name -> Integer.parseInt(name.replaceFirst("\\..*", "")))
          .sorted(Comparator.naturalOrder())
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
