package lot4j.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import lot4j.distributed.Line.Kind;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
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
  private final Function<Telling, Sums> others;

  /** How all ranks learn what rank 0 works out. */
  interface Telling {
    /** What {@code leader} gives at rank 0. */
    byte[] share(Supplier<byte[]> leader);
  }

  private Sums(Store store, Backend group, Function<Telling, Sums> others) {
    this.store = store;
    this.group = group;
    this.others = others;
    // They stay until the process ends, whatever scope they were made in: a group that is taken
    // apart, while those that it was connected with are there or not, leaves the C library's heap
    // corrupted.
    for (Pointer each : List.of(store, group)) {
      each.retainReference();
      each.deallocate(false);
    }
  }

  /** Among ranks that have lines, in which nothing else is said until this returns. */
  static Sums among(Ranks ranks, Map<Integer, Line> lines, boolean cuda) {
    Loader.load(org.bytedeco.pytorch.presets.torch_gloo.class);
    Line any = lines.values().iterator().next();
    return among(ranks, any, cuda, leader -> first(ranks, lines, leader));
  }

  /**
   * Among the same ranks, with connections and an order of their own; all of them ask for it at the
   * same place.
   */
  Sums another(Telling telling) {
    return others.apply(telling);
  }

  private static Sums among(Ranks ranks, Line any, boolean cuda, Telling telling) {
    TCPStore store = ranks.rank() == 0 ? opened(any, telling) : found(any, telling);
    return new Sums(
        store,
        cuda ? nccl(store, ranks) : gloo(store, ranks, any.ownHost()),
        other -> among(ranks, any, cuda, other));
  }

  private static byte[] first(Ranks ranks, Map<Integer, Line> lines, Supplier<byte[]> leader) {
    try {
      if (ranks.rank() > 0) {
        return lines.get(0).first(Duration.ofMinutes(1));
      }
      byte[] said = leader.get();
      for (Line line : lines.values()) {
        line.send(Kind.MESSAGE, said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TCPStore opened(Line any, Telling telling) {
    TCPStore store = new TCPStore(any.ownHost(), options().port((short) 0).isServer(true));
    telling.share(() -> ByteBuffer.allocate(Short.BYTES).putShort(store.getPort()).array());
    return store;
  }

  private static TCPStore found(Line any, Telling telling) {
    short port = ByteBuffer.wrap(telling.share(() -> new byte[0])).getShort();
    return new TCPStore(any.otherHost(), options().port(port).isServer(false));
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
