package lot4j.task;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Learner;
import lot4j.Network;
import lot4j.Shape;
import lot4j.data.TextSet;
import lot4j.data.TextSets;
import lot4j.data.Tokens;
import lot4j.data.Vocabulary;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.train.BatchSource;
import lot4j.train.Dealing;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/**
 * A text read, encoded and cut into its parts, ready to train on.
 *
 * <p>Without a text of their own the students read the teacher's, but from another place: the text
 * is turned round by a random offset, so that the two streams are never at the same words by
 * construction.
 */
public final class PreparedText implements Prepared<TextBatch> {
  private static final String BATCH_SIZE = "batch-size";
  private static final String EVAL_BATCH_SIZE = "eval-batch-size";

  private final LanguageModelling spec;
  private final String name;
  private final Vocabulary vocabulary;
  private final TextParts parts;
  private final int evalBatchSize;
  private final LanguageTask task;

  private PreparedText(LanguageModelling spec, TextSet set, TextParts parts, int evalBatchSize) {
    this.spec = spec;
    this.name = set.name();
    this.vocabulary = set.vocabulary();
    this.parts = parts;
    this.evalBatchSize = evalBatchSize;
    Map<Split, Columns> splits = new EnumMap<>(Split.class);
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      Tokens tokens = parts.splits().get(split);
      if (tokens != null) {
        String what = spec.data() + ": the " + split.key() + " text";
        splits.put(split, new Columns(tokens, evalBatchSize, what, EVAL_BATCH_SIZE));
      }
    }
    Tokens train = parts.splits().get(Split.TRAIN);
    if (train.size() / evalBatchSize >= 2) {
      splits.put(Split.TRAIN, new Columns(train, evalBatchSize, spec.data(), EVAL_BATCH_SIZE));
    }
    this.task = new LanguageTask(splits, vocabulary, spec.evalLength().orElse(spec.length()));
  }

  /** The parts that {@code spec} makes of a set that was read elsewhere. */
  static PreparedText of(
      LanguageModelling spec, TextSet set, Path dataDirectory, int evalBatchSize) {
    return new PreparedText(spec, set, TextParts.of(spec, set, dataDirectory), evalBatchSize);
  }

  @Override
  public Task<TextBatch> task() {
    return task;
  }

  @Override
  public Shape input() {
    return Shape.ofTokens(spec.length());
  }

  @Override
  public int outputs() {
    return vocabulary.size();
  }

  @Override
  public long samples(Tensor inputs) {
    return inputs.numel();
  }

  @Override
  public String dataName() {
    return name;
  }

  @Override
  public List<Source> sources() {
    return parts.sources();
  }

  @Override
  public List<String> notes() {
    return parts.notes();
  }

  @Override
  public Map<String, byte[]> companions() {
    return Map.of(vocabulary.fileName(), vocabulary.file());
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      if (parts.splits().containsKey(split)) {
        counts.put(split.key(), parts.splits().get(split).size());
      }
    }
    parts.student().ifPresent(text -> counts.put("student", text.size()));
    return counts;
  }

  @Override
  public Set<Split> splits() {
    return new TreeSet<>(parts.splits().keySet());
  }

  @Override
  public Primary primary() {
    return new Primary("perplexity", false);
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return train(batchSize).pace(spec.length(), accumulate);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return student(parts.student().orElse(parts.splits().get(Split.TRAIN)), batchSize)
        .pace(spec.length(), accumulate);
  }

  /** Columns are dealt out, each with its memory: the run has as many as all processes have. */
  @Override
  public Dealing<TextBatch> dealing() {
    return new ColumnDealing();
  }

  @Override
  public BatchSource<TextBatch> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return new TextStream(train(batchSize), spec.length(), accumulate, true);
  }

  @Override
  public BatchSource<TextBatch> studentStream(
      Learner teacher,
      BatchSource<TextBatch> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    Tokens own =
        parts
            .student()
            .orElseGet(
                () -> turned(parts.splits().get(Split.TRAIN), streams.named("order.student")));
    return new TextStream(
        student(own, batchSize), spec.length(), accumulate, parts.student().isEmpty());
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    TextSet.Part other = TextSets.part(dataDirectory, data, vocabulary, true);
    return task.score(networks, new Columns(other.tokens(), evalBatchSize, data, EVAL_BATCH_SIZE));
  }

  /** What the ids mean. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Mapped files are released with the last reference to them. */
  @Override
  public void close() {}

  private Columns train(int batchSize) {
    return new Columns(
        parts.splits().get(Split.TRAIN),
        batchSize,
        spec.data() + ": the training text",
        BATCH_SIZE);
  }

  private Columns student(Tokens text, int batchSize) {
    String from = spec.unlabelled() instanceof Unlabelled.From other ? other.data() : spec.data();
    return new Columns(text, batchSize, from + ": the students' text", "student-batch-size");
  }

  /** The same tokens, beginning elsewhere: after the last comes the first. */
  private static Tokens turned(Tokens text, RandomStream random) {
    long size = text.size();
    long offset = random.below(Math.toIntExact(Math.min(size, Integer.MAX_VALUE)));
    return new Tokens() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public int at(long index) {
        long place = index + offset;
        return text.at(place < size ? place : place - size);
      }
    };
  }
}
