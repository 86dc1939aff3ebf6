package lot4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Answers inputs of one kind: images, texts, rows. What the command line names may stand for many
 * inputs, a folder of images for instance; they are found first and answered a few at a time, so
 * that memory does not grow with their number.
 */
interface Predictor extends AutoCloseable {
  /**
   * One thing to be answered.
   *
   * @param name as results show it
   * @param file where it is, if it is a file
   * @param line what a line of a file holds, if it is one
   */
  record Input(String name, Optional<Path> file, Optional<String> line) {
    /** An input that is no line of a file. */
    Input(String name, Optional<Path> file) {
      this(name, file, Optional.empty());
    }
  }

  /** Whether an argument {@code -} stands for arguments, one on each line of standard input. */
  default boolean takesLines() {
    return true;
  }

  /**
   * Whether these arguments are one input whose answer stands for itself, as a text's does: it is
   * shown without the input, and in a JSON document without a list around it.
   */
  default boolean alone(List<String> arguments) {
    return false;
  }

  /**
   * The inputs that an argument stands for, in order; at least one.
   *
   * @throws lot4j.train.DataException if there is nothing that can be answered
   */
  Stream<Input> inputs(String argument);

  /** Most inputs that are worth being answered together. */
  int together();

  /**
   * Answers inputs, in their order; an input may have several answers, or none.
   *
   * @throws lot4j.train.DataException naming an input that cannot be answered
   * @throws UsageException if it is wrong in the command line
   */
  void answer(List<Input> inputs, Consumer<Prediction> to);

  @Override
  default void close() {}
}
