package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lot4j.checkpoint.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaConfigTest {
  /** As LLaMA-2 7B has it. */
  private static final String LLAMA_2 =
      """
      {"_name_or_path": "x", "architectures": ["LlamaForCausalLM"], "bos_token_id": 1,
       "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02,
       "intermediate_size": 11008, "max_position_embeddings": 4096, "model_type": "llama",
       "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
       "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": null,
       "tie_word_embeddings": false, "torch_dtype": "float16", "transformers_version": "4.31.0",
       "use_cache": true, "vocab_size": 32000}
      """;

  /** As LLaMA-3.2 1B has it. */
  private static final String LLAMA_3 =
      """
      {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
       "bos_token_id": 128000, "eos_token_id": [128001, 128008], "head_dim": 64,
       "hidden_act": "silu", "hidden_size": 2048, "initializer_range": 0.02,
       "intermediate_size": 8192, "max_position_embeddings": 131072, "mlp_bias": false,
       "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 16,
       "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
       "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                        "original_max_position_embeddings": 8192, "rope_type": "llama3"},
       "rope_theta": 500000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
       "transformers_version": "4.45.0.dev0", "use_cache": true, "vocab_size": 128256}
      """;

  @TempDir Path directory;

  private Llama read(String text) throws IOException {
    Files.writeString(directory.resolve("config.json"), text);
    return new Llama().sizedBy(directory);
  }

  @Test
  void readsThePublishedOnes() throws IOException {
    assertThat(read(LLAMA_2))
        .isEqualTo(
            new Llama(
                32, 4096, 32, 32, 11_008, 10_000, Optional.empty(), 1e-5, 4096, false, 32_000));
    assertThat(read(LLAMA_3))
        .isEqualTo(
            new Llama(
                16,
                2048,
                32,
                8,
                8192,
                500_000,
                Optional.of(new RopeScaling(32, 1, 4, 8192)),
                1e-5,
                131_072,
                true,
                128_256));
  }

  /** Of that library, where a key is not given; and its newer way to write the positions. */
  @Test
  void knowsTheDefaults() throws IOException {
    String small =
        """
        {"architectures": ["LlamaForCausalLM"], "hidden_size": 8, "num_hidden_layers": 1,
         "num_attention_heads": 2, "intermediate_size": 6, "vocab_size": 9%s}
        """;
    assertThat(read(small.formatted("")))
        .isEqualTo(new Llama(1, 8, 2, 2, 6, 10_000, Optional.empty(), 1e-6, 2048, false, 9));
    assertThat(
            read(
                small.formatted(
                    ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 50}")))
        .isEqualTo(new Llama(1, 8, 2, 2, 6, 50, Optional.empty(), 1e-6, 2048, false, 9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"LlamaForCausalLM\" | \"MistralForCausalLM\" | architectures = [\"MistralForCausalLM\"] is not allowed; [LlamaForCausalLM]",
        "\"silu\" | \"gelu\" | hidden_act = \"gelu\" is not allowed; silu",
        "\"hidden_size\": 4096 | \"hidden_size\": 4095 | head_dim",
        "\"hidden_size\": 4096 | \"hidden_size\": 4294971392 | hidden_size = 4294971392 is not allowed; a whole number from 1 to 1048576",
        "\"hidden_size\": 4096 | \"hidden_size\": 4096.0 | hidden_size = 4096.0 is not allowed",
        "\"hidden_size\": 4096 | \"hidden_size\": \"4096\" | hidden_size = \"4096\" is not allowed",
        "\"hidden_size\": 4096, | `` | hidden_size = (missing) is not allowed",
        "\"num_hidden_layers\": 32 | \"num_hidden_layers\": 2000000000 | num_hidden_layers = 2000000000 is not allowed; a whole number from 1 to 4096",
        "\"num_hidden_layers\": 32 | \"num_hidden_layers\": 0 | num_hidden_layers = 0 is not allowed",
        "\"num_key_value_heads\": 32 | \"num_key_value_heads\": 5 | kv-heads = 5 is not allowed; a divisor of heads, 32",
        "\"rope_scaling\": null | \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2} | rope_scaling.rope_type = linear is not allowed; default or llama3",
        "\"rope_scaling\": null | \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 2} | original_max_position_embeddings",
        "\"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": 0 | rms_norm_eps = 0 is not allowed; a number above 0",
        "\"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": 1e999 | rms_norm_eps",
        "\"use_cache\": true | \"attention_bias\": true | attention_bias = true is not allowed; false",
        "\"use_cache\": true | \"quantization_config\": {} | quantization_config = (given) is not allowed; weights that are not quantised",
        "\"use_cache\": true | \"sliding_window\": 128 | sliding_window is unknown here",
        "\"use_cache\": true | \"vocab_size\": 5 | is not JSON, or damaged",
        "\"vocab_size\": 32000} | \"vocab_size\": 32000 | is not JSON, or damaged",
        "\"tie_word_embeddings\": false | \"tie_word_embeddings\": 0 | tie_word_embeddings = 0 is not allowed; true or false",
      })
  void whatIsNotSupportedIsRefused(String part, String other, String message) {
    assertThat(LLAMA_2).contains(part);
    assertThatThrownBy(() -> read(LLAMA_2.replace(part, other)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  @Test
  void aFileThatIsNoneIsRefused() throws IOException {
    assertThatThrownBy(() -> read("[]")).hasMessageContaining("is no JSON object");
    assertThatThrownBy(() -> read("")).isInstanceOf(CheckpointException.class);
    assertThatThrownBy(() -> read("[".repeat(5000)))
        .hasMessageContaining("is not JSON, or damaged");
    assertThatThrownBy(() -> read(" ".repeat(1 << 21))).hasMessageContaining("longer than");
    Files.delete(directory.resolve("config.json"));
    assertThatThrownBy(() -> new Llama().sizedBy(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("cannot be read");
  }
}
