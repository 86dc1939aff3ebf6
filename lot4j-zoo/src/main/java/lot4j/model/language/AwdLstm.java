package lot4j.model.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The AWD-LSTM language model: LSTM layers with dropout on the recurrent matrices, masks of the
 * other dropouts that stay the same over time, whole words dropped from the embedding, the decoder
 * tied to it. The last layer is as wide as the embedding.
 *
 * <p>In training its output has an extra, {@code regularization} [], to be added to the loss:
 * {@code activation} times the mean square of the last layer's dropped output plus {@code slowness}
 * times the mean square of its undropped output's change from one time to the next.
 *
 * <p>The embedding starts from U(-0.1, 0.1), the decoder's bias from 0, a layer from U(±1/√hidden)
 * of its own size. Names are those of salesforce/awd-lstm-lm. The memory holds h and c of each
 * layer in turn, each [1, batch, hidden], in the parameters' type; a stream starts from zeros.
 *
 * <p>Source: S. Merity, N. Keskar, R. Socher, "Regularizing and optimizing LSTM language models",
 * 2018. The optimizer of that paper is {@code Asgd} with a trigger. One component for each of the
 * paper's settings, hence so many.
 *
 * @param embedding size of a word's vector and of the last layer, 1 or more
 * @param hidden size of the other layers, 1 or more
 * @param layers number of recurrent layers, 1 or more
 * @param embeddingDropout probability of a whole word, [0, 1); the authors' {@code dropoute}
 * @param inputDropout on the words' vectors, [0, 1); {@code dropouti}
 * @param hiddenDropout between layers, [0, 1); {@code dropouth}
 * @param outputDropout on the last layer's output, [0, 1); {@code dropout}
 * @param weightDropout on the recurrent matrices, [0, 1); {@code wdrop}
 * @param activation factor of the activation regularization, 0 or more; {@code alpha}
 * @param slowness factor of the temporal activation regularization, 0 or more; {@code beta}
 */
public record AwdLstm(
    int embedding,
    int hidden,
    int layers,
    double embeddingDropout,
    double inputDropout,
    double hiddenDropout,
    double outputDropout,
    double weightDropout,
    double activation,
    double slowness)
    implements ModelSpec {
  /** The name of the extra that is added to the loss. */
  public static final String REGULARIZATION = "regularization";

  private static final double RANGE = 0.1;

  /** Checks the values. */
  public AwdLstm {
    Require.atLeast("embedding", embedding, 1);
    Require.atLeast("hidden", hidden, 1);
    Require.atLeast("layers", layers, 1);
    Require.below("embedding-dropout", embeddingDropout, 0, 1);
    Require.below("input-dropout", inputDropout, 0, 1);
    Require.below("hidden-dropout", hiddenDropout, 0, 1);
    Require.below("output-dropout", outputDropout, 0, 1);
    Require.below("weight-dropout", weightDropout, 0, 1);
    Require.atLeast("activation", activation, 0.0);
    Require.atLeast("slowness", slowness, 0.0);
  }

  /** The paper's network for the Penn Treebank: layers of 1150, 1150 and 400. */
  public AwdLstm() {
    this(400, 1150, 3, 0.1, 0.4, 0.25, 0.4, 0.5, 2, 1);
  }

  @Override
  public Model build(Shape input, int outputs) {
    Recurrence.check("AwdLstm", input, outputs);
    return new Net(this, outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(embedding);
  }

  @Override
  public Census census(Shape input, int outputs) {
    Recurrence.check("AwdLstm", input, outputs);
    Census sum = new Census(Math.multiplyExact((long) outputs, embedding + 1L), 0);
    for (int layer = 0; layer < layers; layer++) {
      sum = sum.plus(Recurrence.census(layer == 0 ? embedding : hidden, size(layer)));
    }
    return sum.plus(new Census(0, Census.linear(embedding, outputs, true).macs()));
  }

  private int size(int layer) {
    return layer == layers - 1 ? embedding : hidden;
  }

  private static final class Net extends Module implements Model {
    private final AwdLstm spec;
    private final int vocabulary;
    private final Tensor encoder;
    private final List<List<Tensor>> layers = new ArrayList<>();
    private final Tensor bias;

    Net(AwdLstm spec, int vocabulary) {
      super("AwdLstm");
      this.spec = spec;
      this.vocabulary = vocabulary;
      Module words = register_module("encoder", new Module("Embedding"));
      encoder = Recurrence.uniform(words, "weight", RANGE, vocabulary, spec.embedding);
      Module list = register_module("rnns", new Module("ModuleList"));
      for (int layer = 0; layer < spec.layers; layer++) {
        Module drop = list.register_module(Integer.toString(layer), new Module("WeightDrop"));
        layers.add(parameters(drop.register_module("module", new Module("LSTM")), layer));
      }
      Module last = register_module("decoder", new Module("Linear"));
      bias = Recurrence.uniform(last, "bias", 0, vocabulary);
    }

    private List<Tensor> parameters(Module rnn, int layer) {
      int in = layer == 0 ? spec.embedding : spec.hidden;
      int size = spec.size(layer);
      double range = 1 / Math.sqrt(size);
      Tensor input = Recurrence.uniform(rnn, "weight_ih_l0", range, 4L * size, in);
      Tensor inputBias = Recurrence.uniform(rnn, "bias_ih_l0", range, 4L * size);
      Tensor recurrentBias = Recurrence.uniform(rnn, "bias_hh_l0", range, 4L * size);
      Tensor recurrent = Recurrence.uniform(rnn, "weight_hh_l0_raw", range, 4L * size, size);
      return List.of(input, recurrent, inputBias, recurrentBias);
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Kept.output(() -> output(inputs, memory));
    }

    private Output output(Tensor inputs, Memory memory) {
      List<Tensor> state = state(inputs.size(1), memory);
      List<Tensor> next = new ArrayList<>();
      Tensor x = torch.embedding(encoder, inputs);
      x = Dropout.words(x, inputs, vocabulary, inTraining(spec.embeddingDropout));
      x = Dropout.locked(x, inTraining(spec.inputDropout));
      Tensor raw = x;
      for (int layer = 0; layer < layers.size(); layer++) {
        Recurrence.Result result =
            Recurrence.run(
                x, state.get(2 * layer), state.get(2 * layer + 1), dropped(layer), is_training());
        next.add(Recurrence.wide(result.h(), encoder));
        next.add(Recurrence.wide(result.c(), encoder));
        raw = result.outputs();
        boolean last = layer == layers.size() - 1;
        x = Dropout.locked(raw, inTraining(last ? spec.outputDropout : spec.hiddenDropout));
      }
      memory.write(next);
      Output output = Decoder.of(x, encoder, Optional.of(bias), vocabulary);
      if (!is_training() || spec.activation + spec.slowness == 0) {
        return output;
      }
      Tensor term = regularization(Recurrence.wide(x, encoder), Recurrence.wide(raw, encoder));
      Map<String, Tensor> extras = new LinkedHashMap<>(output.extras());
      extras.put(REGULARIZATION, term);
      return new Output(output.distribution(), extras);
    }

    /** The layer's parameters, the recurrent matrix with numbers dropped for this forward. */
    private List<Tensor> dropped(int layer) {
      List<Tensor> own = layers.get(layer);
      Tensor recurrent = Dropout.each(own.get(1), inTraining(spec.weightDropout));
      return List.of(own.get(0), recurrent, own.get(2), own.get(3));
    }

    private Tensor regularization(Tensor dropped, Tensor raw) {
      Tensor sum = dropped.square().mean().mul(new Scalar(spec.activation));
      long changes = raw.size(0) - 1;
      if (changes == 0) {
        return sum;
      }
      Tensor change = raw.narrow(0, 1, changes).sub(raw.narrow(0, 0, changes));
      return sum.add(change.square().mean().mul(new Scalar(spec.slowness)));
    }

    private double inTraining(double probability) {
      return is_training() ? probability : 0;
    }

    private List<Tensor> state(long batch, Memory memory) {
      List<Tensor> state = memory.read();
      if (!state.isEmpty()) {
        Recurrence.checkBatch(state.get(0), batch);
        return state;
      }
      List<Tensor> zeros = new ArrayList<>();
      for (int layer = 0; layer < layers.size(); layer++) {
        Tensor zero = torch.zeros(new long[] {1, batch, spec.size(layer)}, encoder.options());
        zeros.add(zero);
        zeros.add(zero);
      }
      return zeros;
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return spec.embeddingDropout
              + spec.inputDropout
              + spec.hiddenDropout
              + spec.outputDropout
              + spec.weightDropout
          > 0;
    }
  }
}
