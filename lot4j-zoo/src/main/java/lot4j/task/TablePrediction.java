package lot4j.task;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import lot4j.Census;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Output;
import lot4j.data.Table;
import lot4j.data.TableEncoding;
import lot4j.model.tabular.ColumnFront;
import lot4j.model.tabular.NormalHead;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxOutput;
import lot4j.onnx.OnnxValue;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What has to be known to predict further rows as in training; small enough to be stored beside the
 * weights.
 *
 * @param target what is predicted
 * @param encoding how rows become numbers
 */
public record TablePrediction(TableTarget target, TableEncoding encoding) {
  /** The file beside a run's weights that holds this. */
  public static final String FILE = "table.json";

  private static final int BATCH = 512;

  public TablePrediction {
    lot4j.Require.that(target != null, "target", target, "what is predicted");
    lot4j.Require.that(encoding != null, "encoding", encoding, "how rows become numbers");
  }

  /** The content of {@link #FILE}. */
  byte[] file() {
    try {
      return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException("a table's encoding as JSON: " + e.getMessage(), e);
    }
  }

  /**
   * Reads {@link #FILE}.
   *
   * @throws DataException naming the file if it is missing or damaged
   */
  public static TablePrediction read(Path file) {
    try {
      return new JsonMapper().readValue(Files.readAllBytes(file), TablePrediction.class);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": is not there; this is no run on a table", e);
    } catch (JacksonException e) {
      throw new DataException(file + ": damaged: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads the content of {@link #FILE}; empty if it is damaged. */
  static Optional<TablePrediction> parsed(byte[] file) {
    try {
      return Optional.of(new JsonMapper().readValue(file, TablePrediction.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether another's networks take the same columns, each as the same kind, and predict the same;
   * means, deviations and values may differ, as they come from the rows trained on.
   */
  boolean sameColumns(TablePrediction other) {
    return target.same(other.target)
        && names(encoding.numeric(), TableEncoding.Numeric::name)
            .equals(names(other.encoding.numeric(), TableEncoding.Numeric::name))
        && names(encoding.categories(), TableEncoding.Category::name)
            .equals(names(other.encoding.categories(), TableEncoding.Category::name));
  }

  private static <T> List<String> names(List<T> columns, Function<T, String> name) {
    return columns.stream().map(name).toList();
  }

  /** Names in the order of the outputs; empty where a number is predicted. */
  public List<String> classes() {
    return target.names();
  }

  /** What stands in front of every network: the vectors of categories. */
  ColumnFront front() {
    return new ColumnFront(encoding.numbers(), encoding.codes());
  }

  /** Builds a network for these rows from the engine's global generator. */
  Model build(ModelSpec model) {
    Model network = front().build(model, target.outputs());
    return target instanceof TableTarget.Numbers number
        ? new NormalHead(network, number.loss().ownDeviation())
        : network;
  }

  /** The same in a graph, with what comes out of it. */
  List<OnnxOutput> onnx(OnnxGraph graph, OnnxModel model, double temperature) {
    front().onnx(graph);
    OnnxValue said = model.onnx(graph);
    return target instanceof TableTarget.Numbers number
        ? NormalHead.onnx(
            graph,
            said,
            number.loss().ownDeviation(),
            number.mean(),
            number.deviation(),
            temperature)
        : OnnxOutput.classes(said, target.outputs(), temperature);
  }

  /** Counts the same. */
  Census census(ModelSpec model) {
    return front().census(model, target.outputs());
  }

  /**
   * What a network says of a row.
   *
   * @param probabilities of the classes in their order; empty where a number is predicted
   * @param value the number in the target's own unit; NaN where a class is predicted
   * @param deviation of the number, in its unit; NaN where the network does not say how sure it is
   */
  public record Said(List<Double> probabilities, double value, double deviation) {
    public Said {
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * What a network says of rows, and what a user should know of the rows.
   *
   * @param rows one for each row of the table
   * @param notes of values that training did not have
   */
  public record Answer(List<Said> rows, List<String> notes) {
    public Answer {
      rows = List.copyOf(rows);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Predicts every row of a table; it need not have the target's column.
   *
   * @param network in eval mode, made by {@link #build}
   * @throws DataException naming a column that is missing, or the line of a cell that is no number
   *     where there should be one
   */
  public Answer of(Network network, Table table) {
    TableEncoding.Encoder encoder = encoding.encoder(table);
    TablePart part =
        TablePart.unlabelled(IntStream.range(0, table.size()).boxed().toList(), encoder);
    int[] order = IntStream.range(0, part.size()).toArray();
    List<Said> said = new ArrayList<>();
    for (int from = 0; from < order.length; from += BATCH) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard();
          Memory memory = new Memory()) {
        int to = Math.min(order.length, from + BATCH);
        said.addAll(said(network.forward(part.batch(order, from, to).inputs(), memory)));
      }
    }
    return new Answer(said, encoder.notes());
  }

  private List<Said> said(Output output) {
    List<Said> said = new ArrayList<>();
    if (output.distribution() instanceof DiagonalNormal normal) {
      TableTarget.Numbers number = (TableTarget.Numbers) target;
      double[] means = numbers(normal.mean());
      double[] deviations = numbers(normal.logStd().exp());
      for (int i = 0; i < means.length; i++) {
        said.add(
            new Said(
                List.of(),
                number.mean() + number.deviation() * means[i],
                number.loss().ownDeviation() ? number.deviation() * deviations[i] : Double.NaN));
      }
      return said;
    }
    Tensor probabilities =
        torch.softmax(output.logits(), -1, new ScalarTypeOptional(ScalarType.Double));
    double[] all = numbers(probabilities);
    int classes = target.outputs();
    for (int from = 0; from < all.length; from += classes) {
      List<Double> row = new ArrayList<>();
      for (int i = 0; i < classes; i++) {
        row.add(all[from + i]);
      }
      said.add(new Said(row, Double.NaN, Double.NaN));
    }
    return said;
  }

  static double[] numbers(Tensor tensor) {
    Tensor wide = tensor.to(ScalarType.Double).cpu().contiguous();
    double[] numbers = new double[(int) wide.numel()];
    wide.data_ptr_double().get(numbers);
    return numbers;
  }
}
