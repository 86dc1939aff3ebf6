package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.Distribution;
import lot4j.LinearProjection;
import lot4j.Model;
import lot4j.Network;
import lot4j.Output;
import lot4j.Shape;
import lot4j.data.InstructionLine;
import lot4j.data.LearnedVocabulary;
import lot4j.data.Tokenization;
import lot4j.data.Tokens;
import lot4j.data.Vocabulary;
import lot4j.model.language.Gpt;
import lot4j.task.InstructionBatch.Example;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerScoringTest {
  private static final String END = "\u0003";

  private final Vocabulary characters =
      LearnedVocabulary.of(
              new Tokenization.Characters(),
              List.of(END),
              () -> Stream.of("abc #123\n"),
              Stream::empty)
          .vocabulary();
  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private InstructionFormat format() {
    return InstructionFormat.of(InstructionTuning.of("sums"), characters);
  }

  private static InstructionLine line(int number, String prompt, String answer) {
    return new InstructionLine(
        "f.jsonl:" + number,
        "{\"prompt\": \"%s\", \"response\": \"%s\"}".formatted(prompt, answer));
  }

  /** A network that always finds probable what follows in {@code text}, and else {@code a}. */
  private Network saying(String text) {
    int[] chain = characters.encode(text);
    return Network.of(
        inputs -> {
          Tensor logits = torch.zeros(inputs.size(0), inputs.size(1), characters.size());
          logits.select(2, characters.encode("a")[0]).fill_(new org.bytedeco.pytorch.Scalar(1));
          for (int i = 0; i + 1 < chain.length; i++) {
            Tensor here = inputs.eq(new org.bytedeco.pytorch.Scalar((long) chain[i]));
            logits.select(2, chain[i + 1]).masked_fill_(here, new org.bytedeco.pytorch.Scalar(3));
          }
          return logits;
        });
  }

  private Optional<Boolean> exact(String said, String answer) {
    return new AnswerScoring(format())
        .of(saying(said), List.of(line(1, "b", answer)))
        .get(0)
        .exactMatch();
  }

  @Test
  void theGreedyAnswerIsKnownWhereItGoesAlongOrEndsOrLeavesForAnotherText() {
    assertThat(exact("\nabc" + END, "abc")).contains(true);
    assertThat(exact("\nab" + END, "abc")).contains(false);
    assertThat(exact("\nab1" + END, "abc")).contains(false);
    // White space may be of another kind or amount.
    assertThat(exact("\nb 1" + END, "b")).isEmpty();
    // By the number behind the mark the rest of the answer does not matter.
    assertThat(exact("\n#" + END, "b #### 1")).isEmpty();
    assertThat(exact("\n" + END, "b #### 1")).contains(false);
  }

  /** As an evaluation scores them: same sums, whatever stands beside. */
  @Test
  void scoresAreThoseOfAnEvaluation() {
    torch.manual_seed(3);
    Model model = new Gpt(2, 8, 2, 40, 0).build(Shape.ofTokens(8), characters.size());
    model.module().to(ScalarType.Double, false);
    model.module().eval();
    List<InstructionLine> lines =
        List.of(line(1, "a b", "c"), line(2, "b", "1 2 3 #"), line(3, "c c c", "ab"));
    AnswerScoring scoring = new AnswerScoring(format());
    List<AnswerScore> together = scoring.of(model, lines);
    double sum = 0;
    int targets = 0;
    for (int i = 0; i < lines.size(); i++) {
      AnswerScore alone = scoring.of(model, lines.subList(i, i + 1)).get(0);
      assertThat(together.get(i).logProbability()).isCloseTo(alone.logProbability(), within(1e-10));
      assertThat(together.get(i).tokens()).isEqualTo(alone.tokens());
      sum += alone.logProbability();
      targets += alone.tokens().size();
    }
    assertThat(targets).isEqualTo(2 + 8 + 3);
    List<Example> examples =
        lines.stream()
            .map(each -> each.example("auto", "auto"))
            .map(
                each ->
                    new Example(
                        Tokens.of(format().request(each.prompt())),
                        Tokens.of(format().answer(each.answer())),
                        each.answer()))
            .toList();
    Map<String, Double> score =
        new InstructionTask(
                Map.of(Split.TEST, examples), InstructionTuning.of("sums"), Optional.empty(), 2)
            .score(List.of(model), Split.TEST)
            .get(0);
    assertThat(-sum / targets).isCloseTo(score.get("loss"), within(1e-10));
    AnswerScore first = together.get(0);
    assertThat(first.tokens()).containsExactly(2, characters.encode(END)[0]);
    assertThat(first.perplexity())
        .isCloseTo(
            Math.exp(-(first.logProbabilities().get(0) + first.logProbabilities().get(1)) / 2),
            within(1e-12));
  }

  /** The most probable token is looked for among those of the vocabulary alone. */
  @Test
  void largeAndPaddedVocabulariesAreScoredTheSame() {
    torch.manual_seed(5);
    int rows = characters.size() + 3;
    Tensor table = torch.randn(rows, rows).to(ScalarType.Double);
    try (NoGradGuard constant = new NoGradGuard()) {
      table.narrow(1, characters.size(), 3).add_(new org.bytedeco.pytorch.Scalar(20));
    }
    Network plain = Network.of(inputs -> torch.embedding(table, inputs));
    Tensor one = torch.eye(rows).to(ScalarType.Double);
    Network projected =
        (inputs, memory) ->
            new Output(
                new Distribution.Projected(
                    torch.embedding(table, inputs), new LinearProjection(one, Optional.empty())),
                Map.of());
    List<InstructionLine> lines = List.of(line(1, "a b", "c12"), line(2, "b", "1"));
    List<AnswerScore> of = new AnswerScoring(format()).of(plain, lines);
    assertThat(new AnswerScoring(format()).of(projected, lines)).isEqualTo(of);
    IntStream.range(0, 2).forEach(i -> assertThat(of.get(i).logProbability()).isLessThan(-15.0));
  }

  @Test
  void whatCannotBeScoredIsNamed() {
    AnswerScoring scoring = new AnswerScoring(format());
    Network network = saying("a");
    assertThatThrownBy(
            () ->
                scoring.of(
                    network,
                    List.of(line(1, "a", "b"), new InstructionLine("f:2", "{\"prompt\": \"a\"}"))))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("f:2: has none of the keys response, output, answer");
    assertThatThrownBy(() -> scoring.of(network, List.of(line(3, "a", "z"))))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("f.jsonl:3: ")
        .hasMessageContaining("'z' is not in the vocabulary");
    assertThatThrownBy(() -> scoring.of(network, List.of(line(4, "a", "b".repeat(510)))))
        .hasMessage(
            "f.jsonl:4: request and answer have 513 tokens with template, begin and end; the run's"
                + " task.length = 512 is the most");
  }
}
