package lot4j.data;

/** A vocabulary that reads texts of any length; the ones this package makes. */
sealed interface TokenVocabulary extends Vocabulary
    permits WordVocabulary, CharacterVocabulary, TokenizerVocabulary {
  /** The token of what is not in a vocabulary. */
  String UNKNOWN = "<unk>";

  /** An encoder; what the vocabulary lacks gets {@link #unknownId()}. */
  Encoder encoder(TokenSink sink);

  /** The id of {@code <unk>}; {@link #size()} if there is none. */
  int unknownId();

  /** Whether {@code <unk>} is one of the tokens. */
  default boolean hasUnknown() {
    return unknownId() < size();
  }

  /** The same with {@code <unk>} as a further token behind the others. */
  TokenVocabulary withUnknown();

  /** How a text's unknown parts are called: {@code word} or {@code character}. */
  String unit();

  @Override
  default int[] encode(String text) {
    TokenList ids = new TokenList();
    Encoder encoder = encoder(ids);
    TextReader.read(text, encoder);
    if (!hasUnknown()) {
      encoder
          .unknown()
          .ifPresent(
              missing -> {
                throw TextSets.lacking("text", missing, this);
              });
    }
    return ids.toArray();
  }
}
