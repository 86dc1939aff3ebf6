package lot4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.train.Prepared.Source;

/**
 * JSON Lines of requests and answers: an object a line, gzip or not.
 *
 * @param examples in the file's order
 * @param source the file
 */
record InstructionFile(List<Instruction> examples, Source source) {
  /**
   * Reads a file.
   *
   * @param prompt the key of the request, or {@code auto}: the first of the usual ones that a line
   *     has; an {@code instruction} may have an {@code input}, which follows it on a line of its
   *     own
   * @param answer the key of the answer, or {@code auto}
   * @throws lot4j.train.DataException naming file and line
   */
  static InstructionFile read(Path path, String prompt, String answer) {
    List<Instruction> examples = new ArrayList<>();
    try (DataFile file = DataFile.open(path);
        InstructionLines lines = InstructionLines.of(file)) {
      lines.forEachRemaining(line -> examples.add(line.example(prompt, answer)));
      return new InstructionFile(examples, file.source());
    }
  }
}
