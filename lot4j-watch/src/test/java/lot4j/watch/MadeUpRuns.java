package lot4j.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Writes run directories with made-up numbers, laid out as the real ones. */
record MadeUpRuns(Path folder) {
  /** A run that is going on, with this budget of updates and no line yet. */
  Path begin(String name, String label, long seed, int updates) {
    Path run = folder.resolve(name);
    write(run.resolve("config.yaml"), "name: made-up\nbudget: {updates: " + updates + "}\n");
    status(run, label, seed, "running");
    write(run.resolve("lock"), ProcessHandle.current().pid() + "\n");
    write(run.resolve("metrics.jsonl"), "");
    return run;
  }

  /** A finished run with so many lines. */
  Path finished(String name, String label, long seed, int lines) {
    Path run = begin(name, label, seed, lines);
    StringBuilder all = new StringBuilder();
    for (int step = 1; step <= lines; step++) {
      all.append(train(step, 1.0 / step)).append(valid(step, 1 - 1.0 / (step + seed + 1)));
    }
    append(run, all.toString());
    done(run, label, seed, 0.9 + seed / 1000.0);
    return run;
  }

  void status(Path run, String label, long seed, String status) {
    write(
        run.resolve("run.json"),
        """
        {"schema":"lot4j-run-1","name":"made-up","label":"%s","method":"%s","seed":%d,
         "status":"%s","started":"2026-01-02T03:04:05Z","ended":null,
         "data":{"name":"digits","files":[],"counts":{"train":200,"valid":50,"test":50}}}
        """
            .formatted(label, label.startsWith("lot") ? "lot" : "teacher-only", seed, status));
  }

  /** Ends a run with this test accuracy. */
  void done(Path run, String label, long seed, double accuracy) {
    write(
        run.resolve("result.json"),
        String.format(
            Locale.ROOT,
            """
            {"splits":{"test":{"teacher":{"loss":0.5,"accuracy":%f}}},
             "primary":{"name":"accuracy","value":%f,"split":"test","higher_is_better":true},
             "selected_on":"valid","selected_step":3,"teacher_updates":100,"student_updates":0,
             "flops":1000000,"wall_s":10,"peak_rss_bytes":1000}
            """,
            accuracy,
            accuracy));
    status(run, label, seed, "done");
  }

  /** A line of training: 50 samples and half a second a step. */
  static String train(int step, double loss) {
    return String.format(
        Locale.ROOT,
        "{\"step\":%d,\"epoch\":%f,\"split\":\"train\",\"wall_s\":%f,\"flops\":%d,\"samples\":%d,"
            + "\"teacher/loss\":%f,\"lr\":0.1}%n",
        step,
        step / 4.0,
        step / 2.0,
        step * 1_000_000L,
        step * 50L,
        loss);
  }

  static String valid(int step, double accuracy) {
    return String.format(
        Locale.ROOT,
        "{\"step\":%d,\"epoch\":%f,\"split\":\"valid\",\"wall_s\":%f,\"flops\":%d,\"samples\":%d,"
            + "\"teacher/loss\":%f,\"teacher/accuracy\":%f}%n",
        step,
        step / 4.0,
        step / 2.0,
        step * 1_000_000L,
        step * 50L,
        1 - accuracy,
        accuracy);
  }

  static void append(Path run, String lines) {
    try {
      Files.writeString(
          run.resolve("metrics.jsonl"),
          lines,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole or not at all, as the real ones. */
  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Path temporary = file.resolveSibling(".tmp-" + file.getFileName());
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
