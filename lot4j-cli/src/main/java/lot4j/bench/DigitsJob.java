package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The newcomer's comparison, as a whole. */
final class DigitsJob implements Benchmark {
  @Override
  public String name() {
    return "digits";
  }

  @Override
  public String about() {
    return "seconds of 'lot compare digits', start to report";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Command lot = new Command(settings);
    List<Double> whole = new ArrayList<>();
    int rounds = settings.rounds(1);
    try (GeneratedImages scratch = GeneratedImages.make()) {
      for (int round = 1; round <= rounds; round++) {
        List<String> arguments = new ArrayList<>(List.of("compare", "digits", "--out"));
        arguments.add(scratch.directory().resolve("compare" + round).toString());
        settings.set().forEach(each -> arguments.addAll(List.of("--set", each)));
        whole.add(lot.time("", arguments).whole());
        progress.accept("round " + round + " of " + rounds);
      }
    }
    return new Findings(name(), List.of(Series.of("lot compare digits", "s", whole)), List.of());
  }
}
