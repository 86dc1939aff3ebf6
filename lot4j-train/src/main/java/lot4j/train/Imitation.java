package lot4j.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Network;
import lot4j.random.Streams;

/**
 * A task's data on which a frozen network is imitated instead: the same inputs in the same order,
 * with the frozen network's answers in place of the labels. Everything else about a run stays as it
 * is, so that an imitation is resumed, recorded and reported like any other run.
 *
 * <p>It owns the frozen network, and the data where it is told so.
 */
final class Imitation<B> implements Around<B, Demonstration<B>> {
  /** Lower is better: KL(learner ‖ frozen network), nats, on the held-out split. */
  static final Primary PRIMARY = new Primary("kl_free_reference", false);

  private final Prepared<B> inner;
  private final FrozenNetwork frozen;
  private final ImitationTask<B> task;
  private final boolean scoreTrain;
  private final boolean ownsData;

  private Imitation(
      Prepared<B> inner,
      FrozenNetwork frozen,
      Imitability metric,
      boolean scoreTrain,
      boolean ownsData) {
    this.inner = inner;
    this.frozen = frozen;
    this.task = new ImitationTask<>(inner.task(), metric, frozen);
    this.scoreTrain = scoreTrain;
    this.ownsData = ownsData;
  }

  /**
   * Data with the network that {@code imitate} names, read and checked.
   *
   * @param data the task's; both networks see its inputs as the frozen one learned to
   * @param ownsData whether {@link #close} closes {@code data} too
   */
  static <B> Imitation<B> of(
      Imitate imitate,
      Prepared<B> data,
      boolean ownsData,
      Imitability metric,
      String device,
      RunSession session) {
    Prepared<B> inner = data.madeAs(FrozenNetwork.companions(imitate, data));
    return new Imitation<>(
        inner,
        FrozenNetwork.load(imitate, inner, device, session),
        metric,
        imitate.scoreTrain(),
        ownsData);
  }

  @Override
  public Prepared<B> inner() {
    return inner;
  }

  @Override
  public Task<Demonstration<B>> task() {
    return task;
  }

  @Override
  public List<Source> sources() {
    List<Source> sources = new ArrayList<>(inner.sources());
    sources.add(frozen.source());
    return sources;
  }

  /** The training split, and without a validation split the test split: nothing is chosen by it. */
  @Override
  public Set<Split> watched() {
    Set<Split> watched = EnumSet.noneOf(Split.class);
    if (scoreTrain) {
      watched.add(Split.TRAIN);
    }
    if (!splits().contains(Split.VALID)) {
      watched.add(Split.TEST);
    }
    watched.retainAll(splits());
    return watched;
  }

  @Override
  public Primary primary() {
    return PRIMARY;
  }

  @Override
  public double streamFlops() {
    return frozen.forwardFlops();
  }

  @Override
  public BatchSource<Demonstration<B>> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return new ImitationStream<>(
        inner.taskStream(teacher, batchSize, accumulate, streams), inner.task(), frozen);
  }

  /**
   * Nobody learns from the one that imitates.
   *
   * @throws IllegalStateException always; a configuration with students is refused
   */
  @Override
  public BatchSource<Demonstration<B>> studentStream(
      Learner teacher,
      BatchSource<Demonstration<B>> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    throw new IllegalStateException("imitate: there are no students");
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    return task.learners(networks, inner.scoreOn(task.withFrozen(networks), dataDirectory, data));
  }

  @Override
  public void close() {
    frozen.close();
    if (ownsData) {
      inner.close();
    }
  }
}
