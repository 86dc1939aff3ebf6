package lot4j.model.language;

import static lot4j.model.language.TransformerXlCases.adaptive;
import static lot4j.model.language.TransformerXlCases.named;
import static lot4j.model.language.TransformerXlCases.numbers;
import static lot4j.model.language.TransformerXlCases.same;
import static lot4j.model.language.TransformerXlCases.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lot4j.Distribution;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import lot4j.testkit.GradientCheck;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdaptiveSoftmaxTest {
  private static final int WORDS = 17;

  private PointerScope scope;

  /** Embedding and softmax of one network. */
  private record Parts(Module owner, AdaptiveEmbedding embedding, AdaptiveSoftmax softmax) {
    Map<String, Tensor> named() {
      StringTensorDict dict = owner.named_parameters();
      Map<String, Tensor> entries = new LinkedHashMap<>();
      for (long i = 0; i < dict.size(); i++) {
        entries.put(dict.get(i).key().getString(), new Tensor(dict.get(i).value()));
      }
      return entries;
    }
  }

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    torch.manual_seed(5);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static Parts parts(TransformerXl spec) {
    Clusters clusters = Clusters.of(spec, WORDS);
    Module owner = new Module("Net");
    AdaptiveEmbedding embedding =
        owner.register_module("word_emb", new AdaptiveEmbedding(clusters));
    Module last = owner.register_module("crit", new Module("Softmax"));
    AdaptiveSoftmax softmax = new AdaptiveSoftmax(last, clusters, embedding, spec.tied());
    owner.to(ScalarType.Double, false);
    Parts parts = new Parts(owner, embedding, softmax);
    try (NoGradGuard constant = new NoGradGuard()) {
      parts.named().values().forEach(p -> p.add_(torch.randn_like(p)));
    }
    return parts;
  }

  private static Tensor features(long... shape) {
    return torch.randn(shape).to(ScalarType.Double);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(adaptive(true, List.of(4, 9), 1)),
        Arguments.of(adaptive(false, List.of(4, 9), 1)),
        Arguments.of(adaptive(true, List.of(4, 9), 2)),
        Arguments.of(adaptive(false, List.of(4, 9), 2)),
        Arguments.of(adaptive(true, List.of(1, 2, 16), 2)),
        Arguments.of(adaptive(true, List.of(16), 4)));
  }

  /** Scores of the words [from, to) and the cluster's own score, in plain Java. */
  private static double[][] naive(Parts parts, TransformerXl spec, double[] feature) {
    Map<String, Tensor> named = parts.named();
    List<Integer> cutoffs = spec.cutoffs();
    double[] weight = numbers(named.get("crit.cluster_weight"));
    double[] bias = numbers(named.get("crit.cluster_bias"));
    double[][] scores = new double[cutoffs.size() + 2][];
    scores[cutoffs.size() + 1] = new double[cutoffs.size()];
    for (int tail = 1; tail <= cutoffs.size(); tail++) {
      int row = cutoffs.size() - tail;
      scores[cutoffs.size() + 1][tail - 1] =
          bias[row] + dot(weight, row, projected(named, spec, 0, feature));
    }
    String layers = spec.tied() ? "word_emb.emb_layers." : "crit.out_layers.";
    for (int cluster = 0; cluster <= cutoffs.size(); cluster++) {
      int from = cluster == 0 ? 0 : cutoffs.get(cluster - 1);
      int to = cluster == cutoffs.size() ? WORDS : cutoffs.get(cluster);
      int table = spec.div() == 1 ? 0 : cluster;
      int first = spec.div() == 1 ? from : 0;
      double[] rows = numbers(named.get(layers + table + ".weight"));
      double[] shifts = numbers(named.get("crit.out_layers." + table + ".bias"));
      scores[cluster] = new double[to - from];
      for (int word = 0; word < to - from; word++) {
        scores[cluster][word] =
            shifts[first + word]
                + dot(rows, first + word, projected(named, spec, cluster, feature));
      }
    }
    return scores;
  }

  private static double[] projected(
      Map<String, Tensor> named, TransformerXl spec, int cluster, double[] feature) {
    if (spec.div() == 1) {
      return feature;
    }
    boolean shared = spec.tied() && cluster > 0;
    Tensor matrix = named.get((shared ? "word_emb.emb_projs." : "crit.out_projs.") + cluster);
    double[] values = numbers(matrix);
    double[] own = new double[(int) matrix.size(1)];
    for (int i = 0; i < feature.length; i++) {
      for (int k = 0; k < own.length; k++) {
        own[k] += feature[i] * values[i * own.length + k];
      }
    }
    return own;
  }

  private static double dot(double[] rows, int row, double[] x) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += rows[row * x.length + k] * x[k];
    }
    return sum;
  }

  private static double sumOfExp(double[] scores) {
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAFullSoftmaxFromTheSamePieces(TransformerXl spec) {
    Parts parts = parts(spec);
    Tensor features = features(3, 8);
    Tensor actual = parts.softmax().logits(features);
    for (int row = 0; row < 3; row++) {
      double[][] scores = naive(parts, spec, numbers(features.select(0, row)));
      int tails = spec.cutoffs().size();
      double head = sumOfExp(scores[0]) + sumOfExp(scores[tails + 1]);
      double[] expected = new double[WORDS];
      int word = 0;
      for (int cluster = 0; cluster <= tails; cluster++) {
        double share = cluster == 0 ? 1 : Math.exp(scores[tails + 1][cluster - 1]) / head;
        double whole = cluster == 0 ? head : sumOfExp(scores[cluster]);
        for (double score : scores[cluster]) {
          expected[word++] = Math.log(share * Math.exp(score) / whole);
        }
      }
      assertThat(numbers(actual.select(0, row))).containsExactly(expected, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void probabilitiesSumTo1(TransformerXl spec) {
    Tensor logits = parts(spec).softmax().logits(features(4, 3, 8));
    assertThat(numbers(logits.exp().sum(-1)))
        .hasSize(12)
        .containsOnly(new double[] {1}, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void targetsHaveTheProbabilitiesOfTheWholeDistribution(TransformerXl spec) {
    AdaptiveSoftmax softmax = parts(spec).softmax();
    Tensor features = features(6, 4, 8);
    Tensor targets = text(6, 4, WORDS);
    Tensor expected = softmax.logits(features).gather(2, targets.unsqueeze(2)).squeeze(2);
    Tensor actual = softmax.targetLogProbabilities(features, targets);
    assertThat(actual.sizes().vec().get()).containsExactly(6, 4);
    same(actual, expected, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsOfTargetsAreThoseOfTheWholeDistribution(TransformerXl spec) {
    Parts parts = parts(spec);
    Tensor features = features(6, 4, 8);
    Tensor targets = text(6, 4, WORDS);
    parts.softmax().logits(features).gather(2, targets.unsqueeze(2)).sum().backward();
    Map<String, double[]> whole = gradients(parts);
    parts.owner().zero_grad(true);
    parts.softmax().targetLogProbabilities(features, targets).sum().backward();
    gradients(parts)
        .forEach(
            (name, numbers) ->
                assertThat(numbers).as(name).containsExactly(whole.get(name), within(1e-9)));
    assertThat(whole).hasSize(parts.softmax().parameters().size());
  }

  private static Map<String, double[]> gradients(Parts parts) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    parts
        .named()
        .forEach(
            (name, parameter) -> {
              if (parameter.grad().defined()) {
                gradients.put(name, numbers(parameter.grad()));
              }
            });
    return gradients;
  }

  @Test
  void targetsMayAllBeFrequent() {
    AdaptiveSoftmax softmax = parts(adaptive(true, List.of(4, 9), 2)).softmax();
    Tensor features = features(5, 1, 8);
    Tensor targets = text(5, 1, 4);
    same(
        softmax.targetLogProbabilities(features, targets),
        softmax.logits(features).gather(2, targets.unsqueeze(2)).squeeze(2),
        1e-12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theGradientAtTheFeaturesIsTheSlope(TransformerXl spec) {
    AdaptiveSoftmax softmax = parts(spec).softmax();
    Tensor direction = features(3, WORDS);
    GradientCheck.of(x -> softmax.logits(x).mul(direction).sum(), features(3, 8))
        .requireWithin(1e-6);
  }

  @Test
  void oneClusterIsAPlainSoftmax() {
    AdaptiveSoftmax softmax = parts(adaptive(true, List.of(), 1)).softmax();
    Tensor features = features(5, 2, 8);
    Tensor targets = text(5, 2, WORDS);
    Tensor plain = softmax.output(features).logits();
    same(softmax.logits(features), plain, 0);
    same(
        softmax.targetLogProbabilities(features, targets),
        torch.log_softmax(plain, -1).gather(2, targets.unsqueeze(2)).squeeze(2),
        1e-12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void embeddingsAreRowsOfTheirClustersTable(TransformerXl spec) {
    Parts parts = parts(spec);
    Map<String, Tensor> named = parts.named();
    Tensor words = torch.arange(new Scalar(WORDS)).to(ScalarType.Long).view(WORDS, 1);
    Tensor vectors = parts.embedding().forward(words);
    for (int word = 0; word < WORDS; word++) {
      int at = word;
      int cluster = (int) spec.cutoffs().stream().filter(cutoff -> at >= cutoff).count();
      int from = spec.div() == 1 || cluster == 0 ? 0 : spec.cutoffs().get(cluster - 1);
      int table = spec.div() == 1 ? 0 : cluster;
      Tensor row = named.get("word_emb.emb_layers." + table + ".weight").select(0, word - from);
      Tensor expected =
          spec.div() == 1 ? row : named.get("word_emb.emb_projs." + cluster).matmul(row);
      same(vectors.select(0, word).select(0, 0), expected.mul(new Scalar(Math.sqrt(8))), 1e-12);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 1", "true, 2", "false, 2"})
  void aWholeNetworkLearnsFromAllItsParts(boolean tied, int div) {
    TransformerXl spec = adaptive(tied, List.of(4, 9), div);
    Model model = TransformerXlCases.built(spec, WORDS);
    try (Memory memory = new Memory()) {
      Tensor logits = model.forward(text(9, 4, WORDS), memory).logits();
      logits.mul(features(9, 4, WORDS)).sum().backward();
    }
    named(model)
        .forEach(
            (name, p) ->
                assertThat(p.grad().abs().sum().item_double()).as(name).isPositive().isFinite());
  }

  @Test
  void ofManyWordsTheNetworkHandsOnTheProjection() {
    Model model = adaptive(true, List.of(20, 500), 2).build(Shape.ofTokens(3), 20_000);
    try (Memory memory = new Memory()) {
      Distribution output = model.forward(text(3, 2, 20_000), memory).distribution();
      assertThat(output).isInstanceOf(Distribution.Projected.class);
      Distribution.Projected projected = (Distribution.Projected) output;
      assertThat(projected.projection()).isInstanceOf(AdaptiveSoftmax.class);
      assertThat(projected.logits().sizes().vec().get()).containsExactly(3, 2, 20_000);
    }
  }
}
