package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lot4j.testkit.Damage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir Path run;
  private PointerScope scope;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private CheckpointStore store() {
    return new CheckpointStore(run, 2, Map.of("lot4j", "0.1.0"));
  }

  private static Path save(CheckpointStore store, long step) {
    return store.save(
        step,
        Map.of("teacher", Map.of("fc.weight", torch.ones(2, 2).mul_(number(step)))),
        out -> out.section("trainer").number("step", step));
  }

  private static Tensor number(long value) {
    return tensor((float) value);
  }

  private List<String> names() throws Exception {
    try (Stream<Path> paths = Files.list(run.resolve("checkpoints"))) {
      return paths.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void givesBackWhatWasSaved() {
    save(store(), 500);
    Checkpoint checkpoint = store().latest(warnings::add).orElseThrow();
    Tensor weight = torch.zeros(2, 2).set_requires_grad(true);
    checkpoint.restoreLearner("teacher", Map.of("fc.weight", weight));
    assertThat(weight.equal(torch.full(new long[] {2, 2}, new Scalar(500f)))).isTrue();
    assertThat(checkpoint.step()).isEqualTo(500);
    assertThat(checkpoint.learners()).containsExactly("teacher");
    assertThat(checkpoint.state().section("trainer").number("step")).isEqualTo(500);
    assertThat(warnings).isEmpty();
  }

  @Test
  void isEmptyBeforeTheFirstSave() {
    assertThat(store().latest(warnings::add)).isEmpty();
    assertThat(store().best(warnings::add)).isEmpty();
    assertThat(CheckpointStore.find(run.resolve("absent"), warnings::add)).isEmpty();
  }

  @Test
  void keepsTheNewestAndTheBest() throws Exception {
    CheckpointStore store = store();
    save(store, 1);
    store.markBest(1);
    for (long step = 2; step <= 4; step++) {
      save(store, step);
    }
    assertThat(names())
        .containsExactly(
            "best", "latest", "step-00000001.ckpt", "step-00000003.ckpt", "step-00000004.ckpt");
    assertThat(store.best(warnings::add).orElseThrow().step()).isEqualTo(1);
    assertThat(Files.readString(run.resolve("checkpoints/latest")))
        .isEqualTo("step-00000004.ckpt\n");
    assertThat(CheckpointStore.find(run, warnings::add).orElseThrow().step()).isEqualTo(1);
  }

  @Test
  void namesADamagedOneAndUsesThePreviousOne() throws Exception {
    CheckpointStore store = store();
    save(store, 400);
    Path damaged = save(store, 500);
    long size = Files.size(damaged.resolve("teacher.safetensors"));
    Damage.truncate(damaged.resolve("teacher.safetensors"), size - 3);
    assertThat(store.latest(warnings::add).orElseThrow().step()).isEqualTo(400);
    assertThat(warnings)
        .containsExactly(
            damaged
                + ": teacher.safetensors is "
                + (size - 3)
                + " bytes, its manifest says "
                + size
                + "; using step-00000400.ckpt");
  }

  @Test
  void noticesAChangedBitAnywhere() throws Exception {
    Path saved = save(store(), 7);
    try (Stream<Path> files = Files.list(saved)) {
      for (Path file : files.toList()) {
        for (int at = 0; at < Files.size(file); at++) {
          Damage.flip(file, at);
          assertThatThrownBy(() -> Checkpoint.open(saved))
              .as("%s byte %d", file, at)
              .isInstanceOf(CheckpointException.class)
              .hasMessageStartingWith(saved + ": " + file.getFileName());
          Damage.flip(file, at);
        }
      }
    }
    assertThat(Checkpoint.open(saved).step()).isEqualTo(7);
  }

  @Test
  void noticesEveryMissingFile() throws Exception {
    Path saved = save(store(), 7);
    try (Stream<Path> files = Files.list(saved)) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        assertThatThrownBy(() -> Checkpoint.open(saved))
            .isInstanceOf(CheckpointException.class)
            .hasMessage(saved + ": " + file.getFileName() + " is missing");
        Files.write(file, bytes);
      }
    }
  }

  @Test
  void failsIfAllAreDamaged() throws Exception {
    CheckpointStore store = store();
    Files.delete(save(store, 1).resolve("manifest.json"));
    Damage.truncate(save(store, 2).resolve("manifest.json"), 30);
    assertThatThrownBy(() -> store.latest(warnings::add))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("step-00000002.ckpt: manifest.json is cut short")
        .hasMessageContaining("step-00000001.ckpt: manifest.json is missing")
        .hasMessageEndingWith("no checkpoint is whole");
  }

  @Test
  void removesWhatAKilledSaveLeft() throws Exception {
    save(store(), 1);
    Path partial = run.resolve("checkpoints/.tmp-step-00000002.ckpt");
    Files.createDirectory(partial);
    Files.writeString(partial.resolve("teacher.safetensors"), "half");
    assertThat(CheckpointStore.find(run, warnings::add).orElseThrow().step()).isEqualTo(1);
    assertThat(partial).exists();
    assertThat(store().latest(warnings::add).orElseThrow().step()).isEqualTo(1);
    assertThat(partial).doesNotExist();
    assertThat(warnings).isEmpty();
  }

  @Test
  void putsBackAReplacedOneWhoseSuccessorNeverCame() throws Exception {
    Path saved = save(store(), 1);
    Files.move(saved, saved.resolveSibling(".old-step-00000001.ckpt"));
    assertThat(store().latest(warnings::add).orElseThrow().step()).isEqualTo(1);
  }

  @Test
  void replacesACheckpointOfTheSameStep() throws Exception {
    CheckpointStore store = store();
    Files.delete(save(store, 5).resolve("manifest.json"));
    save(store, 5);
    assertThat(store.latest(warnings::add).orElseThrow().step()).isEqualTo(5);
    assertThat(names()).containsExactly("latest", "step-00000005.ckpt");
  }

  @Test
  void deletesLaterOnesAfterGoingBack() throws Exception {
    CheckpointStore store = store();
    save(store, 400);
    Files.delete(save(store, 500).resolve("state.json"));
    save(store, 450);
    assertThat(names()).containsExactly("latest", "step-00000400.ckpt", "step-00000450.ckpt");
  }

  @Test
  void aFailureInTheMiddleLeavesWhatWasThere() throws Exception {
    CheckpointStore store = store();
    save(store, 1);
    List<String> before = names();
    assertThatThrownBy(
            () ->
                store.save(
                    2,
                    Map.of("teacher", Map.of("w", torch.ones(1))),
                    out -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void refusesLearnersThatDoNotFit() {
    Checkpoint checkpoint = Checkpoint.open(save(store(), 1));
    Tensor weight = torch.zeros(2, 2);
    assertThatThrownBy(
            () ->
                checkpoint.restoreLearner(
                    "teacher", Map.of("fc.weight", weight, "fc.bias", torch.zeros(2))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("teacher.safetensors: no tensor 'fc.bias'");
    assertThatThrownBy(() -> checkpoint.restoreLearner("teacher", Map.of()))
        .hasMessageContaining("'fc.weight' is not in the target");
    assertThatThrownBy(() -> checkpoint.restoreLearner("student0", Map.of()))
        .hasMessageContaining("no student0.safetensors");
    assertThat(weight.sum().item_float()).isZero();
  }

  @Test
  void refusesStemsThatLeaveTheDirectory() {
    for (String stem : List.of("state", "../x", "", "A")) {
      assertThatThrownBy(() -> store().save(1, Map.of(stem, Map.of()), out -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void marksNoCheckpointThatIsNotThere() {
    assertThatThrownBy(() -> store().markBest(3)).isInstanceOf(IllegalArgumentException.class);
  }
}
