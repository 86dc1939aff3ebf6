package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.data.TextSets;
import lot4j.data.Tokenization;
import lot4j.data.Tokens;
import lot4j.data.Vocabulary;
import lot4j.model.language.Gpt;
import lot4j.model.language.Llama;
import lot4j.model.language.Lstm;
import lot4j.model.language.TransformerXl;
import lot4j.task.TextPrediction.Continued;
import lot4j.task.TextPrediction.Judged;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextPredictionTest {
  private static final int WINDOW = 5;
  private static final int[] PROMPT = {3, 1, 4, 1, 5, 0, 2, 6, 5, 3, 5};
  private static final Continuation THIRTY = new Continuation(30, 1, 0, 1, 9);

  @TempDir Path directory;
  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static List<ModelSpec> specs() {
    return List.of(new Lstm(6, 6, 2, 0.2, false), new Gpt(2, 8, 2, 9, 0.2));
  }

  /** Far from uniform, float64, eval mode. */
  private static Model model(ModelSpec spec, int vocabulary) {
    torch.manual_seed(4);
    Model model = spec.build(Shape.ofTokens(WINDOW), vocabulary);
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

  private Vocabulary words(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("words.txt"), text);
    return TextSets.read(directory, file.toString(), new Tokenization.Words(1)).vocabulary();
  }

  private TextPrediction seven() throws IOException {
    return new TextPrediction(words("a b c d e f\n"), WINDOW);
  }

  /** What a network expects after all of {@code tokens}, read at once. */
  private static double[] expected(Model model, List<Integer> tokens) {
    try (Memory memory = new Memory();
        NoGradGuard constant = new NoGradGuard()) {
      long[] ids = tokens.stream().mapToLong(i -> i).toArray();
      Tensor logits = model.forward(torch.tensor(ids).view(ids.length, 1), memory).logits();
      Tensor last = torch.log_softmax(logits, -1).select(0, ids.length - 1).flatten();
      double[] values = new double[(int) last.numel()];
      last.contiguous().data_ptr_double().get(values);
      return values;
    }
  }

  private static List<Integer> joined(int[] prompt, List<Integer> tokens, int count) {
    List<Integer> all = new ArrayList<>(IntStream.of(prompt).boxed().toList());
    all.addAll(tokens.subList(0, count));
    return all;
  }

  @Test
  void memoryStandsForEverythingRead() throws IOException {
    Model model = model(new Lstm(6, 6, 2, 0.2, false), 7);
    Continued continued = seven().continued(model, PROMPT, THIRTY);
    for (int i = 0; i < 30; i++) {
      double[] whole = expected(model, joined(PROMPT, continued.tokens(), i));
      assertThat(continued.logProbabilities().get(i))
          .isCloseTo(whole[continued.tokens().get(i)], within(1e-10));
    }
  }

  static List<ModelSpec> withoutMemory() {
    return List.of(
        new Gpt(2, 8, 2, 9, 0.2),
        new Llama(2, 8, 2, 1, 6, 10, Optional.empty(), 1e-5, 9, false, 0));
  }

  /** Or are not, where keys and values of a text that fits the window are kept. */
  @ParameterizedTest
  @MethodSource("withoutMemory")
  void withoutMemoryTheLastTokensAreReadAgain(ModelSpec spec) throws IOException {
    Model model = model(spec, 7);
    for (int[] prompt : List.of(PROMPT, new int[] {2}, new int[] {1, 2, 3, 4, 5})) {
      Continued continued = seven().continued(model, prompt, THIRTY);
      for (int i = 0; i < 30; i++) {
        List<Integer> before = joined(prompt, continued.tokens(), i);
        List<Integer> seen = before.subList(Math.max(0, before.size() - WINDOW), before.size());
        assertThat(continued.logProbabilities().get(i))
            .isCloseTo(expected(model, seen)[continued.tokens().get(i)], within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void sameSeedGivesTheSameBitsAndAnotherSeedAnotherText(ModelSpec spec) throws IOException {
    Model model = model(spec, 7);
    Continued one = seven().continued(model, PROMPT, THIRTY);
    torch.manual_seed(77);
    assertThat(seven().continued(model, PROMPT, THIRTY)).isEqualTo(one);
    assertThat(seven().continued(model, PROMPT, new Continuation(30, 1, 0, 1, 10)).tokens())
        .isNotEqualTo(one.tokens());
  }

  @Test
  void logProbabilitiesAreThoseOfTheNetworkWhateverIsDrawn() throws IOException {
    Model model = model(new Lstm(6, 6, 2, 0.2, false), 7);
    Continued greedy = seven().continued(model, PROMPT, new Continuation(3, 0, 0, 1, 0));
    Continued hot = seven().continued(model, PROMPT, new Continuation(3, 3, 1, 1, 0));
    assertThat(hot).isEqualTo(greedy);
    assertThat(greedy.logProbabilities()).allMatch(p -> p < -1e-3);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void judgesAsAnEvaluationDoes(ModelSpec spec) throws IOException {
    Model model = model(spec, 7);
    TextPrediction prediction = seven();
    Tokens text = Tokens.of(PROMPT);
    Judged judged = prediction.judged(model, text, "text");
    Map<String, Double> score =
        new LanguageTask(Map.of(), prediction.vocabulary(), WINDOW)
            .score(List.of(model), new Columns(text, 1, "text", "columns"))
            .get(0);
    assertThat(judged.perplexity()).isCloseTo(score.get("perplexity"), within(1e-10));
    assertThat(judged.tokens()).containsExactly(1, 4, 1, 5, 0, 2, 6, 5, 3, 5);
    assertThat(judged.logProbabilities()).hasSize(10).allMatch(p -> p < 0);
  }

  @Test
  void oneTokenCannotBeJudged() throws IOException {
    TextPrediction prediction = seven();
    Model model = model(new Gpt(2, 8, 2, 9, 0), 7);
    assertThatThrownBy(() -> prediction.judged(model, Tokens.of(1), "x.txt"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("x.txt: has 1 tokens");
  }

  @Test
  void aPromptOfWordsHasNoLineEndUnlessWritten() throws IOException {
    Vocabulary vocabulary = words("the cat sat\non the mat\n");
    TextPrediction prediction = new TextPrediction(vocabulary, WINDOW);
    int end = vocabulary.encode("\n")[0];
    assertThat(vocabulary.encode("the cat")).endsWith(end);
    assertThat(prediction.prompt("the cat")).hasSize(2).doesNotContain(end);
    assertThat(prediction.prompt("the cat\n")).hasSize(3).endsWith(end);
    assertThat(prediction.prompt("")).containsExactly(end);
    assertThat(prediction.prompt("  ")).containsExactly(end);
    assertThatThrownBy(() -> prediction.prompt("the dog"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'dog' is not in the vocabulary");
  }

  @Test
  void wordsAreContinuedBehindASpace() throws IOException {
    TextPrediction prediction = seven();
    Model model = model(new Lstm(6, 6, 1, 0, false), 7);
    Continued continued = prediction.continued(model, prediction.prompt("a b"), THIRTY);
    int[] whole =
        joined(prediction.prompt("a b"), continued.tokens(), 30).stream()
            .mapToInt(i -> i)
            .toArray();
    assertThat("a b" + continued.text()).isEqualTo(prediction.vocabulary().decode(whole));
  }

  @Test
  void transformerXlReadsOnFromItsMemory() throws IOException {
    Model model = model(new TransformerXl(), 7);
    assertThat(seven().continued(model, PROMPT, new Continuation(3, 1, 0, 1, 0)).tokens())
        .hasSize(3);
  }
}
