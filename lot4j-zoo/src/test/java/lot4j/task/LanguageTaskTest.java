package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.tensor;
import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Exercise;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.data.Tokens;
import lot4j.data.Vocabulary;
import lot4j.testkit.NativeObjects;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class LanguageTaskTest {
  private static final int WORDS = 4;
  private static final int[] TEXT = {0, 1, 2, 3, 3, 2, 1, 0, 1, 1, 2};

  /** Four words of 1, 2, 3 and 4 characters. */
  private static final Vocabulary WORDS_OF_LETTERS =
      new Vocabulary() {
        @Override
        public int size() {
          return WORDS;
        }

        @Override
        public int[] encode(String text) {
          throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int[] tokens) {
          throw new UnsupportedOperationException();
        }

        @Override
        public int characters(int token) {
          return token + 1;
        }

        @Override
        public String fileName() {
          return "vocabulary.json";
        }

        @Override
        public byte[] file() {
          return new byte[0];
        }
      };

  /** Says that the word read before the last one comes next, with {@code strength}. */
  private static Network recalling(double strength) {
    return (inputs, memory) -> {
      long time = inputs.size(0);
      long batch = inputs.size(1);
      Tensor logits = zeros(time, batch, WORDS);
      for (long t = 0; t < time; t++) {
        for (long b = 0; b < batch; b++) {
          long word;
          if (t > 0) {
            word = inputs.get(t - 1).get(b).item_long();
          } else if (!memory.read().isEmpty()) {
            word = memory.read().get(0).get(b).item_long();
          } else {
            continue;
          }
          logits.get(t).get(b).get(word).fill_(new Scalar(strength));
        }
      }
      memory.write(List.of(inputs.get(time - 1)));
      return Output.logits(logits);
    };
  }

  private static LanguageTask task(int columns, int length) {
    return new LanguageTask(
        Map.of(Split.TEST, new Columns(Tokens.of(TEXT), columns, "text", "eval-batch-size")),
        WORDS_OF_LETTERS,
        length);
  }

  /** −log p of the recalling network, over the first two columns of five tokens. */
  private static double expectedLoss(double strength) {
    double sum = 0;
    for (int start : new int[] {0, 5}) {
      for (int i = start; i < start + 4; i++) {
        double[] logits = new double[WORDS];
        if (i > start) {
          logits[TEXT[i - 1]] = strength;
        }
        double total = 0;
        for (double logit : logits) {
          total += Math.exp(logit);
        }
        sum += Math.log(total) - logits[TEXT[i + 1]];
      }
    }
    return sum / 8;
  }

  @Test
  void perplexityIsOfAllTargetsWhateverThePieces() {
    for (int length : new int[] {1, 3, 4, 99}) {
      Map<String, Double> score = task(2, length).score(List.of(recalling(2)), Split.TEST).get(0);

      assertThat(score.get("loss")).isCloseTo(expectedLoss(2), within(1e-6));
      assertThat(score.get("perplexity")).isCloseTo(Math.exp(expectedLoss(2)), within(1e-5));
      assertThat(score.get("targets")).isEqualTo(8);
    }
  }

  @Test
  void bitsPerCharacterDivideByTheCharactersOfTheTargets() {
    Map<String, Double> score = task(2, 3).score(List.of(recalling(2)), Split.TEST).get(0);

    // Targets are 1 2 3 3 and 1 0 1 1 ; of 2 + 3 + 4 + 4 and 2 + 1 + 2 + 2 characters.
    assertThat(score.get("bits_per_char"))
        .isCloseTo(8 * expectedLoss(2) / Math.log(2) / 20, within(1e-6));
  }

  @Test
  void theEnsembleIsTheMeanOfProbabilities() {
    List<Map<String, Double>> same =
        task(2, 3).score(List.of(recalling(2), recalling(2)), Split.TEST);
    assertThat(same).hasSize(3);
    assertThat(same.get(2).get("loss")).isCloseTo(expectedLoss(2), within(1e-6));

    List<Map<String, Double>> unlike =
        task(2, 3).score(List.of(recalling(4), recalling(-4)), Split.TEST);
    assertThat(unlike.get(2).get("loss"))
        .isLessThan((unlike.get(0).get("loss") + unlike.get(1).get("loss")) / 2);
  }

  /** Entropy and divergences of the recalling networks, position by position. */
  @Test
  void entropyAndLikenessAreMeansOverTargets() {
    double entropy = 0;
    double kl = 0;
    double reverse = 0;
    double ensemble = 0;
    for (int start : new int[] {0, 5}) {
      for (int i = start; i < start + 4; i++) {
        boolean first = i == start; // nothing to recall: both are uniform
        double[] t = softmax(first ? 0 : 2);
        double[] s = softmax(first ? 0 : -1);
        for (int word = 0; word < WORDS; word++) {
          double mean = (t[word] + s[word]) / 2;
          entropy -= t[word] * Math.log(t[word]) / 8;
          kl += s[word] * Math.log(s[word] / t[word]) / 8;
          reverse += t[word] * Math.log(t[word] / s[word]) / 8;
          ensemble -= mean * Math.log(mean) / 8;
        }
      }
    }
    for (int length : new int[] {1, 3, 99}) {
      List<Map<String, Double>> scores =
          task(2, length).score(List.of(recalling(2), recalling(-1)), Split.TEST);

      assertThat(scores.get(0).keySet())
          .containsExactly("loss", "perplexity", "bits_per_char", "targets", "entropy");
      assertThat(scores.get(0).get("entropy")).isCloseTo(entropy, within(1e-9));
      assertThat(scores.get(1).get("kl_free_reference")).isCloseTo(kl, within(1e-9));
      assertThat(scores.get(1).get("kl_reference_free")).isCloseTo(reverse, within(1e-9));
      // The uniform ones agree on the first word; elsewhere one's favourite is the other's last.
      assertThat(scores.get(1).get("agreement")).isEqualTo(.25);
      assertThat(scores.get(2).get("entropy")).isCloseTo(ensemble, within(1e-9));
    }
  }

  private static double[] softmax(double strength) {
    double[] p = new double[WORDS];
    double sum = WORDS - 1 + Math.exp(strength);
    for (int word = 0; word < WORDS; word++) {
      p[word] = (word == 0 ? Math.exp(strength) : 1) / sum;
    }
    return p;
  }

  /** What the losses were before anything was measured beside them. */
  @Test
  void lossesAreTheSumsOfPiecesToTheBit() {
    Columns columns = new Columns(Tokens.of(TEXT), 2, "text", "eval-batch-size");
    double sum = 0;
    Memory memory = new Memory();
    try (PointerScope scope = new PointerScope()) {
      for (long row = 0; row < columns.steps(); ) {
        TextBatch piece = columns.piece(row, 3, true);
        Tensor logits = recalling(.3).forward(piece.inputs(), memory).logits();
        Tensor answer =
            log_softmax(logits, -1, new ScalarTypeOptional(ScalarType.Double))
                .gather(-1, piece.targets().orElseThrow().unsqueeze(-1))
                .squeeze(-1);
        sum += answer.sum().neg().item_double();
        row += piece.rows();
      }
    }
    memory.close();
    assertThat(task(2, 3).score(List.of(recalling(.3)), Split.TEST).get(0).get("loss"))
        .isEqualTo(sum / 8);
  }

  @Test
  void theLossIsTheMeanAndWhatTheOutputAdds() {
    try (PointerScope scope = new PointerScope()) {
      TextBatch batch = new Columns(Tokens.of(TEXT), 2, "t", "k").piece(0, 4, true);
      Output plain = recalling(2).forward(batch.inputs(), new Memory());
      Output more =
          new Output(plain.distribution(), Map.of(LanguageTask.REGULARIZATION, tensor(0.5)));
      LanguageTask task = task(2, 3);

      assertThat(task.loss(plain, batch).item_double()).isCloseTo(expectedLoss(2), within(1e-6));
      assertThat(task.loss(more, batch).item_double())
          .isCloseTo(expectedLoss(2) + 0.5, within(1e-6));
      assertThat(task.observe(more, batch)).containsKey("regularization");
      assertThat(task.derive(Map.of("teacher/task_loss", 2.5, "teacher/regularization", 0.5)))
          .containsExactly(Map.entry("teacher/perplexity", Math.exp(2)));
    }
  }

  @Test
  void aPartIsTheFirstColumnsWithTheirTargets() {
    try (PointerScope scope = new PointerScope()) {
      LanguageTask task = task(2, 3);
      TextBatch batch = new Columns(Tokens.of(TEXT), 2, "t", "k").piece(0, 4, true);
      Exercise part = task.part(task.exercise(batch), 0.5);
      Output output = recalling(2).forward(part.inputs(), new Memory());

      assertThat(ColumnsTest.numbers(part.inputs())).containsExactly(0L, 1L, 2L, 3L);
      assertThat(part.begins()).isTrue();
      Tensor whole = recalling(2).forward(batch.inputs(), new Memory()).logits();
      Tensor first = task.part(Output.logits(whole), 0.5).logits();
      assertThat(first.equal(output.logits())).isTrue();
      Optional<Tensor> loss = part.task().map(of -> of.apply(output));
      double all = task.loss(Output.logits(whole), batch).item_double();
      assertThat(loss.orElseThrow().item_double()).isNotEqualTo(all).isPositive();
    }
  }

  @Test
  void scoringHoldsNoNativeObjects() {
    LanguageTask task = task(2, 3);
    NativeObjects.assertUnchangedBy(() -> task.score(List.of(recalling(1)), Split.TEST));
  }
}
