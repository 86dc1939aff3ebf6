package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How long one waits before training begins. */
final class Startup implements Benchmark {
  private static final int ROUNDS = 7;
  private static final String MARK = "train:";

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public String about() {
    return "seconds from the command to the end of the first update; the aim: under 2 s once built";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Command lot = new Command(settings);
    List<Double> version = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    int rounds = settings.rounds(ROUNDS);
    try (GeneratedImages scratch = GeneratedImages.make()) {
      for (int round = 0; round <= rounds; round++) {
        double v = lot.time(MARK, List.of("--version")).whole();
        String out = scratch.directory().resolve("run" + round).toString();
        // The progress line of the only update comes before evaluation and checkpoint.
        Command.Times run =
            lot.time(MARK, List.of("train", "digits", "--set", "budget.updates=1", "--out", out));
        if (round > 0) {
          version.add(v);
          first.add(run.marked());
          whole.add(run.whole());
        }
        progress.accept(round == 0 ? "warmed up" : "round " + round + " of " + rounds);
      }
    }
    return new Findings(
        name(),
        List.of(
            Series.of("lot --version", "s", version),
            Series.of("lot train digits, to the end of the first update", "s", first)
                .beside("aim 2"),
            Series.of("lot train digits, a run of one update", "s", whole)),
        List.of());
  }
}
