package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A language model of LSTM layers: embedding, recurrent layers, a linear decoder.
 *
 * <p>Dropout stands on the embedding's output, between the layers and on the last layer's output.
 * Embedding and decoder start from U(-0.05, 0.05), the decoder's bias from 0, the layers from the
 * engine's default U(±1/√hidden); gates are in the order i, f, g, o, each with two biases. Names
 * are those of PyTorch's word language model. The memory holds h and c, each [layers, batch,
 * hidden], in the parameters' type; a stream starts from zeros.
 *
 * <p>Sources: S. Hochreiter and J. Schmidhuber, "Long short-term memory", 1997; W. Zaremba, I.
 * Sutskever, O. Vinyals, "Recurrent neural network regularization", 2014, whose medium network this
 * is by default; O. Press and L. Wolf, "Using the output embedding to improve language models",
 * 2017, for {@code tied}.
 *
 * @param embedding size of a word's vector, 1 or more
 * @param hidden size of a layer's state, 1 or more; equal to {@code embedding} if tied
 * @param layers number of recurrent layers, 1 or more
 * @param dropout probability with which a number is set to 0 in training, [0, 1)
 * @param tied whether the decoder uses the embedding's matrix
 */
public record Lstm(int embedding, int hidden, int layers, double dropout, boolean tied)
    implements ModelSpec {
  private static final double RANGE = 0.05;

  /** Checks the sizes. */
  public Lstm {
    Require.atLeast("embedding", embedding, 1);
    Require.atLeast("hidden", hidden, 1);
    Require.atLeast("layers", layers, 1);
    Require.below("dropout", dropout, 0, 1);
    Require.that(
        !tied || hidden == embedding,
        "hidden",
        hidden,
        "tied, it must equal embedding, " + embedding);
  }

  /** Two layers of 650, dropout 0.45, not tied: LoT's network for the Penn Treebank. */
  public Lstm() {
    this(650, 650, 2, 0.45, false);
  }

  @Override
  public Model build(Shape input, int outputs) {
    check(input, outputs);
    return new Net(this, outputs);
  }

  @Override
  public Census census(Shape input, int outputs) {
    check(input, outputs);
    Census sum = new Census((long) outputs * embedding, 0);
    for (int layer = 0; layer < layers; layer++) {
      sum = sum.plus(Recurrence.census(layer == 0 ? embedding : hidden, hidden));
    }
    Census decoder = Census.linear(hidden, outputs, true);
    return sum.plus(tied ? new Census(outputs, decoder.macs()) : decoder);
  }

  private static void check(Shape input, int outputs) {
    Require.that(
        input.tokens() && input.rank() == 1 && input.size(0) >= 1,
        "input",
        input,
        "Lstm takes pieces of text, 1 token or longer");
    Require.atLeast("outputs", outputs, 1);
  }

  private static final class Net extends Module implements Model {
    private final Lstm spec;
    private final int vocabulary;
    private final Tensor encoder;
    private final List<Tensor> recurrent;
    private final Tensor decoder;
    private final Tensor bias;

    Net(Lstm spec, int vocabulary) {
      super("Lstm");
      this.spec = spec;
      this.vocabulary = vocabulary;
      Module words = register_module("encoder", new Module("Embedding"));
      encoder = Recurrence.uniform(words, "weight", RANGE, vocabulary, spec.embedding);
      Module rnn = register_module("rnn", new Module("LSTM"));
      recurrent = new ArrayList<>();
      for (int layer = 0; layer < spec.layers; layer++) {
        int in = layer == 0 ? spec.embedding : spec.hidden;
        recurrent.addAll(Recurrence.parameters(rnn, "_l" + layer, in, spec.hidden));
      }
      Module last = register_module("decoder", new Module("Linear"));
      decoder =
          spec.tied ? encoder : Recurrence.uniform(last, "weight", RANGE, vocabulary, spec.hidden);
      bias = Recurrence.uniform(last, "bias", 0, vocabulary);
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Kept.output(() -> output(inputs, memory));
    }

    private Output output(Tensor inputs, Memory memory) {
      List<Tensor> state = state(inputs.size(1), memory);
      Tensor x = drop(torch.embedding(encoder, inputs));
      T_TensorTensorTensor_T run =
          torch.lstm(
              x,
              new TensorVector(state.toArray(Tensor[]::new)),
              new TensorVector(recurrent.toArray(Tensor[]::new)),
              true,
              spec.layers,
              spec.dropout,
              is_training(),
              false,
              false);
      memory.write(List.of(run.get1(), run.get2()));
      return Decoder.of(drop(run.get0()), decoder, Optional.of(bias), vocabulary);
    }

    private List<Tensor> state(long batch, Memory memory) {
      List<Tensor> state = memory.read();
      if (state.isEmpty()) {
        long[] shape = {spec.layers, batch, spec.hidden};
        return List.of(
            torch.zeros(shape, encoder.options()), torch.zeros(shape, encoder.options()));
      }
      Require.that(
          state.get(0).size(1) == batch,
          "batch",
          batch,
          "the carried state is of " + state.get(0).size(1) + " texts");
      return state;
    }

    private Tensor drop(Tensor x) {
      return stochastic() && is_training() ? torch.dropout(x, spec.dropout, true) : x;
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return spec.dropout > 0;
    }
  }
}
