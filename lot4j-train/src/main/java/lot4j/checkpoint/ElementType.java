package lot4j.checkpoint;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element types of safetensors that the engine's tensors can have. */
enum ElementType {
  F64(ScalarType.Double, 8),
  F32(ScalarType.Float, 4),
  BF16(ScalarType.BFloat16, 2),
  F16(ScalarType.Half, 2),
  I64(ScalarType.Long, 8),
  I32(ScalarType.Int, 4),
  I16(ScalarType.Short, 2),
  I8(ScalarType.Char, 1),
  U8(ScalarType.Byte, 1),
  BOOL(ScalarType.Bool, 1);

  private final ScalarType scalar;
  private final int bytes;

  ElementType(ScalarType scalar, int bytes) {
    this.scalar = scalar;
    this.bytes = bytes;
  }

  ScalarType scalar() {
    return scalar;
  }

  int bytes() {
    return bytes;
  }

  boolean isFloating() {
    return this == F64 || this == F32 || this == BF16 || this == F16;
  }

  static Optional<ElementType> of(ScalarType scalar) {
    for (ElementType type : values()) {
      if (type.scalar == scalar) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static Optional<ElementType> named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
