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
import lot4j.config.ConfigError;
import lot4j.distributed.Company;
import lot4j.random.Streams;
import org.bytedeco.pytorch.Tensor;

/**
 * A task's data for several processes that train together: the paces are those of the run as a
 * whole, the streams give each process its part. Everything else is the task's own.
 */
final class Together<B> implements Prepared<B> {
  private final Prepared<B> inner;
  private final Dealing<B> dealing;
  private final Company company;

  private Together(Prepared<B> inner, Dealing<B> dealing, Company company) {
    this.inner = inner;
    this.dealing = dealing;
    this.company = company;
  }

  /**
   * The same data for a process of {@code company}.
   *
   * @throws ConfigError if the task cannot be dealt out
   */
  static <B> Prepared<B> of(Prepared<B> inner, Company company) {
    if (company.size() == 1) {
      return inner;
    }
    Dealing<B> dealing =
        inner
            .dealing()
            .orElseThrow(
                () ->
                    new ConfigError(
                        "task",
                        inner.dataName()
                            + " is not allowed with "
                            + company.size()
                            + " processes; one process, for its data comes from the teacher's own"
                            + " actions"));
    return new Together<>(inner, dealing, company);
  }

  private int batchSize(int own) {
    return dealing.batchSize(own, company.size());
  }

  private int accumulate(int own) {
    return dealing.accumulate(own, company.size());
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return inner.taskPace(batchSize(batchSize), accumulate(accumulate));
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return inner.studentPace(batchSize(batchSize), accumulate(accumulate));
  }

  @Override
  public BatchSource<B> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return dealt(inner.taskStream(teacher, batchSize(batchSize), accumulate(accumulate), streams));
  }

  @Override
  public BatchSource<B> studentStream(
      Learner teacher, BatchSource<B> taskStream, int batchSize, int accumulate, Streams streams) {
    return dealt(
        inner.studentStream(
            teacher, taskStream, batchSize(batchSize), accumulate(accumulate), streams));
  }

  private BatchSource<B> dealt(BatchSource<B> whole) {
    return new DealtStream<>(whole, dealing, company);
  }

  @Override
  public Task<B> task() {
    return inner.task();
  }

  @Override
  public Shape input() {
    return inner.input();
  }

  @Override
  public boolean normals() {
    return inner.normals();
  }

  @Override
  public int outputs() {
    return inner.outputs();
  }

  @Override
  public List<String> classes() {
    return inner.classes();
  }

  @Override
  public Census census(ModelSpec model) {
    return inner.census(model);
  }

  @Override
  public Model build(ModelSpec model) {
    return inner.build(model);
  }

  @Override
  public Network answering(Network saved) {
    return inner.answering(saved);
  }

  @Override
  public long samples(Tensor inputs) {
    return inner.samples(inputs);
  }

  @Override
  public List<String> notes() {
    return inner.notes();
  }

  @Override
  public Map<String, byte[]> companions() {
    return inner.companions();
  }

  @Override
  public Prepared<B> madeAs(Map<String, byte[]> others) {
    Prepared<B> made = inner.madeAs(others);
    return made == inner ? this : of(made, company);
  }

  @Override
  public String dataName() {
    return inner.dataName();
  }

  @Override
  public List<Source> sources() {
    return inner.sources();
  }

  @Override
  public Map<String, Long> counts() {
    return inner.counts();
  }

  @Override
  public Set<Split> splits() {
    return inner.splits();
  }

  @Override
  public Set<Split> watched() {
    return inner.watched();
  }

  @Override
  public Primary primary() {
    return inner.primary();
  }

  @Override
  public double streamFlops() {
    return inner.streamFlops();
  }

  @Override
  public Set<Split> finale() {
    return inner.finale();
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    return inner.scoreOn(networks, dataDirectory, data);
  }

  @Override
  public void close() {
    inner.close();
  }
}
