package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TokenizerProperties {
  private static final TokenVocabulary BYTE_PAIRS = trained();

  private static TokenVocabulary trained() {
    try {
      Path file = Files.createTempFile("words", ".txt");
      Files.writeString(
          file, "the cat's cat, and then: theme \u00e4\u00e4 \u00e4\u00e4!\n\n  \n".repeat(9));
      TokenVocabulary vocabulary = BytePairTrainer.train(TextFile.at(file), 290);
      Files.delete(file);
      return vocabulary;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Texts of everything that has a UTF-8 form, rich in white space and in what was trained on. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any =
        Arbitraries.strings().ofMaxLength(20).filter(TokenizerProperties::isUnicode);
    Arbitrary<String> known =
        Arbitraries.of(
            " ", "\n", "\n\n", " \n ", "\t", "the", "cat's", " th", "\u00e4", "😀", "\0");
    return Arbitraries.oneOf(any, known).list().ofMaxSize(40).map(parts -> String.join("", parts));
  }

  private static boolean isUnicode(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  @Property(tries = 300)
  void decodingGivesTheTextBack(@ForAll("texts") String text) {
    assertThat(BYTE_PAIRS.decode(BYTE_PAIRS.encode(text))).isEqualTo(text);
  }

  @Property(tries = 300)
  void charactersOfTheTokensAreThoseOfTheText(@ForAll("texts") String text) {
    int characters = 0;
    for (int token : BYTE_PAIRS.encode(text)) {
      characters += BYTE_PAIRS.characters(token);
    }
    assertThat(characters).isEqualTo(text.codePointCount(0, text.length()));
  }

  @Property(tries = 300)
  void piecesGiveTheTokensOfTheWhole(@ForAll("texts") String text) {
    TokenList ids = new TokenList();
    TextPieces pieces =
        new TextPieces(
            7,
            piece -> {
              for (int id : BYTE_PAIRS.encode(piece)) {
                ids.add(id);
              }
            });
    // A character at a time, so that every place is once the end of what is held.
    text.codePoints().forEach(c -> pieces.accept(Character.toChars(c), Character.charCount(c)));
    pieces.end();
    assertThat(ids.toArray()).isEqualTo(BYTE_PAIRS.encode(text));
  }

  @Property(tries = 200)
  void everyTextSurvivesItsBytes(@ForAll("texts") String text) {
    StringBuilder read = new StringBuilder();
    Utf8 decoder =
        new Utf8(
            "text",
            new TextReader() {
              @Override
              public void accept(char[] chars, int length) {
                read.append(chars, 0, length);
              }

              @Override
              public void end() {}
            });
    for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      decoder.accept(new byte[] {b}, 1);
    }
    decoder.end();
    String expected = text.startsWith("\uFEFF") ? text.substring(1) : text;
    assertThat(read.toString()).isEqualTo(expected.replace("\r\n", "\n"));
  }
}
