package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import lot4j.train.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCacheTest {
  private static final Tokenization WORDS = new Tokenization.Words(1);

  @TempDir Path directory;
  private Path text;
  private Path cache;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    text = directory.resolve("text");
    cache = directory.resolve("cache");
    Files.createDirectory(text);
    Files.writeString(text.resolve("train.txt"), "the cat sat\non the mat\n".repeat(50));
    Files.writeString(text.resolve("valid.txt"), "the dog sat\n");
  }

  private TextSet read(Tokenization how) {
    return TextSets.read(new TokenCache(cache, 0, notes), notes, directory, text.toString(), how);
  }

  private TextSet inMemory(Tokenization how) {
    TokenCache none = new TokenCache(cache, Long.MAX_VALUE, notes);
    return TextSets.read(none, new ArrayList<>(), directory, text.toString(), how);
  }

  private Path only(String ending) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
          .orElseThrow();
    }
  }

  private static void same(TextSet a, TextSet b) {
    assertThat(TextSetsTest.array(a.train())).isEqualTo(TextSetsTest.array(b.train()));
    assertThat(TextSetsTest.array(a.valid().orElseThrow()))
        .isEqualTo(TextSetsTest.array(b.valid().orElseThrow()));
    assertThat(a.vocabulary().file()).isEqualTo(b.vocabulary().file());
    assertThat(a.notes()).isEqualTo(b.notes());
  }

  @Test
  void whatIsReadFromTheCacheEqualsWhatIsEncoded() {
    for (Tokenization how :
        new Tokenization[] {WORDS, new Tokenization.Characters(), new Tokenization.Words(60)}) {
      notes.clear();
      TextSet plain = inMemory(how);
      same(read(how), plain);
      notes.clear();
      same(read(how), plain);
    }
  }

  @Test
  void theSecondReadWritesNothing() throws IOException {
    read(WORDS);
    Path tokens = only(".tokens");
    Path vocabulary = only(".vocabulary");
    Object first = Files.readAttributes(tokens, "unix:ino,lastModifiedTime");
    Object second = Files.readAttributes(vocabulary, "unix:ino,lastModifiedTime");
    read(WORDS);
    assertThat(Files.readAttributes(tokens, "unix:ino,lastModifiedTime")).isEqualTo(first);
    assertThat(Files.readAttributes(vocabulary, "unix:ino,lastModifiedTime")).isEqualTo(second);
  }

  @Test
  void anotherTextOrTokenizationIsAnotherEntry() throws IOException {
    read(WORDS);
    Files.writeString(text.resolve("train.txt"), "a b c\n".repeat(50));
    assertThat(read(WORDS).train().size()).isEqualTo(200);
    assertThat(read(new Tokenization.Characters()).train().size()).isEqualTo(300);
  }

  @Test
  void aChangedByteAnywhereIsNoticedAndTheFileMadeAgain() throws IOException {
    read(WORDS);
    TextSet plain = inMemory(WORDS);
    for (String ending : new String[] {".tokens", ".vocabulary"}) {
      Path file = only(ending);
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < whole.length; i += Math.max(1, whole.length / 40)) {
        byte[] flipped = whole.clone();
        flipped[i] ^= 4;
        Files.write(file, flipped);
        notes.clear();
        same(read(WORDS), plain);
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
      }
    }
  }

  @Test
  void aFileCutShortIsNoticedAndMadeAgain() throws IOException {
    read(WORDS);
    TextSet plain = inMemory(WORDS);
    for (String ending : new String[] {".tokens", ".vocabulary"}) {
      Path file = only(ending);
      byte[] whole = Files.readAllBytes(file);
      for (int length : new int[] {0, 7, 40, whole.length - 1}) {
        Files.write(file, Arrays.copyOf(whole, length));
        notes.clear();
        same(read(WORDS), plain);
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
      }
    }
  }

  @Test
  void withoutAWritableDirectoryTokensStayInMemoryWithANote() throws IOException {
    // A file where the directory should be: not even the superuser can write there.
    Files.writeString(cache, "in the way");
    TextSet set = read(WORDS);
    assertThat(set.train().size()).isEqualTo(400);
    assertThat(set.notes()).anySatisfy(note -> assertThat(note).contains("cache: cannot be used"));
    assertThat(set.notes().stream().filter(note -> note.contains("LOT_CACHE"))).hasSize(1);
  }

  @Test
  void aBrokenTextLeavesNothingBehind() throws IOException {
    Files.write(text.resolve("valid.txt"), new byte[] {'a', ' ', (byte) 0xFF});
    assertThatThrownBy(() -> read(WORDS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("valid.txt: byte 2");
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files.filter(file -> file.toString().endsWith(".tokens"))).hasSize(1);
    }
  }

  @Test
  void threadsThatEncodeTheSameTextGetTheSameTokens() throws Exception {
    TextSet plain = inMemory(WORDS);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<TextSet>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(
            () -> {
              List<String> own = new ArrayList<>();
              TokenCache shared = new TokenCache(cache, 0, own);
              return TextSets.read(shared, own, directory, text.toString(), WORDS);
            });
      }
      for (Future<TextSet> set : threads.invokeAll(tasks)) {
        same(set.get(), plain);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void severalMappedPiecesReadAsOne() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 70_000; i++) {
      many.append('w').append(i).append(i % 10 == 9 ? '\n' : ' ');
    }
    for (String words : new String[] {many.toString(), "a b c\n".repeat(3000)}) {
      Path file = directory.resolve("many.txt");
      Files.write(file, words.getBytes(StandardCharsets.UTF_8));
      TextFile source = TextFile.at(file);
      TokenVocabulary vocabulary = WordVocabulary.of(source, 1);
      Path encoded = directory.resolve("many.tokens");
      TokenFile.write(encoded, source, vocabulary);
      Tokens pieces = TokenFile.open(encoded, 1 << 10).orElseThrow().tokens();
      Tokens memory = Encoded.inMemory(source, vocabulary).tokens();
      assertThat(TextSetsTest.array(pieces)).isEqualTo(TextSetsTest.array(memory));
      assertThatThrownBy(() -> pieces.at(pieces.size()))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
