package lot4j.checkpoint;

import static org.bytedeco.pytorch.global.torch.empty;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;

/**
 * A safetensors file: named tensors, no code. Opening reads the header alone and checks all of it;
 * values are read tensor by tensor. Nothing is kept open.
 *
 * <p>Source: the format of huggingface/safetensors: the header's length (8 bytes, little-endian),
 * the header (JSON), the tensors' bytes without gaps. The header's names are sorted; the bytes are
 * laid out by falling element size, then by name, so that every tensor begins on a multiple of its
 * element size, which readers that map the file ask for.
 */
public final class Safetensors {
  private static final long LONGEST_HEADER = 100_000_000;
  private static final long CHUNK = 64L << 20;
  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final long dataBegin;
  private final long fileBytes;
  private final SafetensorsHeader header;

  private Safetensors(Path file, long dataBegin, long fileBytes, SafetensorsHeader header) {
    this.file = file;
    this.dataBegin = dataBegin;
    this.fileBytes = fileBytes;
    this.header = header;
  }

  /**
   * Replaces or creates {@code file}, at once or not at all.
   *
   * @param tensors of any shape, layout in memory and device; types F64, F32, BF16, F16, I64, I32,
   *     I16, I8, U8, BOOL
   * @param metadata texts for {@code __metadata__}
   * @throws IllegalArgumentException naming a tensor whose type the format lacks
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    AtomicFile.write(file, out -> write(out, tensors, metadata));
  }

  /**
   * Writes the format to a channel, one tensor at a time; contiguous CPU tensors are not copied.
   *
   * @throws IllegalArgumentException naming a tensor whose type the format lacks
   */
  public static void write(
      WritableByteChannel out, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("safetensors: this machine is not little-endian");
    }
    Map<String, ElementType> types = new TreeMap<>();
    tensors.forEach((name, tensor) -> types.put(name, typeOf(name, tensor)));
    List<String> layout = new ArrayList<>(types.keySet());
    layout.sort(
        Comparator.<String>comparingInt(name -> -types.get(name).bytes())
            .thenComparing(Comparator.naturalOrder()));
    byte[] json = header(tensors, types, layout, metadata);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    Arrays.fill(head.array(), Long.BYTES + json.length, head.capacity(), (byte) ' ');
    AtomicFile.writeFully(out, head.rewind());
    for (String name : layout) {
      writeValues(out, tensors.get(name));
    }
  }

  private static ElementType typeOf(String name, Tensor tensor) {
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' is not allowed; the format keeps this name for itself");
    }
    if (!tensor.defined()) {
      throw new IllegalArgumentException("tensor '" + name + "' is not allowed; a defined tensor");
    }
    return ElementType.of(tensor.scalar_type().intern())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        "tensor '%s' of type %s is not allowed; %s",
                        name, tensor.scalar_type(), Arrays.toString(ElementType.values()))));
  }

  private static byte[] header(
      Map<String, Tensor> tensors,
      Map<String, ElementType> types,
      List<String> layout,
      Map<String, String> metadata)
      throws IOException {
    Map<String, Long> begins = new HashMap<>();
    long at = 0;
    for (String name : layout) {
      begins.put(name, at);
      at = Math.addExact(at, tensors.get(name).nbytes());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Map.Entry<String, ElementType> entry : types.entrySet()) {
        Tensor tensor = tensors.get(entry.getKey());
        long begin = begins.get(entry.getKey());
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("dtype", entry.getValue().name());
        json.writeFieldName("shape");
        long[] sizes = sizes(tensor);
        json.writeArray(sizes, 0, sizes.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, begin + tensor.nbytes()}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeValues(WritableByteChannel out, Tensor tensor) throws IOException {
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard()) {
      Tensor plain = tensor.is_cpu() ? tensor : tensor.cpu();
      plain = plain.is_contiguous() ? plain : plain.contiguous();
      for (long at = 0, bytes = plain.nbytes(); at < bytes; at += CHUNK) {
        AtomicFile.writeFully(out, slice(plain, at, Math.min(CHUNK, bytes - at)));
      }
      Reference.reachabilityFence(plain);
    }
  }

  /**
   * A window on a contiguous CPU tensor's bytes; the tensor must outlive it. The address is moved,
   * not the pointer's position: buffers begin at the address, so a position behind 2 GiB gives an
   * empty one.
   */
  private static ByteBuffer slice(Tensor tensor, long begin, long bytes) {
    BytePointer window = new BytePointer(tensor.data_ptr()).getPointer(begin);
    ByteBuffer buffer = window.position(0).capacity(bytes).limit(bytes).asByteBuffer();
    if (buffer.remaining() != bytes) {
      throw new IllegalStateException(
          "a window of " + bytes + " bytes has " + buffer.remaining() + " bytes");
    }
    return buffer;
  }

  static long[] sizes(Tensor tensor) {
    long[] sizes = new long[Math.toIntExact(tensor.dim())];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = tensor.size(axis);
    }
    return sizes;
  }

  /**
   * Reads and checks the header; costs no more memory than the header's size suggests.
   *
   * @throws CheckpointException naming the file if it cannot be read, is cut short, is too long, or
   *     its header is not exactly what the format says
   */
  public static Safetensors open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return open(file, channel);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The same from an open channel, which stays open. */
  static Safetensors open(Path file, FileChannel channel) {
    try {
      long fileBytes = channel.size();
      if (fileBytes < Long.BYTES) {
        throw new CheckpointException("it has " + fileBytes + " bytes; 8 or more");
      }
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      readFully(channel, length, 0);
      long headerBytes = length.flip().getLong();
      long most = Math.min(LONGEST_HEADER, fileBytes - Long.BYTES);
      if (headerBytes < 0 || headerBytes > most) {
        throw new CheckpointException(
            "its header says it is "
                + Long.toUnsignedString(headerBytes)
                + " bytes long; at most "
                + most);
      }
      ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
      readFully(channel, json, Long.BYTES);
      String text = StandardCharsets.UTF_8.newDecoder().decode(json.flip()).toString();
      long dataBegin = Long.BYTES + headerBytes;
      return new Safetensors(
          file, dataBegin, fileBytes, SafetensorsHeader.parse(text, fileBytes - dataBegin));
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + ": its header is not UTF-8 text", e);
    } catch (CheckpointException e) {
      throw new CheckpointException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The tensors' names, sorted. */
  public Set<String> names() {
    return header.entries().keySet();
  }

  /** The texts of {@code __metadata__}. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** The sizes of a tensor's axes. */
  public List<Long> shape(String name) {
    return entry(name).shape();
  }

  /**
   * A tensor on the CPU with these values, owned by the caller's {@code PointerScope}.
   *
   * @throws CheckpointException naming the file if there is no such tensor, or the file is
   *     unreadable or was changed since it was opened
   */
  public Tensor read(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    Tensor fresh;
    try (TensorOptions options = new TensorOptions(entry.type().scalar());
        MemoryFormatOptional format = new MemoryFormatOptional()) {
      fresh = empty(entry.sizes(), options, format);
    }
    fill(entry, fresh);
    return fresh;
  }

  /**
   * Copies values into {@code target}: any device and layout in memory, views and parameters that
   * require gradients included.
   *
   * @throws CheckpointException naming the file and the tensor if it is missing, of another shape
   *     or type, or the file is unreadable or was changed since it was opened
   */
  public void read(String name, Tensor target) {
    SafetensorsHeader.Entry entry = entry(name);
    requireFit(name, target);
    if (target.is_cpu() && target.is_contiguous()) {
      fill(entry, target);
      return;
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard()) {
      target.copy_(read(name));
    }
  }

  /** Requires the same names, shapes and types as the file's. */
  void requireFit(Map<String, Tensor> targets) {
    for (String name : names()) {
      if (!targets.containsKey(name)) {
        throw new CheckpointException(
            file + ": " + SafetensorsHeader.quote(name) + " is not in the target");
      }
    }
    targets.forEach(this::requireFit);
  }

  private void requireFit(String name, Tensor target) {
    SafetensorsHeader.Entry entry = entry(name);
    if (target.scalar_type().intern() != entry.type().scalar()) {
      throw mismatch(name, entry.type().scalar().toString(), target.scalar_type().toString());
    }
    if (!Arrays.equals(sizes(target), entry.sizes())) {
      throw mismatch(name, entry.shape().toString(), Arrays.toString(sizes(target)));
    }
  }

  private CheckpointException mismatch(String name, String here, String there) {
    return new CheckpointException(
        file + ": " + SafetensorsHeader.quote(name) + " is " + here + ", the target is " + there);
  }

  SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new CheckpointException(file + ": no tensor " + SafetensorsHeader.quote(name));
    }
    return entry;
  }

  private void fill(SafetensorsHeader.Entry entry, Tensor plain) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      fill(channel, entry, 0, plain);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Fills a contiguous CPU tensor of the entry's type with the entry's bytes from {@code begin} on.
   *
   * @throws CheckpointException naming the file if it is unreadable or was changed
   */
  void fill(FileChannel channel, SafetensorsHeader.Entry entry, long begin, Tensor plain) {
    try (PointerScope scope = new PointerScope()) {
      if (channel.size() != fileBytes) {
        throw new CheckpointException(file + ": its size changed while it was read");
      }
      long whole = plain.nbytes();
      for (long at = 0; at < whole; at += CHUNK) {
        long bytes = Math.min(CHUNK, whole - at);
        readFully(channel, slice(plain, at, bytes), dataBegin + entry.begin() + begin + at);
      }
      Reference.reachabilityFence(plain);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int read = channel.read(into, at);
      if (read < 0) {
        throw new EOFException("it ends at byte " + at);
      }
      at += read;
    }
  }

  /** The house form of a failed read. */
  static CheckpointException unreadable(Path file, IOException cause) {
    return new CheckpointException(file + ": cannot be read; " + AtomicFile.reason(cause), cause);
  }
}
