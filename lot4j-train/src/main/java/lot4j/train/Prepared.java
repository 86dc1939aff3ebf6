package lot4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.Census;
import lot4j.Learner;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Shape;
import lot4j.distributed.Company;
import lot4j.random.Streams;
import org.bytedeco.pytorch.Tensor;

/**
 * A task with its data read and checked, ready to train on.
 *
 * @param <B> the batch type
 */
public interface Prepared<B> extends AutoCloseable {
  /** Loss and score. */
  Task<B> task();

  /** Shape of one input sample. */
  Shape input();

  /** Whether a network's output is a diagonal normal, as continuous policies have it. */
  default boolean normals() {
    return false;
  }

  /** Number of classes, words or actions. */
  int outputs();

  /** The names of the classes in the order of the outputs; empty if they have none. */
  default List<String> classes() {
    return List.of();
  }

  /**
   * Counts a model for this data.
   *
   * @throws DataException if the model does not take such inputs
   */
  default Census census(ModelSpec model) {
    try {
      return model.census(input(), outputs());
    } catch (IllegalArgumentException e) {
      throw new DataException(dataName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Builds a model for this data.
   *
   * @throws DataException if the model does not take such inputs
   */
  default Model build(ModelSpec model) {
    return model.build(input(), outputs());
  }

  /**
   * A saved network, built from its run's directory alone, as the task sees it: with the
   * distribution that {@link #build} makes of its answers. Usually itself.
   */
  default Network answering(Network saved) {
    return saved;
  }

  /** How many samples a batch of inputs holds, the unit of work. */
  default long samples(Tensor inputs) {
    return inputs.size(0);
  }

  /** What a user should know about the data before a run: one sentence each; usually none. */
  default List<String> notes() {
    return List.of();
  }

  /** Files that belong beside the weights, such as a vocabulary, by name; usually none. */
  default Map<String, byte[]> companions() {
    return Map.of();
  }

  /**
   * The same data with its inputs made as another run's, so that the run's networks can be asked
   * about them: a table's numbers are standardised by the rows that a run trains on. Usually
   * itself.
   *
   * @param others the other run's {@link #companions}, those that are there
   */
  default Prepared<B> madeAs(Map<String, byte[]> others) {
    return this;
  }

  /** The data's name as results show it, subsets marked: {@code cifar100[8000/2000]}. */
  String dataName();

  /** The files that were read. */
  List<Source> sources();

  /** Number of samples by split: train, valid, test, and student where it differs from train. */
  Map<String, Long> counts();

  /** The splits that can be scored. */
  Set<Split> splits();

  /**
   * Splits that every evaluation scores beside the validation split; usually none. Nothing is
   * chosen by them.
   */
  default Set<Split> watched() {
    return Set.of();
  }

  /** The metric that decides. */
  Primary primary();

  /** What the learners' streams will take, for planning. */
  Pace taskPace(int batchSize, int accumulate);

  /**
   * FLOPs that the data itself costs for each sample that the teacher studies, apart from the
   * learners' own: the answers of a frozen network, for instance. Usually none; what a stream has
   * spent is {@link BatchSource#flops}.
   */
  default double streamFlops() {
    return 0;
  }

  /** What a step of the students' stream will take. */
  Pace studentPace(int batchSize, int accumulate);

  /**
   * The labelled batches of the teacher's task.
   *
   * @param teacher for tasks whose data comes from the teacher's own actions
   */
  BatchSource<B> taskStream(Learner teacher, int batchSize, int accumulate, Streams streams);

  /**
   * The batches that students learn from, in their own order. Asked for once a run, after the
   * task's stream, and only if the method has students.
   *
   * @param taskStream the teacher's, for tasks whose students learn from what the teacher met
   */
  BatchSource<B> studentStream(
      Learner teacher, BatchSource<B> taskStream, int batchSize, int accumulate, Streams streams);

  /**
   * How steps are divided among processes that train together: whole batches are dealt out, unless
   * a task says otherwise.
   */
  default Dealing<B> dealing() {
    return Dealing.batches();
  }

  /**
   * This data as one of several processes has it that train a run together: the paces are those of
   * the run as a whole, the streams give the process its own part. Usually every process reads all
   * data, and {@link #dealing} says what it keeps of it; a task whose data each process makes for
   * itself says otherwise.
   *
   * @param company the processes; for one alone, this is the data as it is
   * @return to be closed in place of this
   */
  default Prepared<B> among(Company company) {
    return company.size() == 1 ? this : new Together<>(this, company);
  }

  /**
   * How many processes keep states of their own that students learn from, each as many as the
   * configuration says. With data that all of them read it does not matter.
   */
  default int memories() {
    return 1;
  }

  /** The splits that a finished run is scored on, apart from validation: usually the test split. */
  default Set<Split> finale() {
    return Set.of(Split.TEST);
  }

  /**
   * Scores networks on other data, prepared as this data was: its test split if it has one, else
   * everything. In eval mode, without gradients; results as {@link Task#score} gives them.
   *
   * @param data a data set's name, or a path
   * @throws DataException if it cannot be read or does not fit the networks
   */
  List<Map<String, Double>> scoreOn(List<Network> networks, Path dataDirectory, String data);

  /** Releases the data. */
  @Override
  void close();

  /**
   * A file that was read.
   *
   * @param path as the user wrote it or the data set's file name
   * @param bytes its size
   * @param sha256 lower-case hex digest of its content
   */
  record Source(String path, long bytes, String sha256) {}
}
