package lot4j.task;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.Distribution;
import lot4j.KeyValues;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.data.Tokens;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The most probable token again and again, of several requests at a time, until each answer has its
 * end. Of equal tokens the one with the lower id. Several networks answer together, by the mean of
 * their probabilities.
 *
 * <p>Networks that keep {@link KeyValues} read every token once; others read the whole text anew
 * for every token. Both give the same tokens, but for ties within rounding. A text that is over is
 * not read any further.
 *
 * @param networks in eval mode
 * @param end the token that closes an answer
 * @param most tokens of an answer
 * @param length tokens of request and answer together
 * @param vocabulary tokens that may be answered
 */
record Greedy(List<Network> networks, int end, int most, int length, int vocabulary) {

  /**
   * Answers some requests.
   *
   * @param prompts one token or more each
   * @return the tokens of each answer, the end included if it came
   */
  List<int[]> answers(List<Tokens> prompts) {
    List<int[]> texts = new ArrayList<>();
    for (Tokens prompt : prompts) {
      int[] text = new int[Math.toIntExact(prompt.size())];
      Arrays.setAll(text, prompt::at);
      texts.add(text);
    }
    int[] begins = texts.stream().mapToInt(text -> text.length).toArray();
    int[] open = open(texts, begins);
    try (Readers readers = new Readers(texts, open)) {
      while (open.length > 0) {
        int[] next = readers.next(texts, open);
        for (int i = 0; i < open.length; i++) {
          int[] text = texts.get(open[i]);
          int[] longer = Arrays.copyOf(text, text.length + 1);
          longer[text.length] = next[i];
          texts.set(open[i], longer);
        }
        open = open(texts, begins);
      }
    }
    List<int[]> answers = new ArrayList<>();
    for (int i = 0; i < begins.length; i++) {
      answers.add(Arrays.copyOfRange(texts.get(i), begins[i], texts.get(i).length));
    }
    return answers;
  }

  /** Which texts go on: those whose answer has no end yet and may be longer. */
  private int[] open(List<int[]> texts, int[] begins) {
    return IntStream.range(0, begins.length)
        .filter(
            i -> {
              int[] text = texts.get(i);
              boolean ended = text.length > begins[i] && text[text.length - 1] == end;
              return text.length < length && text.length - begins[i] < most && !ended;
            })
        .toArray();
  }

  /** The networks reading the same texts. */
  private final class Readers implements AutoCloseable {
    private final int begin;
    private final List<Optional<KeyValues>> kept = new ArrayList<>();
    private int[] columns;
    private boolean begun;

    Readers(List<int[]> texts, int[] open) {
      begin = Arrays.stream(open).map(i -> texts.get(i).length).max().orElse(0);
      long[] starts = Arrays.stream(open).mapToLong(i -> begin - texts.get(i).length).toArray();
      columns = open;
      for (int i = 0; i < networks.size(); i++) {
        kept.add(Optional.of(new KeyValues(starts)));
      }
    }

    /** What they expect next of each text that is open; those that were not before stay away. */
    int[] next(List<int[]> texts, int[] open) {
      if (open.length < columns.length) {
        long[] left =
            IntStream.range(0, columns.length)
                .filter(place -> Arrays.binarySearch(open, columns[place]) >= 0)
                .asLongStream()
                .toArray();
        kept.forEach(each -> each.ifPresent(own -> own.select(left)));
        columns = open;
      }
      List<int[]> read = Arrays.stream(open).mapToObj(texts::get).toList();
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        TensorVector each = new TensorVector();
        for (int i = 0; i < networks.size(); i++) {
          each.push_back(expected(i, read));
        }
        begun = true;
        Tensor mean =
            networks.size() == 1
                ? each.get(0)
                : logsumexp(stack(each), 0).sub(new Scalar(Math.log(networks.size())));
        Tensor best = PredictionSums.mostProbable(mean.narrow(1, 0, vocabulary)).cpu();
        long[] tokens = new long[open.length];
        best.data_ptr_long().get(tokens);
        return Arrays.stream(tokens).mapToInt(Math::toIntExact).toArray();
      }
    }

    /** [batch, vocab] float64. */
    private Tensor expected(int index, List<int[]> texts) {
      Network network = networks.get(index);
      if (kept.get(index).isPresent()) {
        KeyValues own = kept.get(index).get();
        try (Memory memory = new Memory(own)) {
          Output output = network.forward(begun ? last(texts) : together(texts), memory);
          if (own.length() > 0) {
            return logProbabilities(rows(output, ends(texts.size(), output)));
          }
        }
        // The network keeps nothing: what it has said of texts that begin at different rows is
        // of no use.
        own.close();
        kept.set(index, Optional.empty());
      }
      try (Memory memory = new Memory()) {
        Output output = network.forward(fromTheFirstRow(texts), memory);
        long[] places = new long[texts.size()];
        for (int i = 0; i < places.length; i++) {
          places[i] = (texts.get(i).length - 1L) * places.length + i;
        }
        return logProbabilities(rows(output, places));
      }
    }

    /** With their ends in one row. */
    private Tensor together(List<int[]> texts) {
      int count = texts.size();
      long[] ids = new long[begin * count];
      for (int b = 0; b < count; b++) {
        int[] text = texts.get(b);
        for (int t = 0; t < text.length; t++) {
          ids[(begin - text.length + t) * count + b] = text[t];
        }
      }
      return torch.tensor(ids).view(begin, count);
    }

    private Tensor last(List<int[]> texts) {
      long[] ids = texts.stream().mapToLong(text -> text[text.length - 1]).toArray();
      return torch.tensor(ids).view(1, ids.length);
    }

    private Tensor fromTheFirstRow(List<int[]> texts) {
      int rows = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
      int count = texts.size();
      long[] ids = new long[rows * count];
      for (int b = 0; b < count; b++) {
        int[] text = texts.get(b);
        for (int t = 0; t < text.length; t++) {
          ids[t * count + b] = text[t];
        }
      }
      return torch.tensor(ids).view(rows, count);
    }

    @Override
    public void close() {
      kept.forEach(each -> each.ifPresent(KeyValues::close));
    }
  }

  /** The places of a batch's last row. */
  private static long[] ends(int count, Output output) {
    long rows =
        output.distribution() instanceof Distribution.Projected projected
            ? projected.features().size(0)
            : output.logits().size(0);
    long[] places = new long[count];
    Arrays.setAll(places, i -> (rows - 1) * count + i);
    return places;
  }

  /** Logits of some places; those of a large vocabulary are not made for the others. */
  private static Tensor rows(Output output, long[] places) {
    if (output.distribution() instanceof Distribution.Projected projected) {
      Tensor features = projected.features();
      Tensor index = torch.tensor(places).to(features.device(), ScalarType.Long);
      Tensor rows = features.reshape(-1, features.size(-1)).index_select(0, index);
      return projected.projection().logits(rows);
    }
    Tensor logits = output.logits();
    Tensor index = torch.tensor(places).to(logits.device(), ScalarType.Long);
    return logits.reshape(-1, logits.size(-1)).index_select(0, index);
  }

  private static Tensor logProbabilities(Tensor logits) {
    return log_softmax(logits, 1, new ScalarTypeOptional(ScalarType.Double));
  }
}
