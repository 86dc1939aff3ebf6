package lot4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lot4j.Learner;
import lot4j.Network;
import lot4j.distributed.Company;
import lot4j.random.Streams;

/**
 * A task's data for several processes that train together: the paces are those of the run as a
 * whole, the streams give each process its part. Everything else is the task's own.
 */
final class Together<B> implements Around<B, B> {
  private final Prepared<B> inner;
  private final Dealing<B> dealing;
  private final Company company;

  /** The same data for a process of {@code company}. */
  Together(Prepared<B> inner, Company company) {
    this.inner = inner;
    this.dealing = inner.dealing();
    this.company = company;
  }

  @Override
  public Prepared<B> inner() {
    return inner;
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
  public Prepared<B> madeAs(Map<String, byte[]> others) {
    Prepared<B> made = inner.madeAs(others);
    return made == inner ? this : made.among(company);
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
