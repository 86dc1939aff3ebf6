package lot4j.data;

import java.util.List;
import java.util.Optional;
import lot4j.train.Prepared.Source;

/**
 * A text data set, read and encoded.
 *
 * @param name as results show it; a known set with other counts than the official ones is marked,
 *     {@code ptb[200000/73760/82430]}
 * @param subset whether it bears a known name but has other counts
 * @param vocabulary what the ids mean; made from the training text, or from the only one
 * @param train the training text, or the only one
 * @param valid the validation text, if the data brings one
 * @param test the test text, if the data brings one
 * @param sources the files read
 * @param notes what a user should know, one sentence each
 */
public record TextSet(
    String name,
    boolean subset,
    Vocabulary vocabulary,
    Tokens train,
    Optional<Tokens> valid,
    Optional<Tokens> test,
    List<Source> sources,
    List<String> notes) {
  public TextSet {
    sources = List.copyOf(sources);
    notes = List.copyOf(notes);
  }

  /**
   * One text encoded by a vocabulary that exists already.
   *
   * @param tokens its ids
   * @param sources the files read
   * @param notes what a user should know, one sentence each
   */
  public record Part(Tokens tokens, List<Source> sources, List<String> notes) {
    public Part {
      sources = List.copyOf(sources);
      notes = List.copyOf(notes);
    }
  }
}
