package lot4j.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.checkpoint.AtomicFile;

/**
 * Remembers vocabularies and encoded texts in files, so that the next start reads them in place.
 * The files' names are digests of what they were made of; a damaged one is made again. Everything
 * in the directory may be deleted at any time. Processes that need the same thing wait for the one
 * that makes it.
 */
final class TokenCache {
  /** Texts smaller than this, in bytes, are encoded each time. */
  static final long WORTH = 1 << 20;

  // One thread of this process at a time: the lock of a file holds between processes only.
  private static final Object ONE = new Object();
  private static final int HEX = 64;

  private final Path directory;
  private final long worth;
  private final List<String> notes;
  private final Map<TokenVocabulary, String> digests = new IdentityHashMap<>();

  /**
   * A cache.
   *
   * @param worth size in bytes from which a text goes through the cache
   * @param notes gets a sentence if the directory cannot be used
   */
  TokenCache(Path directory, long worth, List<String> notes) {
    this.directory = directory;
    this.worth = worth;
    this.notes = notes;
  }

  /** The user's: {@code tokens} in {@link #root}. */
  static TokenCache standard(List<String> notes) {
    return new TokenCache(root().resolve("tokens"), WORTH, notes);
  }

  /** {@code $LOT_CACHE}, else {@code $XDG_CACHE_HOME/lot4j}, else {@code ~/.cache/lot4j}. */
  static Path root() {
    return variable("LOT_CACHE")
        .or(() -> variable("XDG_CACHE_HOME").map(cache -> cache.resolve("lot4j")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "lot4j"));
  }

  private static Optional<Path> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(v -> !v.isEmpty()).map(Path::of);
  }

  /**
   * The vocabulary of a text.
   *
   * @param small whether to remember that of a small text too
   */
  TokenVocabulary vocabulary(
      TextFile text, Tokenization how, boolean small, Supplier<TokenVocabulary> make) {
    if (!small && text.source().bytes() < worth) {
      return make.get();
    }
    Path file = directory.resolve(key(text, how.toString()) + ".vocabulary");
    return cached(
        file,
        () -> open(file),
        () -> {
          TokenVocabulary vocabulary = make.get();
          byte[] body = vocabulary.file();
          String head = sha256(body);
          AtomicFile.write(file, concat(head.getBytes(StandardCharsets.US_ASCII), body));
        },
        make);
  }

  /** A text's tokens. */
  Encoded encode(TextFile text, TokenVocabulary vocabulary) {
    if (text.source().bytes() < worth) {
      return Encoded.inMemory(text, vocabulary);
    }
    Path file = directory.resolve(key(text, digest(vocabulary)) + ".tokens");
    return cached(
        file,
        () -> TokenFile.open(file),
        () -> TokenFile.write(file, text, vocabulary),
        () -> Encoded.inMemory(text, vocabulary));
  }

  private synchronized String digest(TokenVocabulary vocabulary) {
    return digests.computeIfAbsent(vocabulary, made -> sha256(made.file()));
  }

  /** Opens a file of the cache. */
  @FunctionalInterface
  private interface Opening<T> {
    Optional<T> open() throws IOException;
  }

  private <T> T cached(Path file, Opening<T> opening, Runnable write, Supplier<T> inMemory) {
    String reason;
    try {
      Optional<T> found = opening.open();
      if (found.isPresent()) {
        return found.get();
      }
      Files.createDirectories(directory);
      Optional<T> made = make(file, opening, write);
      if (made.isPresent()) {
        return made.get();
      }
      reason = "what was written cannot be read back";
    } catch (UncheckedIOException | IOException e) {
      reason = DataFile.shown(String.valueOf(e.getMessage()));
    }
    String note =
        DataFile.shown(directory)
            + ": cannot be used, so that texts are encoded at every start and stay in memory; "
            + reason
            + "; LOT_CACHE names another directory";
    if (notes.stream().noneMatch(other -> other.startsWith(DataFile.shown(directory)))) {
      notes.add(note);
    }
    return inMemory.get();
  }

  private static <T> Optional<T> make(Path file, Opening<T> opening, Runnable write)
      throws IOException {
    Path ours = file.resolveSibling(file.getFileName() + ".lock");
    synchronized (ONE) {
      try (FileChannel channel =
              FileChannel.open(ours, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        // Whoever held the lock before may have made it meanwhile.
        Optional<T> found = opening.open();
        if (found.isEmpty() && lock.isValid()) {
          write.run();
          found = opening.open();
        }
        // Only what is there needs no lock any more; whoever waits for this one finds the file.
        if (found.isPresent()) {
          Files.deleteIfExists(ours);
        }
        return found;
      }
    }
  }

  private static Optional<TokenVocabulary> open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    byte[] all = Files.readAllBytes(file);
    byte[] body = Arrays.copyOfRange(all, Math.min(HEX, all.length), all.length);
    String head = new String(all, 0, all.length - body.length, StandardCharsets.US_ASCII);
    return head.equals(sha256(body))
        ? Optional.of(Vocabularies.read(DataFile.shown(file), body))
        : Optional.empty();
  }

  private static String key(TextFile text, String how) {
    String made = TokenFile.VERSION + " " + text.source().sha256() + " " + text.packing() + how;
    return sha256(made.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] bytes) {
    MessageDigest digest = DataFile.digest("SHA-256");
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
