package lot4j.distributed;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** One process alone: there is nothing to add up and nobody to tell. */
public record Solo() implements Company {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int localRank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public void sum(List<Tensor> tensors) {}

  @Override
  public Bucketing bucketing() {
    return Bucketing.never();
  }

  @Override
  public Channel channel() {
    return new Channel() {
      @Override
      public void start(Tensor tensor) {}

      @Override
      public void finish() {}
    };
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    return List.of(own);
  }

  @Override
  public byte[] share(Supplier<byte[]> leader) {
    return leader.get();
  }

  @Override
  public byte[] from(int rank, Supplier<byte[]> work) {
    return work.get();
  }

  @Override
  public <T> T apart(Supplier<T> work) {
    return work.get();
  }

  @Override
  public void at(String place) {}

  @Override
  public double secondsSumming() {
    return 0;
  }

  @Override
  public void fail(int code, String message, boolean said) {}

  @Override
  public void close() {}
}
