package lot4j.rl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import lot4j.Census;
import lot4j.Learner;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Shape;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.RunConfig;
import lot4j.random.Streams;
import lot4j.train.BatchSource;
import lot4j.train.Pace;
import lot4j.train.Portion;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.ReplaySource;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * What one process does that has the environments of several: it acts in all of them, and each of
 * its minibatches is one of every part, put together. Parts draw actions and orders as ranks do.
 */
public final class Union implements Prepared<Minibatch> {
  private final PreparedRl whole;
  private final ReinforcementLearning each;
  private final PpoConfig ppo;
  private final Replay replay;
  private final int parts;
  private Parts rollouts;

  /**
   * The union of {@code parts} ranks.
   *
   * @param each the configuration of a rank
   * @param all the same with the environments of all ranks
   */
  public Union(RunConfig each, RunConfig all, int parts) {
    this.each = (ReinforcementLearning) each.task().spec();
    this.ppo = (PpoConfig) each.sections().getOrDefault("ppo", PpoConfig.standard());
    this.replay = (Replay) each.sections().getOrDefault("replay", Replay.standard());
    this.whole = new PreparedRl((ReinforcementLearning) all.task().spec(), ppo, replay);
    this.parts = parts;
  }

  /** The streams of the parts, drawn from together. */
  private static final class Parts implements ReplaySource<Minibatch> {
    private final List<? extends BatchSource<Minibatch>> each;
    private List<Minibatch> united = List.of();
    private List<List<Minibatch>> last = List.of();

    Parts(List<? extends BatchSource<Minibatch>> each) {
      this.each = each;
    }

    @Override
    public List<Minibatch> next() {
      for (List<Minibatch> part : last) { // all went as far as the whole did
        for (int i = 0; i < part.size(); i++) {
          part.get(i).drift(united.get(i).drift());
        }
      }
      last = each.stream().map(BatchSource::next).toList();
      united = united(last);
      return united;
    }

    private static List<Minibatch> united(List<List<Minibatch>> parts) {
      List<Minibatch> united = new ArrayList<>();
      for (int i = 0; i < parts.get(0).size(); i++) {
        int number = i;
        united.add(union(parts.stream().map(part -> part.get(number)).toList()));
      }
      return united;
    }

    private static Minibatch union(List<Minibatch> batches) {
      Tensor observations = cat(batches, Minibatch::observations);
      if (batches.get(0).experience().isEmpty()) {
        return Minibatch.states(observations);
      }
      return Minibatch.of(
          observations,
          new Experience(
              of(batches, Experience::actions),
              of(batches, Experience::logProbabilities),
              of(batches, Experience::advantages),
              of(batches, Experience::returns),
              of(batches, Experience::values)),
          batches.stream().mapToLong(Minibatch::taken).sum());
    }

    private static Tensor of(List<Minibatch> batches, Function<Experience, Tensor> what) {
      return cat(batches, batch -> what.apply(batch.experience().orElseThrow()));
    }

    private static Tensor cat(List<Minibatch> batches, Function<Minibatch, Tensor> what) {
      TensorVector all = new TensorVector();
      batches.forEach(batch -> all.push_back(what.apply(batch)));
      return org.bytedeco.pytorch.global.torch.cat(all);
    }

    @Override
    public Iterator<Portion<Minibatch>> pass(Task<Minibatch> task) {
      List<Iterator<Portion<Minibatch>>> passes =
          each.stream().map(part -> ((ReplaySource<Minibatch>) part).pass(task)).toList();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return passes.get(0).hasNext();
        }

        @Override
        public Portion<Minibatch> next() {
          return Portion.whole(
              task, united(passes.stream().map(pass -> pass.next().batches()).toList()));
        }
      };
    }

    @Override
    public void save(StateWriter out) {
      throw new AssertionError("not here");
    }

    @Override
    public void restore(StateReader in) {
      throw new AssertionError("not here");
    }

    @Override
    public void close() {
      each.forEach(BatchSource::close);
    }
  }

  private static <T> List<T> several(int count, IntFunction<T> of) {
    return IntStream.range(0, count).mapToObj(of).toList();
  }

  /** Draws as a rank does; what it adds up is its own. */
  private static Players part(int rank) {
    return new Players(rank, 1, own -> own);
  }

  @Override
  public BatchSource<Minibatch> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    rollouts =
        new Parts(
            several(
                parts,
                rank ->
                    new RolloutStream(
                        new Rollout(
                            teacher,
                            each.environment().make(Split.TRAIN, each.envs(), 1),
                            "part",
                            each.rollout(),
                            ppo,
                            streams,
                            part(rank)),
                        ppo,
                        batchSize / parts,
                        accumulate,
                        part(rank).stream(streams, "order.task"),
                        part(rank))));
    return rollouts;
  }

  @Override
  public BatchSource<Minibatch> studentStream(
      Learner teacher,
      BatchSource<Minibatch> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    return new Parts(
        several(
            parts,
            rank -> {
              StateMemory memory = new StateMemory(observation(), replay.states());
              ((RolloutStream) rollouts.each.get(rank)).remember(memory);
              return new ReplayStream(
                  memory,
                  batchSize / parts,
                  accumulate,
                  part(rank).stream(streams, "order.student"),
                  part(rank));
            }));
  }

  private ObservationSpace observation() {
    try (Environment one = each.environment().make(Split.TRAIN)) {
      return one.spaces().observation();
    }
  }

  @Override
  public Task<Minibatch> task() {
    return whole.task();
  }

  @Override
  public Shape input() {
    return whole.input();
  }

  @Override
  public boolean normals() {
    return whole.normals();
  }

  @Override
  public int outputs() {
    return whole.outputs();
  }

  @Override
  public Model build(ModelSpec model) {
    return whole.build(model);
  }

  @Override
  public Census census(ModelSpec model) {
    return whole.census(model);
  }

  @Override
  public String dataName() {
    return whole.dataName();
  }

  @Override
  public List<Source> sources() {
    return whole.sources();
  }

  @Override
  public Map<String, Long> counts() {
    return whole.counts();
  }

  @Override
  public Set<Split> splits() {
    return whole.splits();
  }

  @Override
  public Primary primary() {
    return whole.primary();
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return whole.taskPace(batchSize, accumulate);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return whole.studentPace(batchSize, accumulate);
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    return whole.scoreOn(networks, dataDirectory, data);
  }

  @Override
  public void close() {
    whole.close();
  }
}
