package lot4j.data;

import java.nio.file.Path;
import lot4j.Require;

/** How a text becomes tokens. */
public sealed interface Tokenization {
  /**
   * Words between white space; each line's end is {@code <eos>}.
   *
   * @param minCount words of the training text that occur less often become {@code <unk>}; 1 keeps
   *     all
   */
  record Words(int minCount) implements Tokenization {
    public Words {
      Require.atLeast("task.min-count", minCount, 1);
    }
  }

  /** Unicode characters. */
  record Characters() implements Tokenization {}

  /**
   * Byte-level byte pair encoding, trained on the training text.
   *
   * @param size tokens of the vocabulary, 257 or more: the 256 bytes and what is merged of them
   */
  record BytePairs(int size) implements Tokenization {
    public BytePairs {
      Require.atLeast("task.vocabulary", size, 257);
    }
  }

  /**
   * A tokenizer that exists already.
   *
   * @param file in the format of a Hugging Face {@code tokenizer.json}
   */
  record TokenizerFile(Path file) implements Tokenization {}
}
