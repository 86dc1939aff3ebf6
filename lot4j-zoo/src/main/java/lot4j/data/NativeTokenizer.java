package lot4j.data;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lot4j.train.DataException;

/**
 * A tokenizer of the Hugging Face library, which this class alone calls. It is used below its Java
 * surface, by ids only: that copies each token's text, place and masks, and reports its use to its
 * makers on some machines.
 */
final class NativeTokenizer {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final String OFFLINE = "ai.djl.offline";
  private static final String UNPACKED = "ENGINE_CACHE_DIR";

  private final long handle;

  /**
   * A tokenizer.
   *
   * @param where the file's name, for errors
   * @param file the content of a {@code tokenizer.json}
   * @throws DataException if the library does not take it
   */
  NativeTokenizer(String where, byte[] file) {
    load();
    try {
      handle =
          TokenizersLibrary.LIB.createTokenizerFromString(new String(file, StandardCharsets.UTF_8));
    } catch (RuntimeException e) { // the library has no exception of its own for a bad file
      throw new DataException(
          where + ": is no tokenizer: " + DataFile.shown(String.valueOf(e.getMessage())), e);
    }
    long own = handle;
    CLEANER.register(this, () -> TokenizersLibrary.LIB.deleteTokenizer(own));
    TokenizersLibrary.LIB.disableTruncation(handle);
    TokenizersLibrary.LIB.disablePadding(handle);
  }

  /** The library is taken from its jar, never from the net, and unpacked into our own cache. */
  private static void load() {
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    if (System.getenv(UNPACKED) == null && System.getProperty(UNPACKED) == null) {
      System.setProperty(UNPACKED, place(TokenCache.root().resolve("native")).toString());
    }
    try {
      LibUtils.checkStatus();
    } catch (EngineException e) {
      throw new DataException(
          "the tokenizer library cannot be loaded here: "
              + DataFile.shown(String.valueOf(e.getMessage())),
          e);
    }
  }

  private static Path place(Path wanted) {
    try {
      Files.createDirectories(wanted);
      return Files.isWritable(wanted) ? wanted : temporary();
    } catch (IOException e) {
      return temporary();
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("lot4j-native");
    } catch (IOException e) {
      throw new UncheckedIOException("no place to unpack the tokenizer library", e);
    }
  }

  /** The ids of a text, without special tokens around it. */
  long[] encode(String text) {
    long encoding = TokenizersLibrary.LIB.encode(handle, text, false);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding);
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
      Reference.reachabilityFence(this);
    }
  }

  /** The text of ids, special tokens included. */
  String decode(long[] ids) {
    try {
      return TokenizersLibrary.LIB.decode(handle, ids, false);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
