package lot4j.bench;

import java.util.List;
import java.util.Optional;

/** All benchmarks. */
public final class Benchmarks {
  private Benchmarks() {}

  /** In the order in which they run. */
  public static List<Benchmark> all() {
    return List.of(
        new ImageStep(),
        new Overhead(),
        new DataParallel(),
        new LotStep(),
        new PaperTrainer(),
        new PeakResident(),
        new Vocabulary(),
        new LanguageStep("lstm-step", Subject.LSTM),
        new LanguageStep("transformerxl-step", Subject.TRANSFORMER_XL),
        new LanguageLotStep("lstm-lot-step", Subject.LSTM),
        new LanguageLotStep("transformerxl-lot-step", Subject.TRANSFORMER_XL),
        new LanguageMemory(),
        new LanguageParts("lstm-parts", Subject.LSTM),
        new LanguageParts("transformerxl-parts", Subject.TRANSFORMER_XL),
        new EnvironmentSteps(),
        new PpoParts(),
        new PolicyLotStep("actor-critic-lot-step", Subject.ACTOR_CRITIC),
        new PolicyLotStep("grid-cnn-lot-step", Subject.GRID_CNN),
        new Roofline(),
        new Startup(),
        new SweepTrials(),
        new DigitsJob());
  }

  /** The benchmark of that name. */
  public static Optional<Benchmark> named(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst();
  }
}
