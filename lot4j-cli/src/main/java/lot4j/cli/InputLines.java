package lot4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import lot4j.train.DataException;

/**
 * The arguments of a command, those called {@code -} replaced by the lines of standard input, read
 * one by one as they are asked for. Empty lines are passed over.
 */
final class InputLines implements Iterator<String> {
  private final Iterator<String> arguments;
  private final BufferedReader lines;
  private Optional<String> next = Optional.empty();
  private boolean reading;

  InputLines(List<String> arguments, InputStream standardInput) {
    this.arguments = arguments.iterator();
    this.lines =
        new BufferedReader(
            new InputStreamReader(
                standardInput,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && (reading || arguments.hasNext())) {
      if (reading) {
        next = line();
        reading = next.isPresent();
      } else {
        String argument = arguments.next();
        reading = argument.equals("-");
        next = reading ? Optional.empty() : Optional.of(argument);
      }
    }
    return next.isPresent();
  }

  private Optional<String> line() {
    try {
      String line = lines.readLine();
      while (line != null && line.isBlank()) {
        line = lines.readLine();
      }
      return Optional.ofNullable(line);
    } catch (CharacterCodingException e) {
      throw new DataException("standard input: is not UTF-8 text", e);
    } catch (IOException e) {
      throw new DataException("standard input: cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no further input");
    }
    String given = next.orElseThrow();
    next = Optional.empty();
    return given;
  }
}
