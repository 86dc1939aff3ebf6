package lot4j.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The state of something as bytes, tensors included, to be sent to another process or kept within a
 * checkpoint.
 *
 * <pre>{@code
 * byte[] packed = Parcel.of(seat::save);
 * Parcel.open(packed, other::restore);
 * }</pre>
 */
public final class Parcel {
  private static final int ROOM = 64; // for lengths, sizes, a type's name

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private Parcel() {}

  /** Packs what {@code state} writes. */
  public static byte[] of(Consumer<StateWriter> state) {
    Parcel parcel = new Parcel();
    state.accept(parcel.new Writer(""));
    int size =
        parcel.entries.entrySet().stream()
            .mapToInt(entry -> ROOM + entry.getKey().length() + entry.getValue().length)
            .reduce(Integer.BYTES, Math::addExact);
    return bytes(
        size,
        out -> {
          out.writeInt(parcel.entries.size());
          for (Map.Entry<String, byte[]> entry : parcel.entries.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeInt(entry.getValue().length);
            out.write(entry.getValue());
          }
        });
  }

  /**
   * Gives what was packed to {@code state}.
   *
   * @throws CheckpointException if these are not the bytes of a parcel, or if something is asked
   *     for that is not in it
   */
  public static void open(byte[] packed, Consumer<StateReader> state) {
    Parcel parcel = new Parcel();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed))) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        parcel.entries.put(name, in.readNBytes(in.readInt()));
      }
    } catch (IOException e) {
      throw new CheckpointException("a parcel of state is cut off", e);
    }
    state.accept(parcel.new Reader(""));
  }

  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  /** States of environments are large: nothing is copied because there was too little room. */
  private static byte[] bytes(int size, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private final class Writer implements StateWriter {
    private final String prefix;

    Writer(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public StateWriter section(String name) {
      return new Writer(prefix + name + "/");
    }

    @Override
    public void tensor(String name, Tensor value) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        Tensor plain = value.detach().cpu().contiguous();
        ElementType type =
            ElementType.of(plain.scalar_type().intern())
                .orElseThrow(
                    () -> new IllegalArgumentException(prefix + name + ": no such tensor type"));
        byte[] content = new byte[Math.toIntExact(plain.nbytes())];
        if (content.length > 0) {
          buffer(plain).get(content);
        }
        long[] sizes = plain.sizes().vec().get();
        put(
            name,
            ROOM + content.length,
            out -> {
              out.writeUTF(type.name());
              out.writeInt(sizes.length);
              for (long size : sizes) {
                out.writeLong(size);
              }
              out.write(content);
            });
      }
    }

    @Override
    public void number(String name, long value) {
      put(name, Long.BYTES, out -> out.writeLong(value));
    }

    @Override
    public void real(String name, double value) {
      put(name, Long.BYTES, out -> out.writeLong(Double.doubleToRawLongBits(value)));
    }

    @Override
    public void text(String name, String value) {
      bytes(name, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void bytes(String name, byte[] value) {
      put(name, value.length, out -> out.write(value));
    }

    private void put(String name, int size, Body body) {
      if (entries.putIfAbsent(prefix + name, Parcel.bytes(size, body)) != null) {
        throw new IllegalArgumentException("state entry " + prefix + name + " is written twice");
      }
    }
  }

  private static ByteBuffer buffer(Tensor tensor) {
    BytePointer content = new BytePointer(tensor.data_ptr());
    return content.position(0).capacity(tensor.nbytes()).limit(tensor.nbytes()).asByteBuffer();
  }

  private final class Reader implements StateReader {
    private final String prefix;

    Reader(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public StateReader section(String name) {
      return new Reader(prefix + name + "/");
    }

    @Override
    public boolean has(String name) {
      return entries.containsKey(prefix + name);
    }

    @Override
    public Tensor tensor(String name) {
      byte[] entry = bytes(name);
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry))) {
        ElementType type = ElementType.named(in.readUTF()).orElseThrow(() -> damaged(name));
        long[] sizes = new long[in.readInt()];
        for (int i = 0; i < sizes.length; i++) {
          sizes[i] = in.readLong();
        }
        Tensor tensor = torch.zeros(sizes, new TensorOptions(type.scalar()));
        byte[] content = in.readAllBytes();
        if (content.length != tensor.nbytes()) {
          throw damaged(name);
        }
        if (content.length > 0) {
          buffer(tensor).put(content);
        }
        return tensor;
      } catch (IOException e) {
        throw new CheckpointException(damaged(name).getMessage(), e);
      }
    }

    @Override
    public void into(String name, Tensor target) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        Tensor read = tensor(name);
        if (!Arrays.equals(read.sizes().vec().get(), target.sizes().vec().get())
            || read.scalar_type().intern() != target.scalar_type().intern()) {
          throw damaged(name);
        }
        target.data().copy_(read);
      }
    }

    @Override
    public long number(String name) {
      byte[] entry = bytes(name);
      if (entry.length != Long.BYTES) {
        throw damaged(name);
      }
      return ByteBuffer.wrap(entry).getLong();
    }

    @Override
    public double real(String name) {
      return Double.longBitsToDouble(number(name));
    }

    @Override
    public String text(String name) {
      return new String(bytes(name), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(String name) {
      return Optional.ofNullable(entries.get(prefix + name))
          .orElseThrow(() -> new CheckpointException(prefix + name + ": not in this parcel"))
          .clone();
    }

    private CheckpointException damaged(String name) {
      return new CheckpointException(prefix + name + ": of another kind in this parcel");
    }
  }
}
