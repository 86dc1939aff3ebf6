package lot4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import lot4j.train.DataException;

/**
 * A tokenizer in the format of Hugging Face's {@code tokenizer.json}: trained here, or the user's.
 * A text of any length is tokenized in pieces, see {@link TextPieces}; no special tokens are added
 * to it.
 */
final class TokenizerVocabulary implements TokenVocabulary {
  static final String NAME = "tokenizer.json";
  private static final int PIECE = 1 << 16;

  private final byte[] file;
  private final NativeTokenizer tokenizer;
  private final int[] characters;

  /**
   * A tokenizer.
   *
   * @param where the file's name, for errors
   * @param tree the parsed file
   */
  TokenizerVocabulary(String where, byte[] file, JsonNode tree) {
    this.file = file.clone();
    tokenizer = new NativeTokenizer(where, file);
    characters = characters(where, tree);
  }

  @Override
  public int size() {
    return characters.length;
  }

  /** Always behind the last one: what is unknown is the tokenizer's own business. */
  @Override
  public int unknownId() {
    return size();
  }

  @Override
  public TokenVocabulary withUnknown() {
    return this;
  }

  @Override
  public String unit() {
    return "text";
  }

  @Override
  public Encoder encoder(TokenSink sink) {
    TextPieces pieces =
        new TextPieces(
            PIECE,
            piece -> {
              for (long id : tokenizer.encode(piece)) {
                sink.add((int) id);
              }
            });
    return new Encoder() {
      @Override
      public void accept(char[] chars, int length) {
        pieces.accept(chars, length);
      }

      @Override
      public void end() {
        pieces.end();
      }

      @Override
      public Optional<Unknown> unknown() {
        return Optional.empty();
      }
    };
  }

  @Override
  public String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray());
  }

  /**
   * Characters that begin in a token: of a byte-level one, its bytes that begin a character; of
   * others, the characters that it is written with, marks of word beginnings and continuations
   * aside.
   */
  @Override
  public int characters(int token) {
    return characters[token];
  }

  @Override
  public String fileName() {
    return NAME;
  }

  @Override
  public byte[] file() {
    return file.clone();
  }

  private static int[] characters(String where, JsonNode tree) {
    JsonNode vocabulary = tree.path("model").path("vocab");
    boolean bytes = isByteLevel(tree.path("pre_tokenizer")) || isByteLevel(tree.path("decoder"));
    int[] counts = new int[Math.max(vocabulary.size(), 1)];
    int size = 0;
    if (vocabulary.isArray()) {
      // A unigram model lists [token, score] in the order of ids.
      for (JsonNode entry : vocabulary) {
        counts[size++] = count(entry.path(0).asText(), false);
      }
    }
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      int id = id(where, entry.getValue());
      counts = id < counts.length ? counts : Arrays.copyOf(counts, id + 1);
      counts[id] = count(entry.getKey(), bytes);
      size = Math.max(size, id + 1);
    }
    for (JsonNode added : tree.path("added_tokens")) {
      int id = id(where, added.path("id"));
      counts = id < counts.length ? counts : Arrays.copyOf(counts, id + 1);
      String content = added.path("content").asText();
      counts[id] = content.codePointCount(0, content.length());
      size = Math.max(size, id + 1);
    }
    if (size == 0) {
      throw new DataException(where + ": holds no tokens");
    }
    return Arrays.copyOf(counts, size);
  }

  private static int id(String where, JsonNode id) {
    if (!id.isInt() || id.asInt() < 0 || id.asInt() > 1 << 24) {
      throw new DataException(where + ": " + id + " is no token's number");
    }
    return id.asInt();
  }

  private static int count(String token, boolean bytes) {
    if (bytes) {
      return ByteAlphabet.beginnings(token);
    }
    String text = token.startsWith("##") && token.length() > 2 ? token.substring(2) : token;
    return text.codePointCount(0, text.length());
  }

  private static boolean isByteLevel(JsonNode part) {
    if (part.path("type").asText().equals("ByteLevel")) {
      return true;
    }
    for (String inner : new String[] {"pretokenizers", "decoders"}) {
      for (JsonNode one : part.path(inner)) {
        if (isByteLevel(one)) {
          return true;
        }
      }
    }
    return false;
  }
}
