package lot4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.Learner;
import lot4j.Network;
import lot4j.Shape;
import lot4j.config.BuiltIns;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.method.ReviewPlan;
import lot4j.method.Rollouts;
import lot4j.method.Toy;
import lot4j.random.Streams;

/**
 * A task in reinforcement learning's rhythm that runs in a moment: no validation split, a final
 * score on two splits.
 *
 * @param rollout rows of an epoch
 * @param passes over each
 * @param idleFrom the first step of each epoch that has nothing to learn
 * @param lonely whether it refuses to give students a stream
 */
record World(int rollout, int passes, int idleFrom, boolean lonely) implements TaskSpec {
  private static final long STATES = 24;

  /** The section {@code replay}. */
  record Memory(int states, int passes) implements ReviewPlan {}

  static Catalog catalog() {
    Catalog catalog = new Catalog();
    new BuiltIns().register(catalog);
    catalog.model("toy", new Toy.Spec(false, 0), "two layers");
    catalog.task("rl", new World(10, 2, 1000, false), Set.of(), "rows that are answered first");
    catalog.add(Category.SECTION, "replay", new Memory(24, 0), Set.of(), "recent rows");
    return catalog;
  }

  @Override
  public Set<String> sections() {
    return Set.of("replay");
  }

  @Override
  public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
    return new PreparedWorld(this);
  }

  private record PreparedWorld(World world) implements Prepared<Toy.Batch> {
    @Override
    public Task<Toy.Batch> task() {
      return new Toy.Rows();
    }

    @Override
    public Shape input() {
      return Shape.of(Toy.FEATURES);
    }

    @Override
    public int outputs() {
      return Toy.CLASSES;
    }

    @Override
    public String dataName() {
      return "world";
    }

    @Override
    public List<Source> sources() {
      return List.of();
    }

    @Override
    public Map<String, Long> counts() {
      return Map.of();
    }

    @Override
    public Set<Split> splits() {
      return Set.of(Split.TRAIN, Split.TEST);
    }

    @Override
    public Set<Split> finale() {
      return Set.of(Split.values());
    }

    @Override
    public Primary primary() {
      return new Primary("accuracy", true);
    }

    @Override
    public Pace taskPace(int batchSize, int accumulate) {
      return Pace.of(world.rollout(), batchSize, accumulate)
          .rollout(world.passes(), world.rollout() + 2);
    }

    @Override
    public Pace studentPace(int batchSize, int accumulate) {
      return Pace.of(STATES, batchSize, accumulate);
    }

    @Override
    public BatchSource<Toy.Batch> taskStream(
        Learner teacher, int batchSize, int accumulate, Streams streams) {
      Pace pace = taskPace(batchSize, accumulate);
      return new Rollouts(
          pace,
          teacher,
          new Rollouts.Recent(studentPace(5, 1), STATES),
          step -> step % pace.stepsPerEpoch() >= world.idleFrom());
    }

    @Override
    public BatchSource<Toy.Batch> studentStream(
        Learner teacher,
        BatchSource<Toy.Batch> taskStream,
        int batchSize,
        int accumulate,
        Streams streams) {
      if (world.lonely()) {
        throw new AssertionError("a method without students asks for no stream of theirs");
      }
      return ((Rollouts) taskStream).recent();
    }

    @Override
    public List<Map<String, Double>> scoreOn(
        List<Network> networks, Path dataDirectory, String data) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
