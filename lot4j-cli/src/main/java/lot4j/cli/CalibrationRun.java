package lot4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lot4j.task.RunCalibration;
import lot4j.task.RunCalibration.Fitted;
import lot4j.train.RunSession;

/** Fits the temperatures of a run's learners and keeps them in its directory. */
final class CalibrationRun {
  private final Console console;
  private final RunSession session;
  private final Path directory;

  /**
   * @param directory a run or one of its checkpoints
   */
  CalibrationRun(Console console, RunSession session, Path directory) {
    this.console = console;
    this.session = session;
    this.directory = directory;
  }

  /** Whose weights are judged. */
  private record Origin(Path run, long step) {}

  /** Fits all learners; shows all, or one student. */
  int fit(Optional<Integer> student, boolean json) {
    Origin origin =
        session.withNetworks(
            directory, console.warnings(), run -> new Origin(run.directory(), run.step()));
    Map<String, Fitted> learners =
        session.judge(directory, console.warnings(), RunCalibration::fit);
    String only = student.map(i -> "student" + i).orElse("");
    if (student.isPresent() && !learners.containsKey(only)) {
      throw new UsageException(
          "--student " + student.get() + " is not allowed; this run has " + learners.keySet());
    }
    RunCalibration calibration = RunCalibration.of(origin.step(), learners);
    calibration.write(origin.run());
    Map<String, Fitted> shown = new LinkedHashMap<>(learners);
    if (student.isPresent()) {
      shown.keySet().retainAll(List.of(only));
    }
    shown.forEach((name, fitted) -> console.result(json, words(name, fitted)));
    console.note("saved: " + origin.run().resolve(RunCalibration.FILE));
    if (json) {
      console.result(calibration.document().toPrettyString());
    }
    return Exit.DONE;
  }

  private static String words(String learner, Fitted fitted) {
    List<String> words = new ArrayList<>();
    words.add(
        String.format(Locale.ROOT, "%s temperature %.4f", learner, fitted.scaling().temperature()));
    fitted
        .before()
        .forEach(
            (split, before) -> {
              String of = split.key() + " ";
              for (String metric : List.of("ece", "loss")) {
                if (before.containsKey(metric)) {
                  double after = fitted.after().get(split).get(metric);
                  words.add(
                      String.format(
                          Locale.ROOT, "%s%s %.4f to %.4f", of, metric, before.get(metric), after));
                  of = "";
                }
              }
            });
    return String.join(", ", words);
  }
}
