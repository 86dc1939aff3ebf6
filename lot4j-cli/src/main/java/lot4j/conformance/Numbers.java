package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Between nested JSON lists and tensors. */
final class Numbers {
  private Numbers() {}

  /**
   * A leaf tensor of {@code type} with the list's shape; the texts inf and -inf are infinities.
   *
   * @throws IllegalArgumentException if the lists in it differ in length
   */
  static Tensor tensor(JsonNode list, ScalarType type) {
    List<Long> shape = new ArrayList<>();
    long count = 1;
    for (JsonNode at = list; at.isArray(); at = at.get(0)) {
      shape.add((long) at.size());
      count *= at.size();
      if (at.isEmpty()) {
        break;
      }
    }
    double[] numbers = flat(list);
    if (numbers.length != count) {
      throw new IllegalArgumentException(
          numbers.length + " numbers in lists of unequal length; " + count + " for shape " + shape);
    }
    return torch
        .tensor(numbers)
        .to(type)
        .reshape(shape.stream().mapToLong(Long::longValue).toArray());
  }

  /** All numbers of a nested list, row by row. */
  static double[] flat(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    collect(list, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(JsonNode node, List<Double> into) {
    if (node.isArray()) {
      node.forEach(child -> collect(child, into));
    } else {
      into.add(number(node));
    }
  }

  static double number(JsonNode node) {
    if (node.isTextual()) {
      return switch (node.asText()) {
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> throw new IllegalArgumentException("not a number: " + node);
      };
    }
    if (!node.isNumber() && !node.isBoolean()) {
      throw new IllegalArgumentException("not a number: " + node);
    }
    return node.isBoolean() ? (node.asBoolean() ? 1 : 0) : node.asDouble();
  }

  /** A tensor's numbers, row by row. */
  static double[] read(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor wide = tensor.detach().to(ScalarType.Double).contiguous();
      DoublePointer numbers = wide.data_ptr_double();
      double[] read = new double[Math.toIntExact(wide.numel())];
      for (int i = 0; i < read.length; i++) {
        read[i] = numbers.get(i);
      }
      return read;
    }
  }
}
