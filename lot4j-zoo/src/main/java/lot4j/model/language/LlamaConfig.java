package lot4j.model.language;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lot4j.checkpoint.CheckpointException;

/**
 * The {@code config.json} that lies beside published weights in the Hugging Face format, read for
 * the architecture {@code LlamaForCausalLM}. What is not given has that library's default. A
 * setting that would make another network is refused, and so is one that nobody here knows: it
 * could be such a setting. Keys that begin with an underscore, and those that only say how the
 * network is stored, trained or asked, are left alone.
 */
final class LlamaConfig {
  private static final String ARCHITECTURE = "LlamaForCausalLM";
  private static final int LONGEST = 1 << 20;
  private static final int LARGEST = 1 << 20;
  private static final int MOST_LAYERS = 1 << 12;

  /** Read here. */
  private static final Set<String> READ =
      Set.of(
          "architectures",
          "model_type",
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "intermediate_size",
          "vocab_size",
          "max_position_embeddings",
          "rms_norm_eps",
          "rope_theta",
          "rope_scaling",
          "rope_parameters",
          "tie_word_embeddings");

  /** Allowed with this value alone; another makes another network. */
  private static final Map<String, String> FIXED =
      Map.of(
          "hidden_act", "silu",
          "attention_bias", "false",
          "mlp_bias", "false",
          "attention_dropout", "0.0",
          "partial_rotary_factor", "1.0",
          "is_encoder_decoder", "false",
          "add_cross_attention", "false",
          "use_bidirectional_attention", "false");

  /** Nothing about the network itself. */
  private static final Set<String> IDLE =
      Set.of(
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "sep_token_id",
          "torch_dtype",
          "dtype",
          "transformers_version",
          "use_cache",
          "initializer_range",
          "pretraining_tp",
          "max_length",
          "max_sequence_length",
          "output_attentions",
          "output_hidden_states",
          "return_dict",
          "return_dict_in_generate",
          "id2label",
          "label2id",
          "chunk_size_feed_forward",
          "task_specific_params",
          "problem_type",
          "tokenizer_class",
          "prefix",
          "finetuning_task",
          "temperature",
          "top_p",
          "top_k",
          "do_sample",
          "num_beams",
          "neftune_noise_alpha",
          "unsloth_version");

  private final Path file;
  private final JsonNode tree;

  private LlamaConfig(Path file, JsonNode tree) {
    this.file = file;
    this.tree = tree;
  }

  /**
   * The network that a file describes.
   *
   * @throws CheckpointException naming the file and the key
   */
  static Llama read(Path file) {
    return new LlamaConfig(file, tree(file)).llama();
  }

  private static JsonNode tree(Path file) {
    JsonMapper mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(64)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new CheckpointException(file + ": longer than " + LONGEST + " bytes");
      }
      JsonNode tree = mapper.readTree(bytes);
      if (!tree.isObject()) {
        throw new CheckpointException(file + ": is no JSON object");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": is not JSON, or damaged", e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private Llama llama() {
    checkKeys();
    int width = size("hidden_size", LARGEST, Optional.empty());
    int heads = size("num_attention_heads", LARGEST, Optional.empty());
    int headWidth = heads > 0 && width % heads == 0 ? width / heads : 0;
    int stated = size("head_dim", LARGEST, Optional.of(headWidth));
    if (headWidth == 0 || stated != headWidth) {
      throw refused(
          "head_dim",
          Integer.toString(stated),
          "hidden_size / num_attention_heads, a whole number");
    }
    JsonNode rope = tree.hasNonNull("rope_parameters") ? rope("rope_parameters") : tree;
    try {
      return new Llama(
          size("num_hidden_layers", MOST_LAYERS, Optional.empty()),
          width,
          heads,
          size("num_key_value_heads", LARGEST, Optional.of(heads)),
          size("intermediate_size", LARGEST, Optional.empty()),
          number(rope, "rope_theta", 10_000),
          scaling(),
          number(tree, "rms_norm_eps", 1e-6),
          size("max_position_embeddings", Integer.MAX_VALUE, Optional.of(2048)),
          flag("tie_word_embeddings"),
          size("vocab_size", LARGEST, Optional.empty()));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file + ": " + e.getMessage(), e);
    }
  }

  private void checkKeys() {
    JsonNode architectures = tree.path("architectures");
    if (!architectures.isArray()
        || architectures.size() != 1
        || !architectures.get(0).asText().equals(ARCHITECTURE)) {
      throw refused("architectures", shown(architectures), "[" + ARCHITECTURE + "]");
    }
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      String key = entry.getKey();
      Optional<String> fixed = Optional.ofNullable(FIXED.get(key));
      if (fixed.isPresent() && !isFixed(entry.getValue(), fixed.get())) {
        throw refused(key, shown(entry.getValue()), fixed.get());
      }
      if (key.equals("quantization_config") && !entry.getValue().isNull()) {
        throw refused(key, "(given)", "weights that are not quantised");
      }
      boolean known =
          READ.contains(key) || IDLE.contains(key) || fixed.isPresent() || key.startsWith("_");
      if (!known && !entry.getValue().isNull()) {
        throw new CheckpointException(
            file
                + ": "
                + printable(key)
                + " is unknown here; a setting that may change the network cannot be passed over");
      }
    }
  }

  private static boolean isFixed(JsonNode value, String fixed) {
    return value.isNull()
        || (value.isNumber()
            ? Double.toString(value.asDouble()).equals(fixed)
            : value.asText().equals(fixed));
  }

  private Optional<RopeScaling> scaling() {
    String key = tree.hasNonNull("rope_parameters") ? "rope_parameters" : "rope_scaling";
    if (!tree.hasNonNull(key)) {
      return Optional.empty();
    }
    JsonNode rope = rope(key);
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    if (type.equals("default")) {
      return Optional.empty();
    }
    if (!type.equals("llama3")) {
      throw refused(key + ".rope_type", printable(type), "default or llama3");
    }
    JsonNode original = rope.path("original_max_position_embeddings");
    if (!original.canConvertToInt() || !original.isIntegralNumber()) {
      throw refused(
          key + ".original_max_position_embeddings", shown(original), "a whole number, 1 or more");
    }
    return Optional.of(
        new RopeScaling(
            number(rope, "factor", Double.NaN),
            number(rope, "low_freq_factor", Double.NaN),
            number(rope, "high_freq_factor", Double.NaN),
            original.asInt()));
  }

  private JsonNode rope(String key) {
    JsonNode rope = tree.path(key);
    if (!rope.isObject()) {
      throw refused(key, shown(rope), "an object");
    }
    return rope;
  }

  private int size(String key, int most, Optional<Integer> usual) {
    JsonNode value = tree.path(key);
    if ((value.isMissingNode() || value.isNull()) && usual.isPresent()) {
      return usual.get();
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.asInt() < 1
        || value.asInt() > most) {
      throw refused(key, shown(value), "a whole number from 1 to " + most);
    }
    return value.asInt();
  }

  private double number(JsonNode from, String key, double usual) {
    JsonNode value = from.path(key);
    if (value.isMissingNode() || value.isNull()) {
      if (Double.isNaN(usual)) {
        throw refused(key, "(missing)", "a number above 0");
      }
      return usual;
    }
    if (!value.isNumber() || !(value.asDouble() > 0) || !Double.isFinite(value.asDouble())) {
      throw refused(key, shown(value), "a number above 0");
    }
    return value.asDouble();
  }

  private boolean flag(String key) {
    JsonNode value = tree.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw refused(key, shown(value), "true or false");
    }
    return value.asBoolean(false);
  }

  private CheckpointException refused(String key, String value, String allowed) {
    return new CheckpointException(
        file + ": " + key + " = " + value + " is not allowed; " + allowed);
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "(missing)" : printable(value.toString());
  }

  /** Text of a stranger's file, fit for one line. */
  private static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 60 ? clean.substring(0, 60) + "…" : clean;
  }
}
