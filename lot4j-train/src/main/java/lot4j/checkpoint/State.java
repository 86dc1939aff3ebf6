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
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The two files of everything but weights: {@code state.safetensors} for tensors, {@code
 * state.json} for the rest. An entry's name is the path of its sections and its own name, joined by
 * {@code /}.
 */
final class State {
  static final String TENSORS = "state.safetensors";
  static final String SCALARS = "state.json";

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private State() {}

  /** A writer whose tensors live as long as {@code scope}. */
  static Writer writer(PointerScope scope) {
    return new Writer(scope, new TreeMap<>(), JSON.createObjectNode(), "");
  }

  /** Collects entries; tensors share their storage with the component's. */
  static final class Writer implements StateWriter {
    private final PointerScope scope;
    private final Map<String, Tensor> tensors;
    private final ObjectNode scalars;
    private final String prefix;

    private Writer(
        PointerScope scope, Map<String, Tensor> tensors, ObjectNode scalars, String prefix) {
      this.scope = scope;
      this.tensors = tensors;
      this.scalars = scalars;
      this.prefix = prefix;
    }

    @Override
    public StateWriter section(String name) {
      return new Writer(scope, tensors, scalars, prefix + checked(name) + "/");
    }

    @Override
    public void tensor(String name, Tensor value) {
      String path = fresh(name);
      // Attached to the save's scope, lest the scope of a component that made it frees it.
      Tensor kept = new Tensor(value);
      scope.attach(kept);
      tensors.put(path, kept);
    }

    @Override
    public void number(String name, long value) {
      scalars.putObject(fresh(name)).put("number", value);
    }

    @Override
    public void real(String name, double value) {
      ObjectNode entry = scalars.putObject(fresh(name));
      if (Double.isFinite(value)) {
        entry.put("real", value);
      } else {
        entry.put("real", special(value));
      }
    }

    @Override
    public void text(String name, String value) {
      scalars.putObject(fresh(name)).put("text", value);
    }

    @Override
    public void bytes(String name, byte[] value) {
      scalars.putObject(fresh(name)).put("bytes", Base64.getEncoder().encodeToString(value));
    }

    Map<String, Tensor> tensors() {
      return Collections.unmodifiableMap(tensors);
    }

    void writeScalars(WritableByteChannel out) throws IOException {
      ObjectNode root = JSON.createObjectNode().put("format", FORMAT);
      root.set("entries", scalars);
      AtomicFile.writeFully(
          out, ByteBuffer.wrap((root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private String fresh(String name) {
      String path = prefix + checked(name);
      if (tensors.containsKey(path) || scalars.has(path)) {
        throw new IllegalArgumentException("state entry " + path + " is written twice");
      }
      return path;
    }

    private static String checked(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("state entry '' is not allowed; a name");
      }
      return name;
    }
  }

  /** Reads what {@link Writer} wrote. */
  static final class Reader implements StateReader {
    private final Path file;
    private final JsonNode scalars;
    private final Safetensors tensors;
    private final String prefix;

    private Reader(Path file, JsonNode scalars, Safetensors tensors, String prefix) {
      this.file = file;
      this.scalars = scalars;
      this.tensors = tensors;
      this.prefix = prefix;
    }

    @Override
    public StateReader section(String name) {
      return new Reader(file, scalars, tensors, prefix + name + "/");
    }

    @Override
    public boolean has(String name) {
      return scalars.has(prefix + name) || tensors.names().contains(prefix + name);
    }

    @Override
    public Tensor tensor(String name) {
      return tensors.read(prefix + name);
    }

    @Override
    public void into(String name, Tensor target) {
      tensors.read(prefix + name, target);
    }

    @Override
    public long number(String name) {
      JsonNode value = value(name, "number");
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw unfit(name, "a whole number");
      }
      return value.longValue();
    }

    @Override
    public double real(String name) {
      JsonNode value = value(name, "real");
      if (value.isNumber() && Double.isFinite(value.doubleValue())) {
        return value.doubleValue();
      }
      if (!value.isTextual()) {
        throw unfit(name, "a number");
      }
      try {
        return special(value.textValue());
      } catch (NumberFormatException e) {
        throw new CheckpointException(unfit(name, "a number").getMessage(), e);
      }
    }

    @Override
    public String text(String name) {
      JsonNode value = value(name, "text");
      if (!value.isTextual()) {
        throw unfit(name, "a text");
      }
      return value.textValue();
    }

    @Override
    public byte[] bytes(String name) {
      JsonNode value = value(name, "bytes");
      if (!value.isTextual()) {
        throw unfit(name, "bytes in base64");
      }
      try {
        return Base64.getDecoder().decode(value.textValue());
      } catch (IllegalArgumentException e) {
        throw new CheckpointException(unfit(name, "bytes in base64").getMessage(), e);
      }
    }

    private JsonNode value(String name, String kind) {
      JsonNode entry = scalars.get(prefix + name);
      if (entry == null) {
        throw new CheckpointException(
            file + ": no entry " + SafetensorsHeader.quote(prefix + name));
      }
      if (!entry.has(kind)) {
        throw unfit(name, "a " + kind);
      }
      return entry.get(kind);
    }

    private CheckpointException unfit(String name, String kind) {
      return new CheckpointException(
          file + ": " + SafetensorsHeader.quote(prefix + name) + " is not " + kind);
    }
  }

  /**
   * Opens the state of a checkpoint.
   *
   * @throws CheckpointException naming the file if it is not as {@link Writer} writes it
   */
  static Reader read(Path directory) {
    Path file = directory.resolve(SCALARS);
    try {
      JsonNode root = JSON.readTree(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      if (root.path("format").asInt(-1) != FORMAT || !root.path("entries").isObject()) {
        throw new CheckpointException(
            file + ": has format " + root.path("format") + "; this version reads " + FORMAT);
      }
      return new Reader(
          file, root.get("entries"), Safetensors.open(directory.resolve(TENSORS)), "");
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": is not JSON; " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw Safetensors.unreadable(file, e);
    }
  }

  /** NaN with other bits than Java's own keeps them. */
  private static String special(double value) {
    long bits = Double.doubleToRawLongBits(value);
    boolean plain = bits == Double.doubleToLongBits(value);
    return plain ? Double.toString(value) : "NaN:" + Long.toHexString(bits);
  }

  private static double special(String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        if (!text.startsWith("NaN:")) {
          throw new NumberFormatException(text);
        }
        yield Double.longBitsToDouble(Long.parseUnsignedLong(text.substring(4), 16));
      }
    };
  }
}
