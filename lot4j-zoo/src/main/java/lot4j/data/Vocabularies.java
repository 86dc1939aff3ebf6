package lot4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lot4j.train.DataException;

/** Reads vocabularies back from the files that {@link Vocabulary#file} gives. */
public final class Vocabularies {
  private Vocabularies() {}

  /**
   * Reads a {@code vocabulary.json} or a {@code tokenizer.json}; which one it is is told by its
   * content.
   *
   * @throws DataException naming the file if it is missing, damaged or of another format
   */
  public static Vocabulary read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataFile.unreadable(file, e);
    }
    return read(DataFile.shown(file), bytes);
  }

  /**
   * Reads the vocabulary that lies in a run's directory.
   *
   * @throws DataException if there is none, or it is damaged
   */
  public static Vocabulary of(Path run) {
    return read(
        Stream.of(VocabularyFile.NAME, TokenizerVocabulary.NAME)
            .map(run::resolve)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        run
                            + ": holds neither "
                            + VocabularyFile.NAME
                            + " nor "
                            + TokenizerVocabulary.NAME)));
  }

  static TokenVocabulary read(String where, byte[] bytes) {
    JsonNode tree;
    try {
      tree = new JsonMapper().readTree(bytes);
    } catch (IOException e) {
      throw new DataException(where + ": is not JSON, or damaged", e);
    }
    return tree.has("model")
        ? new TokenizerVocabulary(where, bytes, tree)
        : VocabularyFile.read(where, tree);
  }
}
