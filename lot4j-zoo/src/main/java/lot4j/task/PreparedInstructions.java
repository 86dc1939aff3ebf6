package lot4j.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Census;
import lot4j.Learner;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Shape;
import lot4j.data.Instruction;
import lot4j.data.InstructionSet;
import lot4j.data.InstructionSets;
import lot4j.data.LearnedVocabulary;
import lot4j.data.Tokenization;
import lot4j.data.Tokens;
import lot4j.data.Vocabulary;
import lot4j.random.Streams;
import lot4j.task.InstructionBatch.Example;
import lot4j.train.BatchSource;
import lot4j.train.DataException;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/**
 * Requests with answers read, encoded and cut into parts, ready to train on. A sample is an
 * example; its work is that of the mean example of the training part, without what fills up
 * batches.
 */
public final class PreparedInstructions implements Prepared<InstructionBatch> {
  private final InstructionTuning spec;
  private final String name;
  private final List<Source> sources;
  private final Vocabulary vocabulary;
  private final Optional<InstructionFormat> format;
  private final Map<Split, List<Example>> splits;
  private final Optional<List<Example>> student;
  private final List<String> notes;
  private final int evalBatchSize;
  private final InstructionTask task;

  private PreparedInstructions(
      InstructionTuning spec,
      String name,
      List<Source> sources,
      Vocabulary vocabulary,
      Optional<InstructionFormat> format,
      Map<Split, List<Example>> splits,
      Optional<List<Example>> student,
      List<String> notes,
      int evalBatchSize) {
    this.spec = spec;
    this.name = name;
    this.sources = List.copyOf(sources);
    this.vocabulary = vocabulary;
    this.format = format;
    this.splits = new EnumMap<>(splits);
    this.student = student;
    this.notes = List.copyOf(notes);
    this.evalBatchSize = evalBatchSize;
    this.task = new InstructionTask(splits, spec, format, evalBatchSize);
  }

  /**
   * The parts of data that was read, encoded.
   *
   * @throws DataException if something cannot be encoded, or nothing fits
   */
  static PreparedInstructions of(
      InstructionTuning spec,
      InstructionParts parts,
      LearnedVocabulary learned,
      int evalBatchSize) {
    InstructionFormat format = InstructionFormat.of(spec, learned.vocabulary());
    List<Source> sources = new ArrayList<>(parts.sources());
    if (spec.tokenization() instanceof Tokenization.TokenizerFile tokenizer) {
      sources.add(InstructionSets.source(tokenizer.file()));
    }
    List<String> notes = new ArrayList<>(learned.notes());
    Map<Split, List<Example>> splits = new EnumMap<>(Split.class);
    parts
        .splits()
        .forEach((split, part) -> splits.put(split, encoded(format, part, split.key(), notes)));
    Optional<List<Example>> student =
        parts.student().map(part -> encoded(format, part, "students'", notes));
    return new PreparedInstructions(
        spec,
        parts.name(),
        sources,
        format.vocabulary(),
        Optional.of(format),
        splits,
        student,
        notes,
        evalBatchSize);
  }

  /** Data of known sizes without content, for planning alone. */
  static PreparedInstructions outline(
      InstructionTuning spec, List<Integer> sizes, int prompt, int answer, int evalBatchSize) {
    Tokens request = Tokens.of(new int[prompt]);
    Example one = new Example(request, Tokens.of(new int[answer]), "");
    Map<Split, List<Example>> splits = new EnumMap<>(Split.class);
    int valid =
        spec.validation() instanceof Validation.Fraction fraction
            ? (int) Math.round(sizes.get(0) * fraction.part())
            : 0;
    int train = sizes.get(0) - valid;
    if (spec.trainExamples() instanceof TrainExamples.Number number) {
      train = Math.min(train, number.count());
    }
    splits.put(Split.TRAIN, Collections.nCopies(train, one));
    if (valid > 0) {
      splits.put(Split.VALID, Collections.nCopies(valid, one));
    }
    splits.put(Split.TEST, Collections.nCopies(sizes.get(1), one));
    return new PreparedInstructions(
        spec,
        spec.data(),
        List.of(),
        InstructionSets.outline(1),
        Optional.empty(),
        splits,
        Optional.empty(),
        List.of(),
        evalBatchSize);
  }

  private static List<Example> encoded(
      InstructionFormat format, List<Instruction> part, String what, List<String> notes) {
    int most = format.spec().length();
    int cut = 0;
    List<Example> examples = new ArrayList<>();
    for (Instruction each : part) {
      int[] prompt = format.request(each.prompt());
      if (prompt.length == 0) {
        throw new DataException(
            "task.template: makes no token of the request '"
                + each.prompt()
                + "'; an answer needs something in front of it");
      }
      Tokens answer = Tokens.of(format.answer(each.answer()));
      boolean fits = prompt.length + answer.size() <= most;
      cut += fits ? 0 : 1;
      if (fits) {
        examples.add(new Example(Tokens.of(prompt), answer, each.answer()));
      } else if (prompt.length < most) {
        Tokens begin = answer.part(0, most - prompt.length);
        examples.add(new Example(Tokens.of(prompt), begin, each.answer()));
      }
    }
    if (cut > 0) {
      notes.add(
          what
              + " part: "
              + cut
              + " of "
              + part.size()
              + " examples have more than task.length = "
              + most
              + " tokens and were cut"
              + (examples.size() < part.size()
                  ? "; " + (part.size() - examples.size()) + " had no answer left and were left out"
                  : ""));
    }
    if (examples.isEmpty()) {
      throw new DataException(
          what + " part: no example has a request of fewer than task.length = " + most + " tokens");
    }
    return examples;
  }

  @Override
  public Task<InstructionBatch> task() {
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
  public Census census(ModelSpec model) {
    try {
      Census token = model.census(input(), outputs());
      long rows = Math.max(1, Math.round(Math.ceil(meanRows())));
      long macs = model.census(Shape.ofTokens(rows), outputs()).macs();
      return new Census(token.parameters(), Math.multiplyExact(rows, macs));
    } catch (IllegalArgumentException e) {
      throw new DataException(dataName() + ": " + e.getMessage(), e);
    }
  }

  private double meanRows() {
    return splits.get(Split.TRAIN).stream().mapToInt(Example::rows).average().orElseThrow();
  }

  @Override
  public long samples(Tensor inputs) {
    return inputs.size(1);
  }

  @Override
  public String dataName() {
    return name;
  }

  @Override
  public List<Source> sources() {
    return sources;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public Map<String, byte[]> companions() {
    return Map.of(vocabulary.fileName(), vocabulary.file());
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      if (splits.containsKey(split)) {
        counts.put(split.key(), (long) splits.get(split).size());
      }
    }
    student.ifPresent(part -> counts.put("student", (long) part.size()));
    return counts;
  }

  @Override
  public Set<Split> splits() {
    return new TreeSet<>(splits.keySet());
  }

  /** How many answers are right, where answers are generated. */
  @Override
  public Primary primary() {
    return spec.evalGenerate().filter(n -> n == 0).isPresent()
        ? new Primary("perplexity", false)
        : new Primary("exact_match", true);
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return Pace.of(splits.get(Split.TRAIN).size(), batchSize, accumulate);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return Pace.of(students().size(), batchSize, accumulate);
  }

  @Override
  public BatchSource<InstructionBatch> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return stream(splits.get(Split.TRAIN), batchSize, accumulate, streams, "task");
  }

  @Override
  public BatchSource<InstructionBatch> studentStream(
      Learner teacher,
      BatchSource<InstructionBatch> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    return stream(students(), batchSize, accumulate, streams, "student");
  }

  private List<Example> students() {
    return student.orElseGet(() -> splits.get(Split.TRAIN));
  }

  private BatchSource<InstructionBatch> stream(
      List<Example> examples, int batchSize, int accumulate, Streams streams, String of) {
    return new EpochStream<>(
        examples.size(),
        batchSize,
        accumulate,
        streams.named("order." + of),
        (order, from, to) ->
            InstructionBatch.of(
                Arrays.stream(order, from, to).mapToObj(examples::get).toList(), spec.length()));
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    InstructionSet other =
        InstructionSets.one(dataDirectory, data, spec.promptKey(), spec.answerKey());
    return task.score(
        networks, encoded(format.orElseThrow(), other.train(), data, new ArrayList<>()));
  }

  /** How texts become tokens. */
  public InstructionFormat format() {
    return format.orElseThrow();
  }

  /** Nothing outside the Java heap is held but the tokenizer, which frees itself. */
  @Override
  public void close() {}
}
