package lot4j.preset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ExperimentConfig;
import lot4j.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paper's rows of fine-tuned image networks: all there, with the published values. */
class FineTuningPresetsTest {
  private static final Shape IMAGE = Shape.of(3, 384, 384);

  /** What its comparison trains with LoT: a built-in label would take keys of its own. */
  private static RunConfig read(String preset) {
    return new ConfigReader(Catalog.load())
        .read(Presets.find(preset).orElseThrow(), List.of()).methods().stream()
            .map(ExperimentConfig.Variant::config)
            .filter(config -> config.method().equals("lot"))
            .findFirst()
            .orElseThrow();
  }

  private static long parameters(ModelSpec model) {
    return model.census(IMAGE, 1000).parameters();
  }

  /** Parameters with 1,000 classes at 384 pixels, as published for timm's networks. */
  @ParameterizedTest
  @CsvSource({
    "vit-b16, 86859496, 86859496",
    "vit-b16-vit-l16, 86859496, 304715752",
    "vit-l16, 304715752, 304715752",
    "vit-l16-vit-b16, 304715752, 86859496",
    "swin-b, 87903584, 87903584",
    "swin-b-swin-l, 87903584, 196735516",
    "swin-l, 196735516, 196735516",
    "swin-l-swin-b, 196735516, 87903584"
  })
  void imageNetRowsHaveThePublishedValues(String pair, long teacher, long student) {
    RunConfig config = read("finetune-imagenet-" + pair);
    assertThat(parameters(config.teacher().spec())).isEqualTo(teacher);
    assertThat(parameters(config.students().get(0).spec())).isEqualTo(student);
    boolean swin = pair.startsWith("swin");
    assertThat(config.lot().alpha().at(0)).isEqualTo(swin ? 0.5 : 1);
    assertThat(config.lot().temperature()).isEqualTo(1.5);
    assertThat(config.lot().steps()).isEqualTo(1);
    assertThat(config.budget().amount()).isEqualTo(swin ? 15 : 10_000);
    assertThat(config.optimization().optimizer().lr()).isEqualTo(swin ? 2e-5 : 0.03);
  }

  @Test
  void everyRowOfTheTableIsThere() {
    // Three students for each of two residual networks, two for each of six transformers.
    assertThat(Presets.names().stream().filter(name -> name.startsWith("finetune-")))
        .hasSize(2 * 3 + 6 * 2)
        .doesNotHaveDuplicates();
  }
}
