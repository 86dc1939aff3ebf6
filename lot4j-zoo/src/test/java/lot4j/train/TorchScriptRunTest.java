package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.config.RunConfig;
import lot4j.model.torchscript.Scripts;
import lot4j.model.torchscript.TorchScript;
import lot4j.model.torchscript.TorchScriptExport;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs with networks from TorchScript files, and what comes out. */
class TorchScriptRunTest {
  private static final Shape DIGIT = Shape.of(1, 8, 8);

  @TempDir Path temporary;

  private Path script() {
    return temporary.resolve("model.pt");
  }

  private Path run() {
    return temporary.resolve("run");
  }

  /** Teacher and student from the same file. */
  private String both(Path file) {
    return Runs.SMALL
        .replace("{model: mlp, hidden: [16]}", "{torchscript: " + file + "}")
        .replace("[{model: mlp, hidden: [12]}]", "[{torchscript: " + file + "}]");
  }

  @Test
  void aRunWithDropoutAndBuffersResumesToTheBitWithoutTheFile() throws IOException {
    for (Path file :
        List.of(
            Scripts.dropping(temporary.resolve("a.pt"), 64, 16, 10),
            Scripts.cnn(temporary.resolve("b.pt"), 1, 8, 10))) {
      Path whole = temporary.resolve("whole-" + file.getFileName());
      Path broken = temporary.resolve("broken-" + file.getFileName());
      Runs.run(whole, both(file));
      Runs.create(broken, Runs.config(both(file)));
      Files.delete(file);
      assertThat(Runs.proceed(broken, Runs.after(7)).status()).isEqualTo(RunStatus.INTERRUPTED);
      assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
      assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(whole));
      assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(whole));
      assertThat(Runs.session().score(broken, Split.TEST, Optional.empty(), Listener.none()))
          .isEqualTo(Runs.session().score(whole, Split.TEST, Optional.empty(), Listener.none()));
    }
  }

  @Test
  void trainsAsTheBuiltInOfTheSameLayersDoes() {
    Path built = temporary.resolve("built");
    Runs.run(built, Runs.SMALL, "method=teacher-only", "select=last");
    Path scripted = temporary.resolve("scripted");
    // The built-in's first weights in the script: both then do the same sums.
    Path file = Scripts.mlp(script(), 64, 16, 10);
    Path same = temporary.resolve("same.pt");
    try (PointerScope scope = new PointerScope()) {
      TorchScriptExport.write(TorchScript.of(file), first(built), same);
    }
    Runs.run(
        scripted,
        Runs.SMALL,
        "method=teacher-only",
        "select=last",
        "teacher={torchscript: " + same + "}");
    assertThat(Runs.metricLines(scripted)).isNotEmpty();
    assertThat(Runs.result(scripted).replace("scripted", "built")).isEqualTo(Runs.result(built));
    assertThat(Runs.weights(scripted, "teacher")).isEqualTo(Runs.weights(built, "teacher"));
  }

  /** The weights that a run began with: those of the same seed, before any step. */
  private static Map<String, Tensor> first(Path run) {
    RunConfig config = Runs.session().config(run);
    torch.manual_seed(new lot4j.random.Streams(config.seed()).engineSeed("init.teacher"));
    Model model = config.teacher().spec().build(DIGIT, 10);
    Weights weights = Weights.of(model.module());
    return new LinkedHashMap<>(weights.parameters());
  }

  @Test
  void anIdenticalStudentStartsWithoutAnythingToImitate() {
    Scripts.mlp(script(), 64, 16, 10);
    Runs.run(run(), both(script()), "lot.regularize-on=student-batch", "eval-every=1");
    Path drawn = temporary.resolve("drawn");
    Runs.run(
        drawn,
        both(script()),
        "lot.regularize-on=student-batch",
        "eval-every=1",
        "students=[{torchscript: " + script() + ", reinit: true}]");
    assertThat(imitability(run())).isEqualTo(0, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(imitability(drawn)).isGreaterThan(1e-3);
  }

  private static double imitability(Path run) {
    JsonNode first = Runs.metricLines(run).get(0);
    return first.findValue("teacher/imitability").asDouble();
  }

  @Test
  void theConfigurationPinsTheFileAndPlansLikeTheBuiltIn() throws IOException {
    RunConfig config = Runs.config(both(Scripts.mlp(script(), 64, 16, 10)));
    Runs.create(run(), config);
    String written = Runs.text(run().resolve("config.yaml"));
    assertThat(written).contains("model: torchscript", "file: " + script(), "sha256: ");
    try (Stream<Path> copies = Files.list(run().resolve("models"))) {
      Path copy = copies.toList().get(0);
      assertThat(written).contains(copy.getFileName().toString());
      assertThat(copy).hasSameBinaryContentAs(script());
    }
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      double flops = Plan.of(config, any -> prepared, Runs.CATALOG).flops();
      RunConfig built = Runs.config(Runs.SMALL, "students=[{model: mlp, hidden: [16]}]");
      assertThat(flops).isEqualTo(Plan.of(built, any -> prepared, Runs.CATALOG).flops());
    }
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
    Scripts.mlp(script(), 64, 16, 7);
    RunConfig config = Runs.config(both(script()));
    assertThatThrownBy(() -> Runs.create(run(), config))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it gives [2, 7]; needed are logits of shape [2, 10]");
    assertThat(run()).doesNotExist();
  }

  @Test
  void trainedWeightsComeBackAsAScript() {
    Runs.run(run(), both(Scripts.cnn(script(), 1, 8, 10)));
    Path out = temporary.resolve("trained.pt");
    export(out);
    Tensor inputs = torch.rand(5, 1, 8, 8);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model again = TorchScript.of(out).build(DIGIT, 10);
      again.module().eval();
      Tensor logits = again.forward(inputs, new Memory()).logits();
      boolean same =
          Runs.session()
              .withNetworks(
                  Runs.latest(run()).path(),
                  Listener.none(),
                  saved ->
                      saved
                          .networks()
                          .get("teacher")
                          .forward(inputs, new Memory())
                          .logits()
                          .equal(logits));
      assertThat(same).isTrue();
    }
    assertThat(Runs.run(temporary.resolve("on"), both(out)).status()).isEqualTo(RunStatus.DONE);
  }

  @Test
  void weightsOfAnotherNetworkAreNotWritten() {
    TorchScript spec = TorchScript.of(Scripts.mlp(script(), 64, 16, 10));
    Path out = temporary.resolve("out.pt");
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> wrong = Map.of("fc1.weight", torch.zeros(16, 64));
      assertThatThrownBy(() -> TorchScriptExport.write(spec, wrong, out))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("the weights do not fit it: [fc1.bias, fc2.bias, fc2.weight]");
    }
    assertThat(out).doesNotExist();
  }

  private void export(Path out) {
    RunConfig config = Runs.session().config(run());
    TorchScript spec = (TorchScript) config.teacher().spec();
    Checkpoint checkpoint = Runs.latest(run());
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Weights weights = Weights.of(spec.build(DIGIT, 10).module());
      Map<String, Tensor> all = new LinkedHashMap<>(weights.parameters());
      all.putAll(weights.buffers());
      checkpoint.restoreLearner("teacher", all);
      TorchScriptExport.write(spec, all, out);
      weights.close();
    }
  }

  @Test
  void thePythonFileOfTheDocumentsGoesThereAndBack() throws Exception {
    Path example = root().resolve("docs/examples/torchscript.py");
    Optional<String> python =
        Stream.of("python3", "/usr/bin/python3", "python")
            .filter(p -> says(p, "-c", "import torch").isPresent())
            .findFirst();
    assumeThat(python)
        .as("no Python with PyTorch here: the way there and back is untried")
        .isPresent();
    assertThat(says(python.get(), example.toString(), "save", script().toString())).isPresent();
    Outcome outcome = Runs.run(run(), both(script()));
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    Path out = temporary.resolve("trained.pt");
    export(out);
    String[] printed =
        says(python.get(), example.toString(), "load", out.toString()).orElseThrow().split(" ");
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model again = TorchScript.of(out).build(DIGIT, 10);
      again.module().eval();
      Tensor half = torch.full(new long[] {1, 1, 8, 8}, new Scalar(0.5f));
      Tensor logits = again.forward(half, new Memory()).logits();
      for (int k = 0; k < 10; k++) {
        assertThat(Double.parseDouble(printed[k]))
            .isCloseTo(
                logits.select(1, k).item_double(), org.assertj.core.data.Offset.offset(1e-4));
      }
    }
  }

  /** What a command prints; empty if it cannot be started or fails. */
  private static Optional<String> says(String... command) {
    try {
      Process process =
          new ProcessBuilder(Arrays.asList(command))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String out = new String(process.getInputStream().readAllBytes()).strip();
      return process.waitFor() == 0 ? Optional.of(out) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("lot4j-core")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }
}
