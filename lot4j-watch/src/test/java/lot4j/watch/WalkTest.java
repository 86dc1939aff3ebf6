package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkTest {
  @TempDir Path folder;

  private Path run(String path) throws IOException {
    Path run = folder.resolve(path);
    MadeUpRuns.write(run.resolve("run.json"), "{}");
    return run;
  }

  @Test
  void findsRunsAndWhatHoldsThem() throws IOException {
    Path alone = run("alone");
    Path inTrial = run("sweep/trials/a/runs/lot-seed0");
    Path sweep = folder.resolve("sweep");
    Path trial = sweep.resolve("trials/a");
    MadeUpRuns.write(sweep.resolve("sweep.json"), "{}");
    MadeUpRuns.write(trial.resolve("experiment.yaml"), "");

    Walk.Found found = Walk.below(folder);

    assertThat(found.runs())
        .containsExactlyInAnyOrder(
            new Walk.Run(alone, Optional.empty()), new Walk.Run(inTrial, Optional.of(trial)));
    assertThat(found.groups())
        .containsExactlyInAnyOrder(
            new Walk.Group(sweep, "sweep", Optional.empty()),
            new Walk.Group(trial, "comparison", Optional.of(sweep)));
    assertThat(found.cut()).isFalse();
  }

  @Test
  void aRunItselfIsFound() throws IOException {
    Path run = run("alone");
    assertThat(Walk.below(run).runs()).containsExactly(new Walk.Run(run, Optional.empty()));
  }

  @Test
  void neitherLinksNorHiddenFoldersNorInsidesOfRunsAreEntered() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Path inside = Files.createDirectories(folder.resolve("inside"));
    MadeUpRuns.write(outside.resolve("run.json"), "{}");
    Files.createSymbolicLink(inside.resolve("link"), outside);
    Files.createSymbolicLink(
        Files.createDirectories(inside.resolve("folder")).resolve("run.json"),
        outside.resolve("run.json"));
    MadeUpRuns.write(inside.resolve(".hidden/run.json"), "{}");
    MadeUpRuns.write(inside.resolve("run/run.json"), "{}");
    MadeUpRuns.write(inside.resolve("run/checkpoints/run.json"), "{}");

    assertThat(Walk.below(inside).runs())
        .containsExactly(new Walk.Run(inside.resolve("run"), Optional.empty()));
  }

  @Test
  void depthHasALimitThatIsSaid() throws IOException {
    run("1/2/3/4/5/6/7/8/9/10");
    assertThat(Walk.below(folder).runs()).hasSize(1);
    assertThat(Walk.below(folder).cut()).isFalse();
    run("1/2/3/4/5/6/7/8/9/ten/11");
    assertThat(Walk.below(folder).runs()).hasSize(1);
    assertThat(Walk.below(folder).cut()).isTrue();
  }

  @Test
  void aDirectoryThatIsGoneIsEmpty() {
    assertThat(Walk.below(folder.resolve("absent")).runs()).isEmpty();
  }
}
