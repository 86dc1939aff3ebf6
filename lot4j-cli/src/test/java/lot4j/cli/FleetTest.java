package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fleet does before any worker trains; the rest is in {@link SweepIT} and others. */
class FleetTest {
  private static final List<Path> RUNS = List.of(Path.of("first"), Path.of("second"));

  @TempDir Path directory;
  private final List<Path> made = new ArrayList<>();
  private final List<Path> ended = new ArrayList<>();

  private final Fleet.Watcher watcher =
      new Fleet.Watcher() {
        @Override
        public void progress(double fraction) {}

        @Override
        public void ended(Path run, Fleet.End end) {
          ended.add(run);
        }
      };

  @Test
  void aDirectoryThatCannotBeMadeEndsIt() {
    Fleet fleet = new Fleet(2, List.of(), directory, () -> false);

    assertThatThrownBy(
            () ->
                fleet.train(
                    RUNS,
                    run -> {
                      made.add(run);
                      throw new IllegalStateException("the disk is full");
                    },
                    watcher))
        .hasMessage("the disk is full");
    assertThat(made).containsExactly(RUNS.get(0));
    assertThat(ended).isEmpty();
  }

  @Test
  void nothingIsMadeAfterARequestToStop() throws InterruptedException {
    Fleet fleet = new Fleet(2, List.of(), directory, () -> true);

    assertThat(fleet.train(RUNS, made::add, watcher)).isEmpty();
    assertThat(made).isEmpty();
    assertThat(ended).isEmpty();
  }
}
