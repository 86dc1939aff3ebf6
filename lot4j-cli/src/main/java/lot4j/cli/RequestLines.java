package lot4j.cli;

import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lot4j.cli.Predictor.Input;
import lot4j.data.InstructionLine;
import lot4j.data.InstructionLines;

/** Lines of JSON Lines as inputs of a command and back. */
final class RequestLines {
  private RequestLines() {}

  /** An input for each line, read as they are asked for; closing the stream closes the lines. */
  static Stream<Input> inputs(InstructionLines lines) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .map(line -> new Input(line.where(), Optional.empty(), Optional.of(line.text())))
        .onClose(lines::close);
  }

  /** The line that an input is. */
  static InstructionLine line(Input input) {
    return new InstructionLine(input.name(), input.line().orElseThrow());
  }
}
