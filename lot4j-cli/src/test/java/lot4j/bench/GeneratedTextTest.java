package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import org.junit.jupiter.api.Test;

final class GeneratedTextTest {
  @Test
  void hasThePennTreebanksVocabularyAndIsRemoved() {
    Workload workload = new Workload(Subject.LSTM, "test", 1, List.of());
    RunConfig config = workload.config(Catalog.load());
    Path directory;
    try (GeneratedText text = GeneratedText.make();
        var prepared = config.task().spec().prepare(text.directory(), 10)) {
      directory = text.directory();
      assertThat(prepared.outputs()).isEqualTo(GeneratedText.VOCABULARY);
    }

    assertThat(Files.exists(directory)).isFalse();
  }
}
