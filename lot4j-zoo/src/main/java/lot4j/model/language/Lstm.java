package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import org.bytedeco.pytorch.Module;
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
    Recurrence.check("Lstm", input, outputs);
    return new Net(this, outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(hidden);
  }

  @Override
  public Census census(Shape input, int outputs) {
    Recurrence.check("Lstm", input, outputs);
    Census sum = new Census((long) outputs * embedding, 0);
    for (int layer = 0; layer < layers; layer++) {
      sum = sum.plus(Recurrence.census(layer == 0 ? embedding : hidden, hidden));
    }
    Census decoder = Census.linear(hidden, outputs, true);
    return sum.plus(tied ? new Census(outputs, decoder.macs()) : decoder);
  }

  private static final class Net extends Module implements Model {
    private final Lstm spec;
    private final int vocabulary;
    private final Tensor encoder;
    private final List<List<Tensor>> layers = new ArrayList<>();
    private final Tensor decoder;
    private final Tensor bias;

    Net(Lstm spec, int vocabulary) {
      super("Lstm");
      this.spec = spec;
      this.vocabulary = vocabulary;
      Module words = register_module("encoder", new Module("Embedding"));
      encoder = Recurrence.uniform(words, "weight", RANGE, vocabulary, spec.embedding);
      Module rnn = register_module("rnn", new Module("LSTM"));
      for (int layer = 0; layer < spec.layers; layer++) {
        layers.add(parameters(rnn, layer));
      }
      Module last = register_module("decoder", new Module("Linear"));
      // Tied, the matrix is registered once, as the encoder's: an optimizer must step it once.
      decoder =
          spec.tied ? encoder : Recurrence.uniform(last, "weight", RANGE, vocabulary, spec.hidden);
      bias = Recurrence.uniform(last, "bias", 0, vocabulary);
    }

    private List<Tensor> parameters(Module rnn, int layer) {
      int in = layer == 0 ? spec.embedding : spec.hidden;
      int gates = 4 * spec.hidden;
      double range = 1 / Math.sqrt(spec.hidden);
      return List.of(
          Recurrence.uniform(rnn, "weight_ih_l" + layer, range, gates, in),
          Recurrence.uniform(rnn, "weight_hh_l" + layer, range, gates, spec.hidden),
          Recurrence.uniform(rnn, "bias_ih_l" + layer, range, gates),
          Recurrence.uniform(rnn, "bias_hh_l" + layer, range, gates));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Kept.output(() -> output(inputs, memory));
    }

    private Output output(Tensor inputs, Memory memory) {
      List<Tensor> state = state(inputs.size(1), memory);
      double dropout = is_training() ? spec.dropout : 0;
      TensorVector h = new TensorVector();
      TensorVector c = new TensorVector();
      Tensor x = Dropout.each(torch.embedding(encoder, inputs), dropout);
      for (int layer = 0; layer < layers.size(); layer++) {
        Tensor h0 = state.get(0).narrow(0, layer, 1);
        Tensor c0 = state.get(1).narrow(0, layer, 1);
        Recurrence.Result result = Recurrence.run(x, h0, c0, layers.get(layer), is_training());
        h.push_back(result.h().detach());
        c.push_back(result.c().detach());
        x = Dropout.each(result.outputs(), dropout);
      }
      memory.write(
          List.of(
              Recurrence.wide(torch.cat(h, 0), encoder),
              Recurrence.wide(torch.cat(c, 0), encoder)));
      return Decoder.of(x, decoder, Optional.of(bias), vocabulary);
    }

    private List<Tensor> state(long batch, Memory memory) {
      List<Tensor> state = memory.read();
      if (state.isEmpty()) {
        long[] shape = {spec.layers, batch, spec.hidden};
        Tensor zeros = torch.zeros(shape, encoder.options());
        return List.of(zeros, zeros);
      }
      Recurrence.checkBatch(state.get(0), batch);
      return state;
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
