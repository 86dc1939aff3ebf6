package lot4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.Learner;
import lot4j.Network;
import lot4j.Shape;
import lot4j.random.Streams;

/** Prepared data with another task before it. */
record Watched<B>(Prepared<B> prepared, Task<B> task) implements Prepared<B> {
  @Override
  public Shape input() {
    return prepared.input();
  }

  @Override
  public int outputs() {
    return prepared.outputs();
  }

  @Override
  public String dataName() {
    return prepared.dataName();
  }

  @Override
  public List<Source> sources() {
    return prepared.sources();
  }

  @Override
  public Map<String, Long> counts() {
    return prepared.counts();
  }

  @Override
  public Set<Split> splits() {
    return prepared.splits();
  }

  @Override
  public Primary primary() {
    return prepared.primary();
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return prepared.taskPace(batchSize, accumulate);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return prepared.studentPace(batchSize, accumulate);
  }

  @Override
  public BatchSource<B> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return prepared.taskStream(teacher, batchSize, accumulate, streams);
  }

  @Override
  public BatchSource<B> studentStream(
      Learner teacher, BatchSource<B> taskStream, int batchSize, int accumulate, Streams streams) {
    return prepared.studentStream(teacher, taskStream, batchSize, accumulate, streams);
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    return prepared.scoreOn(networks, dataDirectory, data);
  }

  @Override
  public void close() {}
}
