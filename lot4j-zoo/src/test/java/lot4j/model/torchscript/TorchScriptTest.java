package lot4j.model.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import lot4j.model.vision.Activation;
import lot4j.model.vision.Mlp;
import lot4j.optim.Weights;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading a TorchScript file as a model. */
class TorchScriptTest {
  private static final Shape IMAGE = Shape.of(1, 8, 8);

  @TempDir Path temporary;

  private Path file() {
    return temporary.resolve("model.pt");
  }

  @Test
  void countsWhatTheBuiltInOfTheSameShapeCounts() {
    Census census = TorchScript.of(Scripts.mlp(file(), 64, 16, 10)).census(IMAGE, 10);
    assertThat(census).isEqualTo(new Mlp(List.of(16), Activation.RELU, 0).census(IMAGE, 10));
  }

  @Test
  void countsConvolutions() {
    // Convolution: 4 x 1 x 9 weights at 64 places. Linear: 256 x 10. Parameters: with the norm's 8.
    Census census = TorchScript.of(Scripts.cnn(file(), 1, 8, 10)).census(IMAGE, 10);
    assertThat(census).isEqualTo(new Census(36 + 8 + 2560 + 10, 36 * 64 + 2560));
  }

  @Test
  void countsLoopsAsOftenAsTheyRunAndTokensOneByOne() {
    // A token: 5 x 5 from the state, 5 x 7 to the words; 3 steps, one sample.
    TorchScript spec = TorchScript.of(Scripts.recurrent(file(), 7, 5));
    Census census = spec.census(Shape.ofTokens(3), 7);
    assertThat(census).isEqualTo(new Census(7 * 5 + 30 + 42, 25 + 35));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch.matmul(x, self.w)|6",
        "torch.mm(x, self.w)|6",
        "torch.addmm(torch.zeros([3]), x, self.w)|6",
        "torch.bmm(x.unsqueeze(1), self.w.unsqueeze(0).expand(x.size(0), 2, 3)).squeeze(1)|6",
        "torch.conv1d(x.unsqueeze(2), self.w.t().unsqueeze(2)).squeeze(2)|6",
        "torch.conv_transpose1d(x.unsqueeze(2), self.w.unsqueeze(2)).squeeze(2)|6",
        "torch.relu(x[:, 0:1] * self.w[0] + x[:, 1:2] * self.w[1])|0",
        "torch.linear(torch.linear(x, self.w.t()), torch.eye(3))|15"
      })
  void countsProducts(String body, long macs) {
    Path file = Scripts.one(file(), "def forward(self, x):\n  return " + body + "\n");
    assertThat(TorchScript.of(file).census(Shape.of(2), 3)).isEqualTo(new Census(6, macs));
  }

  @Test
  void branchesThatAreNotTakenCountNothing() {
    Path file =
        Scripts.one(
            file(),
            """
            def forward(self, x):
              if self.calls:
                return torch.einsum("bi,io->bo", [x, self.w])
              return torch.matmul(x, self.w)
            """);
    assertThat(TorchScript.of(file).census(Shape.of(2), 3).macs()).isEqualTo(6);
  }

  @Test
  void anUnknownProductAsksForItsCost() {
    Path file =
        Scripts.one(
            file(), "def forward(self, x):\n  return torch.einsum(\"bi,io->bo\", [x, self.w])\n");
    assertThatThrownBy(() -> TorchScript.of(file).census(Shape.of(2), 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the cost of aten::einsum is not known; give forward-macs");
    TorchScript told = new TorchScript(file, false, Optional.of(6L), Optional.empty());
    assertThat(told.census(Shape.of(2), 3)).isEqualTo(new Census(6, 6));
  }

  @Test
  void parametersAndBuffersHaveTheirStateDictNames() {
    try (PointerScope scope = new PointerScope()) {
      Model model = TorchScript.of(Scripts.cnn(file(), 1, 8, 10)).build(IMAGE, 10);
      try (Weights weights = Weights.of(model.module())) {
        assertThat(weights.parameters().keySet())
            .containsExactlyInAnyOrder(
                "conv1.weight", "bn1.weight", "bn1.bias", "fc.weight", "fc.bias");
        assertThat(weights.buffers().keySet())
            .containsExactlyInAnyOrder(
                "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked");
      }
    }
  }

  @Test
  void theFlatWeightsMoveTheScript() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = TorchScript.of(Scripts.mlp(file(), 64, 16, 10)).build(IMAGE, 10);
      try (Weights weights = Weights.of(model.module())) {
        Tensor inputs = torch.ones(2, 1, 8, 8);
        weights.values().zero_();
        Tensor logits = model.forward(inputs, new Memory()).logits();
        assertThat(logits.abs().sum().item_double()).isZero();
      }
    }
  }

  @Test
  void buffersThatAreReplacedAreStillKept() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = TorchScript.of(Scripts.cnn(file(), 1, 8, 10)).build(IMAGE, 10);
      try (Weights weights = Weights.of(model.module())) {
        Tensor count = weights.buffers().get("bn1.num_batches_tracked");
        model.forward(torch.ones(2, 1, 8, 8), new Memory());
        model.forward(torch.ones(2, 1, 8, 8), new Memory());
        assertThat(count.item_long()).isEqualTo(2);
        model.module().eval();
        model.forward(torch.ones(2, 1, 8, 8), new Memory());
        assertThat(count.item_long()).isEqualTo(2);
      }
    }
  }

  @Test
  void dropoutIsActiveInTrainingOnly() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = TorchScript.of(Scripts.dropping(file(), 64, 16, 10)).build(IMAGE, 10);
      Tensor inputs = torch.ones(2, 1, 8, 8);
      assertThat(model.stochastic()).isTrue();
      assertThat(differs(model, inputs)).isTrue();
      model.module().eval();
      assertThat(differs(model, inputs)).isFalse();
      model.module().train(true);
      assertThat(differs(model, inputs)).isTrue();
    }
  }

  private static boolean differs(Model model, Tensor inputs) {
    Tensor one = model.forward(inputs, new Memory()).logits();
    return !one.equal(model.forward(inputs, new Memory()).logits());
  }

  @Test
  void twoOfOneFileShareNothing() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      TorchScript spec = TorchScript.of(Scripts.mlp(file(), 64, 16, 10));
      Model first = spec.build(IMAGE, 10);
      Model second = spec.build(IMAGE, 10);
      Tensor inputs = torch.ones(2, 1, 8, 8);
      Tensor before = second.forward(inputs, new Memory()).logits();
      assertThat(first.forward(inputs, new Memory()).logits().equal(before)).isTrue();
      try (Weights weights = Weights.of(first.module())) {
        weights.values().zero_();
      }
      assertThat(second.forward(inputs, new Memory()).logits().equal(before)).isTrue();
    }
  }

  @Test
  void reinitDrawsAsTheEnginesOwnLayersDo() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      TorchScript spec =
          new TorchScript(
              Scripts.mlp(file(), 64, 16, 10), true, Optional.empty(), Optional.empty());
      torch.manual_seed(1);
      Model first = spec.build(IMAGE, 10);
      torch.manual_seed(2);
      Model second = spec.build(IMAGE, 10);
      torch.manual_seed(1);
      Model again = spec.build(IMAGE, 10);
      Tensor inputs = torch.ones(2, 1, 8, 8);
      Tensor logits = first.forward(inputs, new Memory()).logits();
      assertThat(second.forward(inputs, new Memory()).logits().equal(logits)).isFalse();
      assertThat(again.forward(inputs, new Memory()).logits().equal(logits)).isTrue();
      try (Weights weights = Weights.of(first.module())) {
        // Uniform up to 1/sqrt(64): 1024 numbers, so the largest is near the bound.
        double most = weights.parameters().get("fc1.weight").abs().max().item_double();
        assertThat(most).isBetween(0.12, 0.125);
      }
    }
  }

  @Test
  void reinitRefusesALayerItDoesNotKnow() {
    Path file = Scripts.one(file(), "def forward(self, x):\n  return torch.matmul(x, self.w)\n");
    TorchScript spec = new TorchScript(file, true, Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> spec.build(Shape.of(2), 3))
        .hasMessageContaining("reinit does not know how to draw w of One")
        .hasMessageContaining("reset_parameters");
  }

  @Test
  void reinitAsksTheScriptsOwnMethod() {
    Path file =
        Scripts.one(
            file(),
            """
            def reset_parameters(self):
              self.w.fill_(0.25)
            def forward(self, x):
              return torch.matmul(x, self.w)
            """);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model =
          new TorchScript(file, true, Optional.empty(), Optional.empty()).build(Shape.of(2), 3);
      Tensor logits = model.forward(torch.ones(1, 2), new Memory()).logits();
      assertThat(logits.sum().item_double()).isEqualTo(1.5);
    }
  }

  @Test
  void stateIsCarriedInTheMemory() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory();
        Memory whole = new Memory()) {
      Model model = TorchScript.of(Scripts.recurrent(file(), 7, 5)).build(Shape.ofTokens(4), 7);
      Tensor tokens = torch.tensor(new long[] {1, 2, 3, 4}).unsqueeze(1); // [time, batch]
      Tensor once = model.forward(tokens, whole).logits();
      model.forward(tokens.slice(0, at(0), at(2), 1), memory);
      Tensor second = model.forward(tokens.slice(0, at(2), at(4), 1), memory).logits();
      assertThat(second.equal(once.slice(0, at(2), at(4), 1))).isTrue();
    }
  }

  private static org.bytedeco.pytorch.LongOptional at(long index) {
    return new org.bytedeco.pytorch.LongOptional(index);
  }

  @Test
  void refusesWhatIsNoScript() throws IOException {
    refused(temporary.resolve("none.pt"), "none.pt: no such file");
    refused(temporary, temporary + ": no such file");
    Files.writeString(file(), "not a zip");
    refused(file(), "model.pt: not a TorchScript file, or a damaged one");
    zip("archive/data.pkl");
    refused(file(), "model.pt: weights without code; write it with torch.jit.save");
    zip("something/else");
    refused(file(), "model.pt: not a TorchScript file; write it with torch.jit.save");
    zip("archive/constants.pkl");
    refused(file(), "model.pt: cannot be read: ");
  }

  private void zip(String name) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file()))) {
      out.putNextEntry(new ZipEntry(name));
      out.write(1);
    }
  }

  @Test
  void refusesAFileThatIsCutShort() throws IOException {
    byte[] whole = Files.readAllBytes(Scripts.mlp(file(), 64, 16, 10));
    for (int part = 1; part < 8; part++) {
      Files.write(file(), java.util.Arrays.copyOf(whole, whole.length * part / 8));
      refused(file(), "model.pt: not a TorchScript file, or a damaged one");
    }
  }

  @Test
  void refusesAnotherContentThanWasPinned() {
    Path file = Scripts.mlp(file(), 64, 16, 10);
    TorchScript spec = TorchScript.of(file).pinned(file, "0".repeat(64));
    assertThatThrownBy(() -> spec.build(IMAGE, 10))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.pt: its SHA-256 is ")
        .hasMessageContaining("; the configuration has 0000");
  }

  @Test
  void refusesOtherShapesInBothDirections() {
    TorchScript spec = TorchScript.of(Scripts.mlp(file(), 64, 16, 10));
    assertThatThrownBy(() -> spec.census(IMAGE, 7))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith(
            "model.pt: for inputs of shape [2, 1, 8, 8] it gives [2, 10];"
                + " needed are logits of shape [2, 7]");
    assertThatThrownBy(() -> spec.build(Shape.of(1, 9, 9), 10))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.pt: forward does not take inputs of shape [2, 1, 9, 9]: mat1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return x, self.w|forward does not give a tensor",
        "return torch.matmul(x, self.w).argmax(1)|it gives whole numbers",
        "self.calls = not self.calls; return torch.matmul(x, self.w)|forward changes self.calls"
      })
  void refusesWhatCannotBeTrained(String body, String message) {
    Path file =
        Scripts.one(file(), "def forward(self, x):\n  " + body.replace("; ", "\n  ") + "\n");
    assertThatThrownBy(() -> TorchScript.of(file).build(Shape.of(2), 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> TorchScript.of(file).build(IMAGE, 10))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}
