package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lot4j.LinearProjection;
import lot4j.Mask;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import lot4j.Shape;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.imitability.KlDivergence;
import lot4j.model.language.Dropout;
import lot4j.model.language.Lstm;
import lot4j.model.language.TransformerXl;
import lot4j.optim.Descender;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The parts of a language model's step, on the model's own shapes; owns their tensors. */
final class Pieces implements AutoCloseable {
  private static final double TEMPERATURE = 1.5;
  private static final double SMALL = 0.01;

  private final PointerScope scope = new PointerScope();
  private final List<Piece> ofTeacher = new ArrayList<>();
  private final List<Piece> ofLot = new ArrayList<>();
  private final RunConfig config;
  private final int threads;
  private final long time;
  private final long batch;
  private Optional<Descender> descender = Optional.empty();

  Pieces(Workload workload) {
    config = workload.config(Catalog.load());
    threads = workload.threads();
    time = workload.base().length();
    batch = config.batching().batchSize();
    if (config.teacher().spec() instanceof Lstm lstm) {
      add(lstm);
    } else if (config.teacher().spec() instanceof TransformerXl transformer
        && transformer.cutoffs().isEmpty()) {
      add(transformer);
    } else {
      throw new IllegalArgumentException(
          "teacher = "
              + config.teacher().spec()
              + " is not allowed; parts are known of Lstm and TransformerXl without cutoffs");
    }
  }

  /** Those that a teacher-only step consists of. */
  List<Piece> ofTeacher() {
    return List.copyOf(ofTeacher);
  }

  /** Those that LoT adds. */
  List<Piece> ofLot() {
    return List.copyOf(ofLot);
  }

  private void add(Lstm spec) {
    Tensor words = parameter(GeneratedText.VOCABULARY, spec.embedding());
    ofTeacher.addAll(
        Piece.both(
            "embedding and dropout",
            threads,
            ids(),
            around(
                ids -> {
                  Tensor x = torch.embedding(words, ids);
                  for (int i = 0; i <= spec.layers(); i++) {
                    x = Dropout.each(x, spec.dropout());
                  }
                  return x;
                })));
    ofTeacher.addAll(recurrent(spec));
    decoderAndLosses(spec.hidden());
    descent(spec.build(Shape.ofTokens((int) time), GeneratedText.VOCABULARY));
  }

  private List<Piece> recurrent(Lstm spec) {
    TensorVector parameters = new TensorVector();
    for (int layer = 0; layer < spec.layers(); layer++) {
      long gates = 4L * spec.hidden();
      parameters.push_back(parameter(gates, layer == 0 ? spec.embedding() : spec.hidden()));
      parameters.push_back(parameter(gates, spec.hidden()));
      parameters.push_back(parameter(gates));
      parameters.push_back(parameter(gates));
    }
    Tensor state = torch.zeros(new long[] {spec.layers(), batch, spec.hidden()});
    TensorVector states = new TensorVector(state, state);
    return Piece.both(
        "recurrent layers",
        threads,
        torch.randn(time, batch, spec.embedding()),
        around(
            x ->
                new Tensor(
                    torch
                        .lstm(x, states, parameters, true, spec.layers(), 0, true, false, false)
                        .get0())));
  }

  private void add(TransformerXl spec) {
    Tensor words = parameter(GeneratedText.VOCABULARY, spec.width());
    ofTeacher.addAll(
        Piece.both("embedding", threads, ids(), around(ids -> torch.embedding(words, ids))));
    ofTeacher.addAll(attention(spec));
    ofTeacher.addAll(feedForward(spec));
    decoderAndLosses(spec.width());
    descent(spec.build(Shape.ofTokens((int) time), GeneratedText.VOCABULARY));
  }

  /** The network itself with one word, which needs no decoder, and hardly a feed-forward part. */
  private List<Piece> attention(TransformerXl spec) {
    TransformerXl rest =
        new TransformerXl(
            spec.layers(),
            spec.width(),
            spec.heads(),
            spec.headWidth(),
            1,
            spec.memory(),
            spec.dropout(),
            spec.attentionDropout(),
            spec.tied(),
            List.of(),
            1);
    Model model = rest.build(Shape.ofTokens((int) time), 1);
    model.module().train(true);
    Network network = config.execution().precision().around(model);
    Memory memory = new Memory();
    return Piece.both(
        "attention, norms, dropout",
        threads,
        torch.zeros(time, batch).to(ScalarType.Long),
        ids -> network.forward(ids, memory).logits());
  }

  private List<Piece> feedForward(TransformerXl spec) {
    List<Tensor> up = new ArrayList<>();
    List<Tensor> down = new ArrayList<>();
    for (int layer = 0; layer < spec.layers(); layer++) {
      up.add(parameter(spec.inner(), spec.width()));
      down.add(parameter(spec.width(), spec.inner()));
    }
    TensorOptional upBias = new TensorOptional(parameter(spec.inner()));
    TensorOptional downBias = new TensorOptional(parameter(spec.width()));
    return Piece.both(
        "feed-forward",
        threads,
        torch.randn(time, batch, spec.width()),
        around(
            input -> {
              Tensor x = input;
              for (int layer = 0; layer < spec.layers(); layer++) {
                Tensor hidden = torch.linear(x, up.get(layer), upBias);
                hidden.relu_();
                hidden = Dropout.each(hidden, spec.dropout());
                x = torch.linear(hidden, down.get(layer), downBias);
              }
              return x;
            }));
  }

  private void decoderAndLosses(long features) {
    LinearProjection projection =
        new LinearProjection(
            parameter(GeneratedText.VOCABULARY, features),
            Optional.of(parameter(GeneratedText.VOCABULARY)));
    ofTeacher.addAll(
        Piece.both(
            "decoder", threads, torch.randn(time, batch, features), around(projection::logits)));
    Tensor logits = torch.randn(time, batch, GeneratedText.VOCABULARY);
    Tensor other = torch.randn(time, batch, GeneratedText.VOCABULARY);
    Tensor targets = ids();
    ofTeacher.add(
        Piece.whole(
            "cross-entropy, forward and backward",
            threads,
            () -> Piecewise.crossEntropy(Output.logits(Piece.leaf(logits)), targets).backward()));
    KlDivergence kl = new KlDivergence(TEMPERATURE);
    ofLot.add(
        Piece.whole(
            "KL divergence, forward and backward",
            threads,
            () ->
                kl.measure(Output.logits(Piece.leaf(logits)), Output.logits(other), Mask.none())
                    .backward()));
  }

  private void descent(Model model) {
    Weights weights = Weights.of(model.module());
    Descender made = Descender.of("teacher", weights, config.optimization().optimizer());
    descender = Optional.of(made);
    Scalar gradient = new Scalar(SMALL);
    ofTeacher.add(
        new Piece(
            "zero, clip, optimizer",
            threads,
            () -> {
              weights.gradients().fill_(gradient);
              return Piece.timed(
                  () -> {
                    made.step();
                    made.zeroGrad();
                  });
            }));
  }

  /** The function in the configuration's precision. */
  private UnaryOperator<Tensor> around(UnaryOperator<Tensor> work) {
    Network network =
        config
            .execution()
            .precision()
            .around((inputs, memory) -> Output.logits(work.apply(inputs)));
    Memory none = new Memory();
    return inputs -> network.forward(inputs, none).logits();
  }

  private Tensor ids() {
    Tensor places = torch.rand(time, batch).mul(new Scalar((double) GeneratedText.VOCABULARY));
    return places.to(ScalarType.Long);
  }

  private static Tensor parameter(long... sizes) {
    Tensor made = torch.randn(sizes).mul(new Scalar(SMALL));
    made.set_requires_grad(true);
    return made;
  }

  @Override
  public void close() {
    descender.ifPresent(
        each -> {
          each.weights().close();
          each.close();
        });
    scope.close();
  }
}
