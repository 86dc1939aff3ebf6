package lot4j.distributed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import lot4j.distributed.Line.Kind;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * The engine's own process group: Gloo for tensors on CPUs, NCCL for those on CUDA devices. The
 * latter has never been run.
 */
final class Sums {
  // Losses are noticed elsewhere, and rank 0 may judge the networks for hours.
  private static final Duration ENDLESS = Duration.ofDays(100);

  private final Store store; // the group works with it as long as it lives
  private final Backend group;
  private final Function<Store, Backend> groups;

  private Sums(Store store, Function<Store, Backend> groups) {
    this.store = store;
    this.groups = groups;
    this.group = groups.apply(store);
    // They stay until the process ends: a group that the garbage collector takes apart, while those
    // that it was connected with are there or not, leaves the C library's heap corrupted.
    store.deallocate(false);
    group.deallocate(false);
  }

  /** Among ranks that have lines, in which nothing else is said until this returns. */
  static Sums among(Ranks ranks, Map<Integer, Line> lines, boolean cuda) throws IOException {
    Loader.load(org.bytedeco.pytorch.presets.torch_gloo.class);
    Line any = lines.values().iterator().next();
    String host = any.ownHost();
    return new Sums(
        ranks.rank() == 0 ? opened(lines) : found(any),
        store -> cuda ? nccl(store, ranks) : gloo(store, ranks, host));
  }

  /**
   * Among the same ranks, with connections and an order of their own; all of them ask for it at the
   * same place.
   */
  Sums another(String name) {
    return new Sums(new PrefixStore(name, store), groups);
  }

  private static TCPStore opened(Map<Integer, Line> lines) throws IOException {
    Line any = lines.values().iterator().next();
    TCPStore store = new TCPStore(any.ownHost(), options().port((short) 0).isServer(true));
    byte[] port = ByteBuffer.allocate(2).putShort(store.getPort()).array();
    for (Line line : lines.values()) {
      line.send(Kind.MESSAGE, port);
    }
    return store;
  }

  private static TCPStore found(Line line) throws IOException {
    short port = ByteBuffer.wrap(line.first(Duration.ofMinutes(1))).getShort();
    return new TCPStore(line.otherHost(), options().port(port).isServer(false));
  }

  private static TCPStoreOptions options() {
    return new TCPStoreOptions()
        .waitWorkers(false)
        .timeout(new Milliseconds(Duration.ofMinutes(1).toMillis()));
  }

  private static Backend gloo(Store store, Ranks ranks, String host) {
    ProcessGroupGloo.Options options =
        ProcessGroupGloo.Options.create(new Milliseconds(ENDLESS.toMillis()));
    options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(host)));
    options.threads(1);
    return new ProcessGroupGloo(store, ranks.rank(), ranks.size(), options);
  }

  private static Backend nccl(Store store, Ranks ranks) {
    return new ProcessGroupNCCL(store, ranks.rank(), ranks.size());
  }

  /** Begins to add up in place; the caller waits for the result, and closes it. */
  Work start(Tensor tensor) {
    if (store.isNull()) {
      throw new IllegalStateException("the ranks' store is closed");
    }
    return group.allreduce(new TensorVector(tensor)).retainReference();
  }
}
