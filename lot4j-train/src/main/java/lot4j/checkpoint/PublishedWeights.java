package lot4j.checkpoint;

import static org.bytedeco.pytorch.global.torch.empty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;

/**
 * Published weights: one safetensors file, or a directory with {@code model.safetensors} or with
 * {@code model.safetensors.index.json} and the shards that it names.
 *
 * <p>Opening reads and checks the headers alone. Values are read on demand, in pieces of at most 4
 * MiB or straight into their tensor, whatever the files' size. The files stay open until {@link
 * #close()}, so that a file that is replaced meanwhile cannot mix old and new values. Files of
 * strangers are data only: nothing in them is run, and no file outside the directory is opened on
 * their word.
 *
 * <p>Source: the format of huggingface/safetensors, and huggingface/transformers' layout of shards.
 */
public final class PublishedWeights implements AutoCloseable {
  /** The one file of a directory. */
  static final String WHOLE = "model.safetensors";

  /** Where a directory says which tensor lies in which shard. */
  static final String INDEX = "model.safetensors.index.json";

  private static final long PIECE = 4L << 20;
  private static final int ZIP = 0x504b0304;
  private static final byte PICKLE = (byte) 0x80;

  private final Path source;
  private final List<FileChannel> channels = new ArrayList<>();
  private final List<Shard> shards = new ArrayList<>();
  private final Map<String, Shard> places = new TreeMap<>();

  private PublishedWeights(Path source) {
    this.source = source;
  }

  private record Shard(Path path, FileChannel channel, Safetensors file) {}

  /**
   * Opens a file or a directory and checks all of its headers.
   *
   * @throws CheckpointException naming the file and the fault: missing, unreadable, not exactly the
   *     format, a shard outside the directory, a tensor twice or missing
   */
  public static PublishedWeights open(Path fileOrDirectory) {
    PublishedWeights weights = new PublishedWeights(fileOrDirectory);
    boolean opened = false;
    try {
      weights.openAll();
      opened = true;
      return weights;
    } finally {
      if (!opened) {
        weights.close();
      }
    }
  }

  private void openAll() {
    if (!Files.isDirectory(source)) {
      add(source);
    } else if (Files.exists(source.resolve(WHOLE))) {
      add(source.resolve(WHOLE));
    } else if (Files.exists(source.resolve(INDEX))) {
      addShards(source.resolve(INDEX));
    } else {
      throw new CheckpointException(source + ": neither " + WHOLE + " nor " + INDEX + " in it");
    }
  }

  private void addShards(Path file) {
    Map<String, String> index = WeightIndex.read(file);
    index.values().stream().distinct().sorted().forEach(name -> add(source.resolve(name)));
    index.forEach(
        (tensor, shard) -> {
          Shard found = places.get(tensor);
          if (found == null || !found.path().equals(source.resolve(shard))) {
            throw new CheckpointException(
                source.resolve(shard)
                    + ": no tensor "
                    + quote(tensor)
                    + ", which "
                    + INDEX
                    + " promises");
          }
        });
    places.forEach(
        (tensor, shard) -> {
          if (!index.containsKey(tensor)) {
            throw new CheckpointException(
                shard.path() + ": " + quote(tensor) + " is not in " + INDEX);
          }
        });
  }

  private void add(Path path) {
    if (!Files.exists(path)) {
      throw new CheckpointException(path + ": no such file or directory");
    }
    if (!Files.isRegularFile(path)) {
      throw new CheckpointException(path + ": neither a file nor a directory");
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      channels.add(channel);
      refusePickle(path, channel);
    } catch (IOException e) {
      throw Safetensors.unreadable(path, e);
    }
    Shard shard = new Shard(path, channel, Safetensors.open(path, channel));
    shards.add(shard);
    for (String name : shard.file().names()) {
      Shard other = places.put(name, shard);
      if (other != null) {
        throw new CheckpointException(
            path + ": " + quote(name) + " is in " + other.path().getFileName() + " too");
      }
    }
  }

  /** What most people try first: a file of PyTorch's own, which can hold code. */
  private static void refusePickle(Path path, FileChannel channel) throws IOException {
    ByteBuffer begin = ByteBuffer.allocate(Long.BYTES);
    channel.read(begin, 0);
    boolean zip = begin.getInt(0) == ZIP;
    boolean pickle = begin.get(0) == PICKLE && begin.getInt(4) != 0;
    if (zip || pickle) {
      throw new CheckpointException(
          path + ": a PyTorch file, which can hold code; only safetensors files are read");
    }
  }

  /**
   * A file that was opened.
   *
   * @param path as it was opened
   * @param bytes its size
   * @param sha256 lower-case hex digest of its content
   */
  public record Part(Path path, long bytes, String sha256) {}

  /**
   * The files with their digests, for which all of their bytes are read.
   *
   * @throws CheckpointException naming a file that cannot be read
   */
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (Shard shard : shards) {
      try {
        FileChannel channel = shard.channel().position(0);
        parts.add(new Part(shard.path(), channel.size(), Manifest.sha256(channel)));
      } catch (IOException e) {
        throw Safetensors.unreadable(shard.path(), e);
      }
    }
    return parts;
  }

  /** The tensors' names, sorted. */
  public Set<String> names() {
    return Collections.unmodifiableSet(places.keySet());
  }

  /**
   * The sizes of a tensor's axes.
   *
   * @throws CheckpointException if there is no such tensor
   */
  public long[] shape(String name) {
    Shard shard = shard(name);
    return shard.file().entry(name).sizes();
  }

  /**
   * Copies values into {@code target}: any device and layout in memory, views and parameters that
   * require gradients included. F64, F32, F16 and BF16 become the target's floating-point type;
   * other types are copied as they are.
   *
   * @throws CheckpointException naming the file and the tensor if it is missing, of another shape,
   *     of a type that does not become the target's, or the file is unreadable or was changed since
   *     it was opened
   */
  public void copyTo(String name, Tensor target) {
    Shard shard = shard(name);
    SafetensorsHeader.Entry entry = shard.file().entry(name);
    requireFit(shard, name, entry, target);
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard()) {
      boolean direct = target.is_contiguous();
      Tensor flat = direct ? target.view(-1) : target.contiguous().view(-1);
      boolean same = target.scalar_type().intern() == entry.type().scalar();
      if (same && flat.is_cpu()) {
        shard.file().fill(shard.channel(), entry, 0, flat);
      } else {
        copyPieces(shard, entry, flat);
      }
      if (!direct) {
        target.copy_(flat.view(entry.sizes()));
      }
    }
  }

  private static void copyPieces(Shard shard, SafetensorsHeader.Entry entry, Tensor flat) {
    long each = PIECE / entry.type().bytes();
    long whole = flat.numel();
    try (TensorOptions options = new TensorOptions(entry.type().scalar());
        MemoryFormatOptional format = new MemoryFormatOptional();
        Tensor buffer = empty(new long[] {Math.min(each, whole)}, options, format)) {
      for (long at = 0; at < whole; at += each) {
        try (PointerScope scope = new PointerScope()) {
          long count = Math.min(each, whole - at);
          Tensor piece = buffer.narrow(0, 0, count);
          shard.file().fill(shard.channel(), entry, at * entry.type().bytes(), piece);
          flat.narrow(0, at, count).copy_(piece);
        }
      }
    }
  }

  private static void requireFit(
      Shard shard, String name, SafetensorsHeader.Entry entry, Tensor target) {
    boolean floating = entry.type().isFloating() && target.is_floating_point();
    if (!floating && target.scalar_type().intern() != entry.type().scalar()) {
      throw mismatch(shard, name, entry.type().name(), target.scalar_type().toString());
    }
    if (!Arrays.equals(Safetensors.sizes(target), entry.sizes())) {
      throw mismatch(
          shard, name, entry.shape().toString(), Arrays.toString(Safetensors.sizes(target)));
    }
  }

  private static CheckpointException mismatch(Shard shard, String name, String here, String there) {
    return new CheckpointException(
        shard.path() + ": " + quote(name) + " is " + here + ", the target is " + there);
  }

  private Shard shard(String name) {
    Shard shard = places.get(name);
    if (shard == null) {
      throw new CheckpointException(source + ": no tensor " + quote(name));
    }
    return shard;
  }

  private static String quote(String name) {
    return SafetensorsHeader.quote(name);
  }

  /** Closes the files; nothing can be copied any more. */
  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw Safetensors.unreadable(source, e);
      }
    }
  }
}
