package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lot4j.train.DataException;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The known-answer files of a directory, run through the real implementation. */
public final class KnownAnswers {
  private static final List<ScalarType> PRECISIONS = List.of(ScalarType.Double, ScalarType.Float);

  private KnownAnswers() {}

  /**
   * What came out.
   *
   * @param files one result a file
   * @param passed whether every case passed
   */
  public record Report(List<FileReport> files, boolean passed) {}

  /**
   * One file's result.
   *
   * @param file its name
   * @param cases entries in it
   * @param passed entries without a miss, in either precision
   * @param maxErrorFloat64 largest |difference| / max(1, |expected|) in float64
   * @param maxErrorFloat32 the same in float32
   * @param misses what was out of tolerance, a line each
   */
  public record FileReport(
      String file,
      int cases,
      int passed,
      double maxErrorFloat64,
      double maxErrorFloat32,
      List<String> misses) {}

  /** One entry of a file in one precision. */
  private interface Check {
    Tally run(JsonNode entry, String name, ScalarType type);
  }

  /**
   * Runs whichever known files are in {@code directory}.
   *
   * @throws DataException if none is there, or one cannot be read
   */
  public static Report in(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": no such directory");
    }
    List<FileReport> files = new ArrayList<>();
    run(directory.resolve("imitability.json"), files, KnownAnswers::imitability);
    run(directory.resolve("lot_step.json"), files, KnownAnswers::lotStep);
    run(directory.resolve("ppl.json"), files, KnownAnswers::perplexity);
    run(directory.resolve("gae.json"), files, KnownAnswers::advantages);
    if (files.isEmpty()) {
      throw new DataException(
          directory
              + ": no known-answer file; imitability.json, lot_step.json, ppl.json, gae.json are"
              + " run");
    }
    return new Report(
        List.copyOf(files), files.stream().allMatch(file -> file.passed() == file.cases()));
  }

  private interface FileRun {
    FileReport run(String name, JsonNode root);
  }

  private static void run(Path file, List<FileReport> into, FileRun run) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      FileReport report =
          run.run(file.getFileName().toString(), new ObjectMapper().readTree(file.toFile()));
      if (report.cases() == 0) {
        throw new DataException(file + ": no cases in it"); // else it would pass
      }
      into.add(report);
    } catch (IOException e) {
      throw new DataException(file + ": not readable as JSON: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      // A missing or malformed entry: the file is not what its name says.
      throw new DataException(file + ": an entry is missing or malformed: " + e.getMessage(), e);
    }
  }

  private static FileReport imitability(String file, JsonNode root) {
    Counter counter = new Counter();
    counter.count(
        root.path("cases"),
        "cases",
        (entry, name, type) -> {
          Tally tally = new Tally(name, ImitabilityFile.tolerance(type));
          ImitabilityFile.categorical(entry, type, tally);
          return tally;
        });
    counter.count(
        root.path("gaussian"),
        "gaussian",
        (entry, name, type) -> {
          Tally tally = new Tally(name, ImitabilityFile.tolerance(type));
          ImitabilityFile.gaussian(entry, type, tally);
          return tally;
        });
    return counter.report(file);
  }

  private static FileReport lotStep(String file, JsonNode root) {
    Counter counter = new Counter();
    counter.count(
        root.path("scenarios"),
        "scenarios",
        (entry, name, type) -> {
          Tally tally = new Tally(name, LotStepFile.tolerance(entry, type));
          new LotStepFile(root, entry, type, tally).run();
          return tally;
        });
    return counter.report(file);
  }

  private static FileReport perplexity(String file, JsonNode root) {
    Counter counter = new Counter();
    counter.count(
        root.path("cases"),
        "cases",
        (entry, name, type) -> {
          Tally tally = new Tally(name, PerplexityFile.tolerance(type));
          new PerplexityFile(entry, type, tally).run();
          return tally;
        });
    return counter.report(file);
  }

  private static FileReport advantages(String file, JsonNode root) {
    Counter counter = new Counter();
    counter.count(
        root.path("cases"),
        "cases",
        (entry, name, type) -> {
          Tally tally = new Tally(name, PerplexityFile.tolerance(type));
          new AdvantageFile(entry, type, tally).run();
          return tally;
        });
    return counter.report(file);
  }

  /** Counts cases over both precisions. */
  private static final class Counter {
    private final List<String> misses = new ArrayList<>();
    private final Map<ScalarType, double[]> largest =
        Map.of(ScalarType.Double, new double[1], ScalarType.Float, new double[1]);
    private int cases;
    private int passed;

    void count(JsonNode entries, String list, Check check) {
      int index = 0;
      for (JsonNode entry : entries) {
        String name =
            entry.path("name").isTextual() ? entry.get("name").asText() : list + "[" + index + "]";
        boolean ok = true;
        for (ScalarType type : PRECISIONS) {
          String precision = type == ScalarType.Double ? " (float64)" : " (float32)";
          Tally tally = check.run(entry, name + precision, type);
          ok &= tally.misses().isEmpty();
          misses.addAll(tally.misses());
          double[] max = largest.get(type);
          max[0] = Math.max(max[0], tally.largest());
        }
        cases++;
        passed += ok ? 1 : 0;
        index++;
      }
    }

    FileReport report(String file) {
      return new FileReport(
          file,
          cases,
          passed,
          largest.get(ScalarType.Double)[0],
          largest.get(ScalarType.Float)[0],
          List.copyOf(misses));
    }
  }
}
