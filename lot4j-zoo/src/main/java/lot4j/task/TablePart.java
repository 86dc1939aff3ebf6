package lot4j.task;

import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import lot4j.data.Table;
import lot4j.data.TableEncoding;
import lot4j.random.RandomStream;
import org.bytedeco.pytorch.Tensor;

/** Rows of a table, encoded, with the targets they are used with. */
final class TablePart {
  private final int size;
  private final int features;
  private final float[] inputs;
  private final int[] labels;
  private final double[] numbers;
  private final double mean;
  private final double deviation;
  private final BitSet noisy = new BitSet();

  private TablePart(
      int size, float[] inputs, int[] labels, double[] numbers, double mean, double deviation) {
    this.size = size;
    this.features = size == 0 ? 0 : inputs.length / size;
    this.inputs = inputs;
    this.labels = labels;
    this.numbers = numbers;
    this.mean = mean;
    this.deviation = deviation;
  }

  /** Rows with their targets. */
  static TablePart labelled(
      Table table, List<Integer> rows, TableEncoding.Encoder encoder, TableTarget target) {
    int at = table.column("task.target", target.column());
    float[] inputs = encoder.encode(rows);
    if (target instanceof TableTarget.Classes classes) {
      int[] labels = rows.stream().mapToInt(row -> classes.label(table, row, at)).toArray();
      return new TablePart(rows.size(), inputs, labels, new double[0], 0, 1);
    }
    TableTarget.Numbers number = (TableTarget.Numbers) target;
    double[] numbers =
        rows.stream().mapToDouble(row -> TableTarget.Numbers.value(table, row, at)).toArray();
    return new TablePart(
        rows.size(), inputs, new int[0], numbers, number.mean(), number.deviation());
  }

  /** Rows without targets. */
  static TablePart unlabelled(List<Integer> rows, TableEncoding.Encoder encoder) {
    return new TablePart(rows.size(), encoder.encode(rows), new int[0], new double[0], 0, 1);
  }

  /** Rows of several tables without targets, one after the other. */
  static TablePart joined(List<TablePart> parts) {
    int size = parts.stream().mapToInt(TablePart::size).sum();
    int length = parts.stream().mapToInt(part -> part.inputs.length).sum();
    float[] inputs = new float[length];
    int at = 0;
    for (TablePart part : parts) {
      System.arraycopy(part.inputs, 0, inputs, at, part.inputs.length);
      at += part.inputs.length;
    }
    return new TablePart(size, inputs, new int[0], new double[0], 0, 1);
  }

  /** The same with a fraction of the classes replaced by others. */
  TablePart withNoise(double fraction, int classes, RandomStream stream) {
    int[] changed = labels.clone();
    TablePart part = new TablePart(size, inputs, changed, numbers, mean, deviation);
    int[] order = stream.permutation(size);
    int count = (int) Math.round(fraction * size);
    for (int i = 0; i < count; i++) {
      int other = stream.below(classes - 1);
      changed[order[i]] = other < changed[order[i]] ? other : other + 1;
      part.noisy.set(order[i]);
    }
    return part;
  }

  int size() {
    return size;
  }

  /** The class of a row. */
  int label(int index) {
    return labels[index];
  }

  /** The number of a row, in the column's own unit. */
  double number(int index) {
    return numbers[index];
  }

  /** Whether a row's class is not the table's own. */
  boolean isNoisy(int index) {
    return noisy.get(index);
  }

  /** Whether any class is not the table's own. */
  boolean isNoisy() {
    return !noisy.isEmpty();
  }

  /** Rows of each class. */
  long[] counts(int classes) {
    long[] counts = new long[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** The inputs of one row, for tests and files. */
  float[] row(int index) {
    float[] row = new float[features];
    System.arraycopy(inputs, index * features, row, 0, features);
    return row;
  }

  /**
   * A batch in the innermost {@code PointerScope}.
   *
   * @param order indices into the part
   * @param from first position of {@code order}
   * @param to position after the last
   */
  TableBatch batch(int[] order, int from, int to) {
    int count = to - from;
    float[] rows = new float[count * features];
    for (int i = 0; i < count; i++) {
      System.arraycopy(inputs, order[from + i] * features, rows, i * features, features);
    }
    Tensor tensor = empty(count, features);
    tensor.data_ptr_float().put(rows, 0, rows.length);
    return new TableBatch(tensor, targets(order, from, count));
  }

  private Optional<Tensor> targets(int[] order, int from, int count) {
    if (labels.length > 0) {
      long[] classes = new long[count];
      for (int i = 0; i < count; i++) {
        classes[i] = labels[order[from + i]];
      }
      return Optional.of(tensor(classes));
    }
    if (numbers.length > 0) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) ((numbers[order[from + i]] - mean) / deviation);
      }
      Tensor column = empty(count, 1);
      column.data_ptr_float().put(values, 0, count);
      return Optional.of(column);
    }
    return Optional.empty();
  }
}
