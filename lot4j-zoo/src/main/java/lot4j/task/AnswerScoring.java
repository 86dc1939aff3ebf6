package lot4j.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import lot4j.data.Instruction;
import lot4j.data.InstructionLine;
import lot4j.data.Tokens;
import lot4j.task.InstructionBatch.Example;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores answers that are there, several at a time, as an evaluation of the run does; nothing is
 * generated.
 *
 * @param format how texts become tokens
 */
public record AnswerScoring(InstructionFormat format) {

  /**
   * Scores the answers of some lines.
   *
   * @param network in eval mode
   * @param lines requests with answers, one or more
   * @throws DataException naming file and line if one has no answer, is too long, or has something
   *     that the vocabulary lacks
   */
  public List<AnswerScore> of(Network network, List<InstructionLine> lines) {
    List<Example> examples = lines.stream().map(this::example).toList();
    int targets = examples.stream().mapToInt(each -> (int) each.answer().size()).sum();
    double[] logs = new double[targets];
    long[] best = new long[targets];
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      InstructionBatch batch = InstructionBatch.of(examples, format.spec().length());
      Output output = network.forward(batch.inputs(), memory);
      Tensor places = InstructionTask.places(output, batch);
      Tensor right = InstructionTask.targets(places, batch);
      int size = format.vocabulary().size();
      Piecewise.forEach(
          List.of(InstructionTask.at(output, places)),
          (answers, from, to) -> {
            int count = Math.toIntExact(to - from);
            Tensor some = right.narrow(0, from, count).unsqueeze(1);
            Tensor said = answers.get(0).gather(1, some).flatten().cpu().contiguous();
            said.data_ptr_double().get(logs, (int) from, count);
            Tensor most = PredictionSums.mostProbable(answers.get(0).narrow(1, 0, size)).cpu();
            most.contiguous().data_ptr_long().get(best, (int) from, count);
          });
    }
    return scores(examples, logs, best);
  }

  /** Hands the numbers, which stand row by row, to the examples side by side. */
  private List<AnswerScore> scores(List<Example> examples, double[] logs, long[] best) {
    int rows = examples.stream().mapToInt(Example::rows).max().orElseThrow();
    List<double[]> logsOf = new ArrayList<>();
    List<int[]> bestOf = new ArrayList<>();
    for (Example example : examples) {
      logsOf.add(new double[Math.toIntExact(example.answer().size())]);
      bestOf.add(new int[Math.toIntExact(example.answer().size())]);
    }
    int next = 0;
    for (int t = 0; t < rows; t++) {
      for (int b = 0; b < examples.size(); b++) {
        int place = Math.toIntExact(t + 1 - examples.get(b).prompt().size());
        if (place >= 0 && t < examples.get(b).rows()) {
          logsOf.get(b)[place] = logs[next];
          bestOf.get(b)[place] = Math.toIntExact(best[next++]);
        }
      }
    }
    List<AnswerScore> scores = new ArrayList<>();
    for (int b = 0; b < examples.size(); b++) {
      int[] tokens = tokens(examples.get(b).answer());
      scores.add(
          new AnswerScore(
              Arrays.stream(tokens).boxed().toList(),
              Arrays.stream(logsOf.get(b)).boxed().toList(),
              exactMatch(examples.get(b).reference(), tokens, bestOf.get(b))));
    }
    return scores;
  }

  /**
   * Whether the greedy answer is right. It goes along with the answer that is there as long as each
   * token is the most probable one; where it leaves it for its end, it is known, and where it
   * leaves it for another text, it is wrong if texts are compared.
   */
  private Optional<Boolean> exactMatch(String reference, int[] tokens, int[] best) {
    Match match = format.spec().match();
    int most = Math.min(tokens.length, format.spec().evalTokens());
    int along = 0;
    while (along < most && best[along] == tokens[along]) {
      along++;
    }
    if (along == most || best[along] == format.end()) {
      return Optional.of(match.same(reference, format.text(Arrays.copyOf(tokens, along))));
    }
    int[] begun = Arrays.copyOf(tokens, along + 1);
    begun[along] = best[along];
    return match.foretold(reference, format.text(begun));
  }

  private static int[] tokens(Tokens answer) {
    int[] tokens = new int[Math.toIntExact(answer.size())];
    Arrays.setAll(tokens, answer::at);
    return tokens;
  }

  private Example example(InstructionLine line) {
    int length = format.spec().length();
    Instruction pair = line.example(format.spec().promptKey(), format.spec().answerKey());
    int[] prompt;
    int[] answer;
    try {
      prompt = format.request(pair.prompt());
      answer = format.answer(pair.answer());
    } catch (DataException e) {
      throw new DataException(line.where() + ": " + e.getMessage(), e);
    }
    int size = prompt.length + answer.length;
    if (prompt.length == 0 || size > length) {
      throw new DataException(
          line.where()
              + (prompt.length == 0
                  ? ": the request has no token with its template"
                  : ": request and answer have "
                      + size
                      + " tokens with template, begin and end; the run's task.length = "
                      + length
                      + " is the most"));
    }
    return new Example(Tokens.of(prompt), Tokens.of(answer), pair.answer());
  }
}
