package lot4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import lot4j.train.DataException;

/**
 * The lines of JSON Lines, read one by one as they are asked for: strict UTF-8, blank lines passed
 * over but counted.
 */
public final class InstructionLines implements Iterator<InstructionLine>, AutoCloseable {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String name;
  private final BufferedReader reader;
  private final Optional<DataFile> file;
  private Optional<InstructionLine> next = Optional.empty();
  private int line;
  private boolean found;

  private InstructionLines(String name, InputStream in, Optional<DataFile> file) {
    this.name = name;
    this.reader =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    this.file = file;
  }

  /**
   * Those of a file, gzip or not, which has one or more.
   *
   * @throws DataException naming the file if it cannot be read
   */
  public static InstructionLines of(Path path) {
    return of(DataFile.open(path));
  }

  /** Those of a file that is open; closing them closes it. */
  static InstructionLines of(DataFile file) {
    return new InstructionLines(DataFile.shown(file.path()), file.content(), Optional.of(file));
  }

  /**
   * Those of a stream, which may have none.
   *
   * @param name stands for the stream, for errors and results
   */
  public static InstructionLines of(InputStream in, String name) {
    return new InstructionLines(name, in, Optional.empty());
  }

  /**
   * Whether there is a further line.
   *
   * @throws DataException if it cannot be read, is not UTF-8, or a file has no line at all
   */
  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      Optional<String> read = read();
      if (read.isEmpty()) {
        if (!found && file.isPresent()) {
          throw new DataException(name + ": holds no examples");
        }
        return false;
      }
      line++;
      String text = read.get();
      String clean = line == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
      if (!clean.isBlank()) {
        found = true;
        next = Optional.of(new InstructionLine(name + ":" + line, clean));
      }
    }
    return true;
  }

  @Override
  public InstructionLine next() {
    if (!hasNext()) {
      throw new NoSuchElementException(name + " has no further line");
    }
    InstructionLine given = next.orElseThrow();
    next = Optional.empty();
    return given;
  }

  private Optional<String> read() {
    try {
      return Optional.ofNullable(reader.readLine());
    } catch (CharacterCodingException e) {
      throw new DataException(name + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw file.map(own -> DataFile.unreadable(own.path(), e))
          .orElseGet(
              () ->
                  new DataException(
                      name + ": cannot be read: " + DataFile.shown(String.valueOf(e.getMessage())),
                      e));
    }
  }

  @Override
  public void close() {
    file.ifPresent(DataFile::close);
  }
}
