package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import lot4j.Model;
import lot4j.Shape;
import lot4j.data.Tokens;
import lot4j.model.language.Lstm;
import lot4j.optim.Weights;
import lot4j.task.Columns;
import lot4j.task.Reading;
import lot4j.task.TextBatch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One case of {@code ppl.json}: a text through the LSTM and the evaluator that training uses, its
 * state carried from chunk to chunk.
 */
final class PerplexityFile {
  private final JsonNode entry;
  private final ScalarType type;
  private final Tally tally;

  PerplexityFile(JsonNode entry, ScalarType type, Tally tally) {
    this.entry = entry;
    this.type = type;
    this.tally = tally;
  }

  static Tally.Tolerance tolerance(ScalarType type) {
    double relative = type == ScalarType.Double ? 1e-9 : 1e-4;
    return expected -> relative * Math.max(1, Math.abs(expected));
  }

  void run() {
    JsonNode carried = entry.required("carried");
    double[] ids = Numbers.flat(entry.required("tokens"));
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = (int) ids[i];
    }
    Columns columns =
        new Columns(Tokens.of(tokens), entry.required("bsz").asInt(), "tokens", "bsz");
    try (PointerScope scope = new PointerScope()) {
      Model model = model();
      try (Reading reading = new Reading(List.of(model))) {
        List<Double> chunks = new ArrayList<>();
        for (long row = 0; row < columns.steps(); ) {
          TextBatch piece = columns.piece(row, entry.required("bptt").asInt(), true);
          chunks.add(reading.read(piece)[0]);
          row += piece.rows();
        }
        compare(carried, chunks, columns.targets());
        List<Tensor> state = reading.memory(0).read();
        tally.compare("final_h", carried.required("final_h"), state.get(0));
        tally.compare("final_c", carried.required("final_c"), state.get(1));
      }
    }
  }

  private void compare(JsonNode carried, List<Double> chunks, long targets) {
    double sum = chunks.stream().mapToDouble(Double::doubleValue).sum();
    double[] each = chunks.stream().mapToDouble(Double::doubleValue).toArray();
    tally.compare("chunk_nll_sum", Numbers.flat(carried.required("chunk_nll_sum")), each);
    number(carried, "nll_sum", sum);
    number(carried, "targets", targets);
    number(carried, "mean_nll", sum / targets);
    number(carried, "ppl", Math.exp(sum / targets));
  }

  private void number(JsonNode carried, String quantity, double found) {
    tally.compare(quantity, Numbers.flat(carried.required(quantity)), new double[] {found});
  }

  /** The file's network, with its weights. */
  private Model model() {
    Lstm spec =
        new Lstm(
            entry.required("emb").asInt(),
            entry.required("hidden").asInt(),
            entry.required("layers").asInt(),
            0,
            false);
    Model model =
        spec.build(
            Shape.ofTokens(entry.required("bptt").asLong()), entry.required("vocab").asInt());
    model.module().to(type, false);
    model.module().eval();
    JsonNode weights = entry.required("weights");
    try (Weights own = Weights.of(model.module());
        NoGradGuard constant = new NoGradGuard()) {
      set(own, "encoder.weight", weights.required("embedding"));
      set(own, "decoder.weight", weights.required("decoder_weight"));
      set(own, "decoder.bias", weights.required("decoder_bias"));
      for (int layer = 0; layer < spec.layers(); layer++) {
        for (String name : List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh")) {
          set(
              own,
              "rnn." + name + "_l" + layer,
              weights.required("lstm").required(layer).required(name));
        }
      }
    }
    return model;
  }

  private void set(Weights own, String name, JsonNode values) {
    own.parameter(name).orElseThrow().copy_(Numbers.tensor(values, type));
  }
}
