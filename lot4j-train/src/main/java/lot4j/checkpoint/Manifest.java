package lot4j.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a checkpoint consists of, with sizes and SHA-256 checksums, and a digest of its own text:
 * the SHA-256 of the whole file with the digest's 64 digits replaced by zeros.
 *
 * @param step teacher steps done
 * @param files every other file by name
 */
record Manifest(long step, Map<String, Entry> files) {
  static final String FILE = "manifest.json";
  static final int FORMAT = 1;

  private static final int LARGEST = 1 << 20;
  private static final int DIGITS = 64;
  private static final String BEFORE_DIGEST = ",\n\"digest\":\"";
  private static final String AFTER_DIGEST = "\"}\n";
  private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** One file. */
  record Entry(long bytes, String sha256) {}

  /** Collects a manifest while the files are written. */
  static final class Builder {
    private final ObjectNode root = JSON.createObjectNode();
    private final ObjectNode files;

    Builder(long step, Map<String, String> versions) {
      root.put("format", FORMAT).put("step", step);
      ObjectNode written = root.putObject("versions");
      new TreeMap<>(versions).forEach(written::put);
      files = root.putObject("files");
    }

    void add(String name, long bytes, String sha256) {
      files.putObject(name).put("bytes", bytes).put("sha256", sha256);
    }

    ByteBuffer bytes() {
      String body = root.toPrettyString();
      String open = body.substring(0, body.lastIndexOf('}')).stripTrailing();
      String zeroed = open + BEFORE_DIGEST + "0".repeat(DIGITS) + AFTER_DIGEST;
      String digest = HexFormat.of().formatHex(sha256().digest(utf8(zeroed)));
      return ByteBuffer.wrap(utf8(open + BEFORE_DIGEST + digest + AFTER_DIGEST));
    }
  }

  /**
   * Reads the manifest of a checkpoint and checks that it is as it was written.
   *
   * @throws CheckpointException with what is wrong, without the directory's name
   */
  static Manifest read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(FILE + " is missing");
      }
      if (Files.size(file) > LARGEST) {
        throw new CheckpointException(FILE + " is too large; at most " + LARGEST + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      requireOwnDigest(bytes);
      return of(JSON.readTree(new String(bytes, StandardCharsets.UTF_8)));
    } catch (JsonProcessingException e) {
      throw new CheckpointException(FILE + " is not JSON; " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(FILE + " cannot be read; " + AtomicFile.reason(e), e);
    }
  }

  private static void requireOwnDigest(byte[] bytes) {
    int begin = bytes.length - AFTER_DIGEST.length() - DIGITS;
    if (begin < 0) {
      throw new CheckpointException(FILE + " is cut short");
    }
    String said = new String(bytes, begin, DIGITS, StandardCharsets.ISO_8859_1);
    byte[] zeroed = bytes.clone();
    Arrays.fill(zeroed, begin, begin + DIGITS, (byte) '0');
    if (!HexFormat.of().formatHex(sha256().digest(zeroed)).equals(said)) {
      throw new CheckpointException(FILE + " does not have the digest that it says");
    }
  }

  private static Manifest of(JsonNode root) {
    if (root.path("format").asInt(-1) != FORMAT) {
      throw new CheckpointException(
          FILE + " has format " + root.path("format") + "; this version reads " + FORMAT);
    }
    Map<String, Entry> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> file : root.path("files").properties()) {
      JsonNode entry = file.getValue();
      boolean fit =
          SAFE_NAME.matcher(file.getKey()).matches()
              && entry.path("bytes").canConvertToLong()
              && entry.path("sha256").isTextual();
      if (!fit) {
        throw new CheckpointException(FILE + " has an unfit entry for a file");
      }
      files.put(
          file.getKey(),
          new Entry(entry.path("bytes").longValue(), entry.path("sha256").textValue()));
    }
    if (!root.path("step").canConvertToLong()) {
      throw new CheckpointException(FILE + " has no step");
    }
    return new Manifest(root.path("step").longValue(), Collections.unmodifiableMap(files));
  }

  /**
   * Compares every file with its size and checksum.
   *
   * @throws CheckpointException with what is wrong, without the directory's name
   */
  void verify(Path directory) {
    for (Map.Entry<String, Entry> file : files.entrySet()) {
      String name = file.getKey();
      Path path = directory.resolve(name);
      if (!Files.isRegularFile(path)) {
        throw new CheckpointException(name + " is missing");
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        long bytes = file.getValue().bytes();
        if (channel.size() != bytes) {
          throw new CheckpointException(
              name + " is " + channel.size() + " bytes, its manifest says " + bytes);
        }
        if (!sha256(channel).equals(file.getValue().sha256())) {
          throw new CheckpointException(name + " does not have its manifest's checksum");
        }
      } catch (IOException e) {
        throw new CheckpointException(name + " cannot be read; " + AtomicFile.reason(e), e);
      }
    }
  }

  /** Digest of the bytes from the channel's position on, lower-case hex. */
  static String sha256(FileChannel channel) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer.clear()) >= 0) {
      digest.update(buffer.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
