package lot4j.rl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows of observations in native memory, where environments write them and networks read them
 * without a copy. Owns the memory.
 */
final class Observations implements AutoCloseable {
  private final ObservationSpace space;
  private final Tensor stored;
  private final ByteBuffer memory;
  private final int bytes;

  Observations(ObservationSpace space, long rows) {
    this.space = space;
    this.bytes = space.bytes();
    Require.that(
        rows * bytes < Integer.MAX_VALUE, "observations", rows, "fewer: 2 GiB at most in all");
    try (PointerScope scope = new PointerScope()) {
      long[] sizes = new long[space.shape().rank() + 1];
      sizes[0] = rows;
      for (int axis = 1; axis < sizes.length; axis++) {
        sizes[axis] = space.shape().size(axis - 1);
      }
      boolean whole = space.type() == ObservationSpace.Type.BYTE;
      this.stored =
          torch
              .zeros(sizes, new TensorOptions(whole ? ScalarType.Byte : ScalarType.Float))
              .retainReference();
      this.memory =
          new BytePointer(stored.data_ptr())
              .capacity(rows * bytes)
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
    }
  }

  /** Lets an environment write a row; refuses what is not whole or not finite. */
  void write(long row, Environments from, int environment, Where where) {
    int begin = Math.toIntExact(row * bytes);
    memory.limit(begin + bytes).position(begin);
    from.observe(environment, memory);
    if (memory.position() != begin + bytes) {
      throw where.fault(
          environment,
          "observation has "
              + (memory.position() - begin)
              + " bytes; "
              + bytes
              + " by its space, "
              + space.shape());
    }
    if (space.type() == ObservationSpace.Type.FLOAT) {
      for (int at = begin; at < begin + bytes; at += Float.BYTES) {
        if (!Float.isFinite(memory.getFloat(at))) {
          throw where.fault(
              environment,
              "observation[" + (at - begin) / Float.BYTES + "] is " + memory.getFloat(at));
        }
      }
    }
  }

  /** Tells where a fault was found. */
  @FunctionalInterface
  interface Where {
    EnvironmentException fault(int environment, String what);
  }

  /** Copies a row onto another. */
  void copy(long from, long to) {
    int begin = Math.toIntExact(from * bytes);
    ByteBuffer source = memory.duplicate();
    source.limit(begin + bytes).position(begin);
    memory.limit(Math.toIntExact((to + 1) * bytes)).position(Math.toIntExact(to * bytes));
    memory.put(source);
  }

  /** The stored rows, [rows, …]; owned by this object. */
  Tensor stored() {
    return stored;
  }

  /** Consecutive rows as networks see them, [rows, …] float. */
  Tensor seen(long from, long rows) {
    return seen(stored.narrow(0, from, rows));
  }

  /** Stored rows as networks see them. */
  Tensor seen(Tensor rows) {
    Tensor floats = space.type() == ObservationSpace.Type.BYTE ? rows.to(ScalarType.Float) : rows;
    return space.scale() == 1 ? floats : floats.mul(new Scalar(space.scale()));
  }

  void save(StateWriter out, long rows) {
    out.tensor("observations", stored.narrow(0, 0, rows));
  }

  void restore(StateReader in, long rows) {
    in.into("observations", stored.narrow(0, 0, rows));
  }

  @Override
  public void close() {
    stored.close();
  }
}
