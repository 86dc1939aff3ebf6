package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program in Python that does what the published trainer does, where PyTorch is installed. */
@Tag("slow")
final class PublishedTrainerIT {
  private static Path home() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("lot4j-core")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }

  @Test
  void makesItsStepsWhenItIsTold() {
    Settings settings =
        new Settings(
            Optional.empty(), 1, Optional.empty(), List.of(), List.of(), Optional.of(home()));
    Optional<Peer> peer = Peer.ofPublishedTrainer(settings);
    assumeTrue(peer.isPresent(), "no Python with PyTorch here: the published steps are untried");

    List<String> options = List.of("--threads", "1", "--batch", "8", "--student-steps", "2");
    try (Variant steps = peer.get().byHand("as published", options)) {
      assertThat(steps.round(0.001)).isPositive();
    }
  }
}
