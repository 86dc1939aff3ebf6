package lot4j.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains a byte-level byte pair encoding: the most frequent pair of neighbouring tokens within a
 * word becomes a token, again and again. Of equally frequent pairs the one with the smaller ids is
 * taken, so that the same text gives the same tokenizer. Pairs that occur once are not merged.
 *
 * <p>Source: R. Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units",
 * 2016; over bytes, with the split into words of A. Radford et al., 2019 (GPT-2).
 */
final class BytePairTrainer {
  private static final int BYTES = 256;
  private static final int PIECE = 1 << 16;
  private static final Pattern WORD =
      Pattern.compile(
          "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final List<String> marks = new ArrayList<>();
  private final Set<Long> merged = new HashSet<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  private BytePairTrainer() {
    for (int i = 0; i < BYTES; i++) {
      token(String.valueOf(ByteAlphabet.of(ByteAlphabet.at(i))));
    }
  }

  /**
   * A tokenizer of {@code size} tokens, or fewer if the text has not that many repeated pairs.
   *
   * @throws lot4j.train.DataException if the text cannot be read
   */
  static TokenVocabulary train(TextFile text, int size) {
    return train(text::read, size, List.of());
  }

  /**
   * The same of texts, no word of which goes on in the next.
   *
   * @param texts hands them to a reader
   * @param marks further tokens, which stand for themselves as a whole and count in the size; those
   *     that are a token already stay it
   */
  static TokenVocabulary train(Consumer<TextReader> texts, int size, List<String> marks) {
    BytePairTrainer trainer = new BytePairTrainer();
    trainer.count(texts);
    trainer.merge(size - marks.size());
    for (String mark : marks) {
      if (!trainer.ids.containsKey(written(mark))) {
        trainer.marks.add(mark);
      }
    }
    return Vocabularies.read("tokenizer", trainer.file());
  }

  /** A text by the characters that stand for its bytes. */
  private static String written(String text) {
    StringBuilder written = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      written.append(ByteAlphabet.of(each & 0xFF));
    }
    return written.toString();
  }

  private void count(Consumer<TextReader> texts) {
    WordTable seen = new WordTable();
    long[][] often = {new long[1 << 12]};
    texts.accept(
        new TextPieces(
            PIECE,
            piece -> {
              char[] chars = piece.toCharArray();
              Matcher word = WORD.matcher(piece);
              while (word.find()) {
                int number = seen.number(chars, word.start(), word.end());
                if (number >= often[0].length) {
                  often[0] = Arrays.copyOf(often[0], 2 * often[0].length);
                }
                often[0][number]++;
              }
            }));
    int[] ofByte = new int[BYTES];
    for (int i = 0; i < BYTES; i++) {
      ofByte[ByteAlphabet.at(i)] = i;
    }
    for (int i = 0; i < seen.words().size(); i++) {
      byte[] bytes = seen.words().get(i).getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 1) {
        int[] word = new int[bytes.length];
        for (int j = 0; j < word.length; j++) {
          word[j] = ofByte[bytes[j] & 0xFF];
        }
        words.add(word);
        counts.add(often[0][i]);
      }
    }
  }

  private void merge(int size) {
    for (int i = 0; i < words.size(); i++) {
      int[] word = words.get(i);
      for (int j = 0; j + 1 < word.length; j++) {
        change(word[j], word[j + 1], i, counts.get(i));
      }
    }
    pairs.forEach((key, pair) -> queue.add(new Candidate(pair.count, key)));
    while (tokens.size() < size && !queue.isEmpty()) {
      Candidate best = queue.poll();
      Pair pair = pairs.get(best.key());
      if (pair == null || best.count() < 2) {
        continue;
      }
      if (pair.count != best.count()) {
        // Its count fell since it was queued; it comes again with what it has now.
        queue.add(new Candidate(pair.count, best.key()));
        continue;
      }
      pairs.remove(best.key());
      join(best.left(), best.right(), pair);
    }
  }

  private void join(int left, int right, Pair pair) {
    int id = token(tokens.get(left) + tokens.get(right));
    if (merged.add(key(left, right))) {
      merges.add(tokens.get(left) + " " + tokens.get(right));
    }
    Set<Long> grown = new LinkedHashSet<>();
    for (int i = 0; i < pair.size; i++) {
      int number = pair.words[i];
      int[] word = words.get(number);
      int[] joined = new int[word.length];
      int length = 0;
      for (int j = 0; j < word.length; j++) {
        boolean both = j + 1 < word.length && word[j] == left && word[j + 1] == right;
        joined[length++] = both ? id : word[j];
        j += both ? 1 : 0;
      }
      if (length < word.length) {
        replace(number, Arrays.copyOf(joined, length), id, grown);
      }
    }
    grown.forEach(key -> queue.add(new Candidate(pairs.get(key).count, key)));
  }

  /** The id of a new token; in rare cases two pairs make the same one. */
  private int token(String text) {
    Integer known = ids.putIfAbsent(text, tokens.size());
    if (known == null) {
      tokens.add(text);
    }
    return known == null ? tokens.size() - 1 : known;
  }

  /** Takes the pairs of a word's old form away and adds those of its new one. */
  private void replace(int number, int[] joined, int id, Set<Long> grown) {
    int[] word = words.get(number);
    long count = counts.get(number);
    for (int j = 0; j + 1 < word.length; j++) {
      Pair old = pairs.get(key(word[j], word[j + 1]));
      if (old != null) {
        old.count -= count;
      }
    }
    for (int j = 0; j + 1 < joined.length; j++) {
      boolean fresh = joined[j] == id || joined[j + 1] == id;
      if (fresh) {
        change(joined[j], joined[j + 1], number, count);
        grown.add(key(joined[j], joined[j + 1]));
      } else {
        // It was there before, and its list has this word.
        pairs.get(key(joined[j], joined[j + 1])).count += count;
      }
    }
    words.set(number, joined);
  }

  private void change(int left, int right, int word, long count) {
    pairs.computeIfAbsent(key(left, right), key -> new Pair()).add(word, count);
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  private byte[] file() {
    ObjectNode file = new JsonMapper().createObjectNode();
    file.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = file.putArray("added_tokens");
    for (int i = 0; i < marks.size(); i++) {
      ObjectNode mark = added.addObject();
      mark.put("id", tokens.size() + i).put("content", marks.get(i));
      mark.put("single_word", false).put("lstrip", false).put("rstrip", false);
      mark.put("normalized", false).put("special", true);
    }
    file.putNull("normalizer");
    byteLevel(file.putObject("pre_tokenizer"), false);
    file.putNull("post_processor");
    byteLevel(file.putObject("decoder"), true);
    ObjectNode model = file.putObject("model");
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int i = 0; i < tokens.size(); i++) {
      vocabulary.put(tokens.get(i), i);
    }
    ArrayNode list = model.putArray("merges");
    merges.forEach(list::add);
    return (file.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void byteLevel(ObjectNode part, boolean prefix) {
    part.put("type", "ByteLevel").put("add_prefix_space", prefix);
    part.put("trim_offsets", true).put("use_regex", true);
  }

  /** How often a pair occurs, and in which words it did at some time. */
  private static final class Pair {
    private int[] words = new int[2];
    private int size;
    private long count;

    void add(int word, long more) {
      count += more;
      if (size == 0 || words[size - 1] != word) {
        words = size < words.length ? words : Arrays.copyOf(words, 2 * size);
        words[size++] = word;
      }
    }
  }

  /** A pair in the queue: the most frequent first, then the smallest ids. */
  private record Candidate(long count, long key) implements Comparable<Candidate> {
    int left() {
      return (int) (key >>> 32);
    }

    int right() {
      return (int) key;
    }

    @Override
    public int compareTo(Candidate other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(key, other.key);
    }
  }
}
