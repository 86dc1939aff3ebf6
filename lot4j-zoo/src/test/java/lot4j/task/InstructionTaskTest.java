package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.LinearProjection;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Output;
import lot4j.Shape;
import lot4j.data.Tokens;
import lot4j.imitability.KlDivergence;
import lot4j.model.language.Gpt;
import lot4j.model.language.Llama;
import lot4j.model.language.Lstm;
import lot4j.task.InstructionBatch.Example;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InstructionTaskTest {
  private static final int VOCABULARY = 7;
  private static final int END = 6;
  private static final Example FIRST =
      new Example(Tokens.of(1, 2, 3), Tokens.of(4, 5, END), "first");
  private static final Example SECOND = new Example(Tokens.of(2), Tokens.of(3, END), "second");

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static InstructionTask task(List<Example> examples) {
    return new InstructionTask(
        Map.of(Split.TEST, examples), InstructionTuning.of("sums"), Optional.empty(), 2);
  }

  /** Says of the token after token i that it is k with logit (i + 1) · k / 10. */
  private static final Network TABLE =
      Network.of(
          inputs -> {
            Tensor rows =
                torch
                    .arange(new org.bytedeco.pytorch.Scalar(1), new org.bytedeco.pytorch.Scalar(8))
                    .to(ScalarType.Double)
                    .unsqueeze(1);
            Tensor columns =
                torch
                    .arange(new org.bytedeco.pytorch.Scalar(0), new org.bytedeco.pytorch.Scalar(7))
                    .to(ScalarType.Double)
                    .unsqueeze(0);
            return torch.embedding(
                rows.mul(columns).div(new org.bytedeco.pytorch.Scalar(10)), inputs);
          });

  private static double nll(int from, int to) {
    double sum = 0;
    for (int k = 0; k < VOCABULARY; k++) {
      sum += Math.exp((from + 1) * k / 10.0);
    }
    return Math.log(sum) - (from + 1) * to / 10.0;
  }

  @Test
  void theLossIsOverTheAnswersAlone() {
    InstructionBatch batch = InstructionBatch.of(List.of(FIRST, SECOND), 64);
    Output output = TABLE.forward(batch.inputs(), new Memory());
    double expected = (nll(3, 4) + nll(4, 5) + nll(5, END) + nll(2, 3) + nll(3, END)) / 5;
    assertThat(batch.answers()).isEqualTo(5);
    assertThat(task(List.of()).loss(output, batch).item_double())
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void theScoreIsOverTheAnswersAlone() {
    Map<String, Double> score =
        task(List.of(FIRST, SECOND, FIRST)).score(List.of(TABLE), Split.TEST).get(0);
    double expected = (2 * (nll(3, 4) + nll(4, 5) + nll(5, END)) + nll(2, 3) + nll(3, END)) / 8;
    assertThat(score.get("loss")).isCloseTo(expected, within(1e-12));
    assertThat(score.get("perplexity")).isCloseTo(Math.exp(expected), within(1e-12));
    assertThat(score.get("targets")).isEqualTo(8);
  }

  /**
   * Rows are a multiple of 8, but never more than a network takes; what is added is not counted.
   */
  @Test
  void rowsThatFillUpCountForNothing() {
    assertThat(InstructionBatch.of(List.of(FIRST, SECOND), 64).inputs().size(0)).isEqualTo(8);
    assertThat(InstructionBatch.of(List.of(FIRST, SECOND), 6).inputs().size(0)).isEqualTo(6);
    Model model = model(new Llama(1, 8, 2, 1, 6, 10, Optional.empty(), 1e-5, 64, false, 0));
    double before = Double.NaN;
    for (int rows : new int[] {5, 6, 17}) {
      InstructionBatch batch = InstructionBatch.padded(List.of(FIRST, SECOND), rows);
      Output output = model.forward(batch.inputs(), new Memory());
      double loss = task(List.of()).loss(output, batch).item_double();
      Tensor mu =
          new KlDivergence(2)
              .measure(
                  output,
                  TABLE.forward(batch.inputs(), new Memory()),
                  task(List.of()).exercise(batch).mask());
      double both = loss + mu.item_double();
      assertThat(Double.isNaN(before) ? both : before).isCloseTo(both, within(1e-12));
      before = both;
    }
  }

  /** A mean over two batches weighs each by its answers' tokens. */
  @Test
  void twoBatchesWeighAsOne() {
    InstructionTask task = task(List.of());
    InstructionBatch both = InstructionBatch.of(List.of(FIRST, SECOND), 64);
    double sum = 0;
    double weight = 0;
    for (Example example : List.of(FIRST, SECOND)) {
      InstructionBatch one = InstructionBatch.of(List.of(example), 64);
      Output output = TABLE.forward(one.inputs(), new Memory());
      sum += task.weight(one) * task.loss(output, one).item_double();
      weight += task.weight(one);
    }
    Output output = TABLE.forward(both.inputs(), new Memory());
    assertThat(sum / weight).isCloseTo(task.loss(output, both).item_double(), within(1e-12));
  }

  @Test
  void aPartIsTheFirstColumns() {
    InstructionTask task = task(List.of());
    InstructionBatch batch = InstructionBatch.of(List.of(FIRST, SECOND), 64);
    Exercise half = task.part(task.exercise(batch), 0.5);
    assertThat(half.inputs().size(1)).isEqualTo(1);
    Output output = task.part(TABLE.forward(batch.inputs(), new Memory()), 0.5);
    double expected = (nll(3, 4) + nll(4, 5) + nll(5, END)) / 3;
    assertThat(half.task().orElseThrow().apply(output).item_double())
        .isCloseTo(expected, within(1e-12));
  }

  /** With many words logits are made of the answers' features alone; the loss is the same. */
  @Test
  void projectedOutputsHaveTheSameLoss() {
    InstructionBatch batch = InstructionBatch.of(List.of(FIRST, SECOND), 64);
    Tensor features = torch.randn(8, 2, 3).to(ScalarType.Double);
    Tensor weight = torch.randn(VOCABULARY, 3).to(ScalarType.Double);
    Output projected =
        new Output(
            new Distribution.Projected(features, new LinearProjection(weight, Optional.empty())),
            Map.of());
    Output plain = Output.logits(torch.linear(features, weight));
    assertThat(task(List.of()).loss(projected, batch).item_double())
        .isCloseTo(task(List.of()).loss(plain, batch).item_double(), within(1e-12));
  }

  static Stream<ModelSpec> specs() {
    return Stream.of(
        new Llama(2, 16, 4, 2, 12, 50, Optional.empty(), 1e-5, 24, false, 9),
        new Gpt(2, 8, 2, 24, 0.2),
        new Lstm(6, 6, 2, 0.2, false));
  }

  /** Far from uniform, float64, eval mode. */
  private static Model model(ModelSpec spec) {
    torch.manual_seed(4);
    Model model = spec.build(Shape.ofTokens(12), VOCABULARY);
    model.module().to(ScalarType.Double, false);
    model.module().eval();
    try (NoGradGuard constant = new NoGradGuard()) {
      StringTensorDict all = model.module().named_parameters();
      for (long i = 0; i < all.size(); i++) {
        torch.normal_(all.get(i).value(), 0, 0.6);
      }
    }
    return model;
  }

  /** Requests of different lengths at a time; one token after the other, each text for itself. */
  @ParameterizedTest
  @MethodSource("specs")
  void greedyIsTheMostProbableTokenAgainAndAgain(ModelSpec spec) {
    Model model = model(spec);
    int[][] prompts = {{1, 2, 3}, {4}, {5, 5, 0, 1, 2, 3, 4}, {0, 1}};
    Greedy greedy = new Greedy(List.of(model), END, 9, 14, VOCABULARY);
    List<int[]> answers = greedy.answers(Arrays.stream(prompts).map(Tokens::of).toList());
    for (int i = 0; i < prompts.length; i++) {
      assertThat(answers.get(i)).as("request " + i).containsExactly(chain(model, prompts[i]));
    }
  }

  /** The context is no longer than the texts may be, and short texts go on behind long ones. */
  @ParameterizedTest
  @MethodSource("tight")
  void keptAndReadAnewGiveTheSameAnswersUpToTheContextsEnd(ModelSpec spec) {
    Model model = model(spec);
    // The same network, but what it would keep is thrown away.
    Network forgetful = Network.of(inputs -> model.forward(inputs, new Memory()).logits());
    List<Tokens> prompts =
        Stream.of(new int[] {1}, new int[] {5, 5, 0, 1, 2, 3, 4, 0, 2, 1, 3}, new int[] {0, 1, 4})
            .map(Tokens::of)
            .toList();
    // No token ends an answer here, so all go on to the end.
    List<int[]> kept = new Greedy(List.of(model), -1, 99, 14, VOCABULARY).answers(prompts);
    List<int[]> anew = new Greedy(List.of(forgetful), -1, 99, 14, VOCABULARY).answers(prompts);
    assertThat(kept).extracting(answer -> answer.length).containsExactly(13, 3, 11);
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i)).as("request " + i).containsExactly(anew.get(i));
    }
    List<int[]> both =
        new Greedy(List.of(model, forgetful), -1, 99, 14, VOCABULARY).answers(prompts);
    assertThat(both.get(0)).containsExactly(kept.get(0));
  }

  static Stream<ModelSpec> tight() {
    return Stream.of(
        new Llama(2, 16, 4, 2, 12, 50, Optional.empty(), 1e-5, 14, false, 9),
        new Gpt(2, 8, 2, 14, 0.2));
  }

  private static int[] chain(Model model, int[] prompt) {
    List<Integer> text = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
    List<Integer> answer = new ArrayList<>();
    while (answer.size() < 9 && text.size() < 14 && !answer.contains(END)) {
      long[] ids = text.stream().mapToLong(i -> i).toArray();
      Tensor logits = model.forward(torch.tensor(ids).view(ids.length, 1), new Memory()).logits();
      double[] last = new double[VOCABULARY];
      logits.select(0, ids.length - 1).flatten().contiguous().data_ptr_double().get(last);
      int best = 0;
      for (int k = 1; k < VOCABULARY; k++) {
        best = last[k] > last[best] ? k : best;
      }
      answer.add(best);
      text.add(best);
    }
    return answer.stream().mapToInt(i -> i).toArray();
  }

  /**
   * Two networks answer by the mean of their probabilities; one of them twice says what it says.
   */
  @Test
  void severalAnswerTogether() {
    Model one = model(specs().findFirst().orElseThrow());
    List<Tokens> prompts = List.of(Tokens.of(1, 2, 3), Tokens.of(4));
    List<int[]> alone = new Greedy(List.of(one), END, 9, 14, VOCABULARY).answers(prompts);
    List<int[]> twice = new Greedy(List.of(one, one), END, 9, 14, VOCABULARY).answers(prompts);
    assertThat(twice.get(0)).containsExactly(alone.get(0));
    assertThat(twice.get(1)).containsExactly(alone.get(1));
  }
}
