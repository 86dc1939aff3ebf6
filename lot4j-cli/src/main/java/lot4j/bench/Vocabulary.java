package lot4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Losses over large vocabularies: with all logits at once, and piece by piece. */
final class Vocabulary implements Benchmark {
  static final String NAME = "vocabulary";
  private static final int ROUNDS = 1;
  private static final double MIB = 1 << 20;

  /**
   * A last layer and the positions of a batch.
   *
   * @param classes of the vocabulary
   * @param features into the last layer
   * @param positions in a batch
   * @param plain whether its logits at once fit into a usual machine's memory
   */
  private record Size(int classes, int features, int positions, boolean plain) {}

  private static final List<Size> SIZES =
      List.of(
          new Size(33_278, 650, 20 * 35, true),
          new Size(267_735, 410, 3 * 100, true),
          new Size(267_735, 410, 30 * 100, false));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String about() {
    return "last layer and losses of a LoT update over 33 k and 268 k words: memory and time";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Map<String, List<Double>> peaks = new LinkedHashMap<>();
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int round = 1; round <= settings.rounds(ROUNDS); round++) {
      for (Size size : SIZES) {
        for (String form : size.plain() ? List.of("plain", "piecewise") : List.of("piecewise")) {
          String name = name(size, settings) + ", " + form;
          progress.accept("round " + round + ": " + name);
          try (Child child = child(name, size, form, settings)) {
            child.order(settings.seconds());
            Child.Answer answer = child.answer();
            peaks.computeIfAbsent(name, n -> new ArrayList<>()).add(answer.peakBytes() / MIB);
            rates.computeIfAbsent(name, n -> new ArrayList<>()).add(answer.rate());
          }
        }
      }
    }
    List<Series> series = new ArrayList<>();
    peaks.forEach((name, values) -> series.add(Series.of(name + ": peak memory", "MiB", values)));
    rates.forEach((name, values) -> series.add(Series.of(name + ": speed", "words/s", values)));
    return new Findings(
        name(),
        series,
        List.of(
            "Teacher: cross-entropy and KL; student: KL; forward and backward from features on.",
            "Memory is the whole process's: two last layers and their gradients are in it."));
  }

  private static String name(Size size, Settings settings) {
    return String.format(
        java.util.Locale.ROOT, "V = %,d, %,d words", size.classes(), positions(size, settings));
  }

  private static int positions(Size size, Settings settings) {
    return settings.batch().orElse(size.positions());
  }

  private static Child child(String name, Size size, String form, Settings settings) {
    List<String> command = new ArrayList<>(Child.program());
    command.addAll(List.of("bench", NAME, "--serve"));
    command.addAll(List.of("--threads", String.valueOf(settings.threads(1).get(0))));
    command.addAll(List.of("--set", "classes=" + size.classes()));
    command.addAll(List.of("--set", "features=" + size.features()));
    command.addAll(List.of("--set", "positions=" + positions(size, settings)));
    command.addAll(List.of("--set", "form=" + form));
    return Child.of(name, command);
  }
}
