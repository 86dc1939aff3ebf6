package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Adapted;
import lot4j.Model;
import lot4j.Shape;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.Safetensors;
import lot4j.config.ConfigError;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.data.Vocabularies;
import lot4j.data.Vocabulary;
import lot4j.model.language.Llama;
import lot4j.task.InstructionFormat;
import lot4j.task.InstructionTuning;
import lot4j.task.PreparedInstructions;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs on requests and answers, from published weights in the Hugging Face format. */
class InstructionRunsTest {
  private static final String LORA =
      "lora: {rank: 2, alpha: 4, dropout: 0.1, targets: [q_proj, v_proj]}";
  private static final String CONFIG =
      """
      name: tuned
      task: {kind: instructions, data: %1$s/sums.jsonl, tokens: %1$s/tokenizer.json, length: 24,
             template: "{prompt} =", eval-tokens: 4, validation: 0.2, test: 0.2}
      method: lot
      teacher: {model: llama, init-from: %1$s%2$s}
      students: [{model: llama, init-from: %1$s%2$s}]
      optimizer: {kind: adamw, lr: 0.01, clip: 1}
      budget: {updates: 8}
      batch-size: 3
      student-batch-size: 2
      eval-batch-size: 4
      eval-every: 4
      checkpoint: {every: 3}
      threads: 1
      """;

  /** Twelve words, an end, and no normalisation. */
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [
         {"id": 12, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true},
         {"id": 13, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"0": 0, "1": 1, "2": 2, "3": 3,
         "4": 4, "5": 5, "6": 6, "+": 7, "=": 8, "####": 9, "?": 10, "so": 11}}}
      """;

  @TempDir Path directory;

  /** A directory as Hugging Face's library saves one: two shards in bfloat16. */
  private void publish() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 3; b++) {
        lines.append(
            "{\"question\": \"%d + %d\", \"answer\": \"so #### %d\"}\n".formatted(a, b, a + b));
      }
    }
    Files.writeString(directory.resolve("sums.jsonl"), lines);
    Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
         "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "intermediate_size": 20, "max_position_embeddings": 32,
         "rms_norm_eps": 1e-05, "rope_theta": 100.0, "vocab_size": 16, "torch_dtype": "bfloat16"}
        """);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      torch.manual_seed(9);
      Model model = SIZED.build(Shape.ofTokens(24), 14);
      StringTensorDict all = model.module().named_parameters();
      List<Map<String, Tensor>> shards = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
      ObjectNode index = new ObjectMapper().createObjectNode();
      for (long i = 0; i < all.size(); i++) {
        String name = all.get(i).key().getString();
        int shard = (int) (i % 2);
        torch.normal_(all.get(i).value(), 0, 0.3);
        shards.get(shard).put(name, all.get(i).value().to(ScalarType.BFloat16));
        index.withObject("weight_map").put(name, file(shard));
      }
      shards.get(1).put("model.layers.0.self_attn.rotary_emb.inv_freq", torch.ones(2));
      index.withObject("weight_map").put("model.layers.0.self_attn.rotary_emb.inv_freq", file(1));
      for (int shard = 0; shard < 2; shard++) {
        Safetensors.write(
            directory.resolve(file(shard)), shards.get(shard), Map.of("format", "pt"));
      }
      index.withObject("metadata").put("total_size", 1);
      Files.writeString(directory.resolve("model.safetensors.index.json"), index.toString());
    }
  }

  private static final Llama SIZED =
      new Llama(2, 16, 4, 2, 20, 100, Optional.empty(), 1e-5, 32, false, 16);

  private static String file(int shard) {
    return "model-0000" + (shard + 1) + "-of-00002.safetensors";
  }

  private String config(String more) {
    return CONFIG.formatted(directory, more);
  }

  @Test
  void sizesAreThoseOfTheWeights() throws IOException {
    publish();
    RunConfig plain = Runs.config(config(""));
    assertThat(plain.teacher().spec()).isEqualTo(SIZED);
    assertThat(plain.students().get(0).spec()).isEqualTo(SIZED);
    assertThat(plain.lot().alpha()).isEqualTo(Runs.config(config("")).lot().alpha());
    RunConfig tuned = Runs.config(config(", " + LORA));
    assertThat(((Adapted) tuned.teacher().spec()).base()).isEqualTo(SIZED);
    // Written out in full, and read back without the directory's help.
    String yaml = new ConfigWriter(Runs.CATALOG).yaml(tuned);
    Files.delete(directory.resolve("config.json"));
    assertThat(yaml).contains("rank: 2").contains("kv-heads: 2");
    assertThat(Runs.config(yaml)).isEqualTo(tuned);
    assertThat(Runs.config(config(", width: 8, heads: 2, kv-heads: 2")).teacher().spec())
        .isInstanceOf(Llama.class);
  }

  @ParameterizedTest
  @CsvSource({"float32, 1, true", "float32, 2, false", "bfloat16, 1, true"})
  void stoppedAndResumedEndsInTheSameBits(String precision, int accumulate, boolean lora)
      throws IOException {
    publish();
    String config = config(lora ? ", " + LORA : "");
    String[] set = {"precision=" + precision, "accumulate=" + accumulate};
    Path unbroken = directory.resolve("unbroken");
    assertThat(Runs.run(unbroken, config, set).status()).isEqualTo(RunStatus.DONE);
    Path broken = directory.resolve("broken");
    Runs.create(broken, Runs.config(config, set));
    for (int stop : new int[] {3, 1}) {
      assertThat(Runs.proceed(broken, Runs.after(stop)).status()).isEqualTo(RunStatus.INTERRUPTED);
    }
    assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
    assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
    String result = Runs.result(unbroken).toString();
    assertThat(result).contains("exact_match").contains("perplexity");
    if (lora) {
      frozenWeightsAreThePublished(unbroken);
    }
  }

  private void frozenWeightsAreThePublished(Path run) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Safetensors saved = Safetensors.open(Runs.latest(run).path().resolve("teacher.safetensors"));
      Safetensors published = Safetensors.open(directory.resolve(file(0)));
      Tensor before = torch.zeros(new long[] {16, 16}).to(ScalarType.BFloat16);
      Tensor after = torch.zeros(16, 16);
      for (String name : published.names()) {
        if (name.endsWith("embed_tokens.weight")) {
          published.read(name, before);
          saved.read(name, after);
          assertThat(after.equal(before.to(ScalarType.Float))).isTrue();
        }
      }
      assertThat(saved.names()).anyMatch(name -> name.endsWith("q_proj.lora_A.weight"));
    }
  }

  /** Nothing has moved, so the first evaluation is the published network's own. */
  @Test
  void theCensusIsTheMeanExamples() throws IOException {
    publish();
    RunConfig config = Runs.config(config(""));
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      // "<s> a + b =" and "so #### c </s>": 9 tokens, 8 of them read.
      assertThat(prepared.census(SIZED).macs())
          .isEqualTo(8 * SIZED.census(Shape.ofTokens(8), 14).macs());
      assertThat(prepared.counts()).containsEntry("train", 8L).containsEntry("test", 2L);
      assertThat(prepared.outputs()).isEqualTo(14);
    }
  }

  /** Answers of several lines too; their end is no character of theirs. */
  @Test
  void charactersAreReadBackAndHaveAnEndOfTheirOwn() {
    RunConfig config = Runs.config(SUMS);
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      InstructionFormat format = ((PreparedInstructions) prepared).format();
      String answer = "3+4=7\n#### 7";
      int[] tokens = format.vocabulary().encode(answer);
      assertThat(tokens).doesNotContain(format.end());
      assertThat(format.text(tokens)).isEqualTo(answer);
      assertThat(format.vocabulary().decode(new int[] {format.end()})).isEqualTo("\u0003");
      assertThat(prepared.counts()).containsEntry("train", 1800L).containsEntry("test", 200L);
    }
    assertThatThrownBy(() -> Runs.session().prepare(Runs.config(SUMS, "task.end='#'")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "task.end = #: the token that closes an answer is also within one; name another");
  }

  private static final String SUMS =
      """
      name: sums
      task: {kind: instructions, data: sums, length: 64}
      method: teacher-only
      teacher: {model: gpt, layers: 1, width: 8, heads: 2, context: 64}
      budget: {updates: 2}
      """;

  /** Without the tokenizer of anyone else: learned here, kept, and not learned again. */
  @ParameterizedTest
  @CsvSource({"bpe, tokenizer.json", "word, vocabulary.json", "char, vocabulary.json"})
  void aTokenizerThatIsLearnedIsKeptAndUsedAgain(String tokens, String file) throws IOException {
    publish();
    String config = SCRATCH.formatted(directory, tokens);
    Path unbroken = directory.resolve("unbroken");
    assertThat(Runs.run(unbroken, config).status()).isEqualTo(RunStatus.DONE);
    Path broken = directory.resolve("broken");
    Runs.create(broken, Runs.config(config));
    assertThat(Runs.proceed(broken, Runs.after(3)).status()).isEqualTo(RunStatus.INTERRUPTED);
    assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
    assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
    assertThat(broken.resolve(file)).hasSameBinaryContentAs(unbroken.resolve(file));

    Vocabulary kept = Vocabularies.of(unbroken);
    InstructionFormat format =
        InstructionFormat.of(
            (InstructionTuning) Runs.session().config(unbroken).task().spec(), kept);
    String answer = "so #### 5";
    int[] said = kept.encodePart(answer);
    assertThat(said).doesNotContain(format.end());
    assertThat(format.text(said)).isEqualTo(answer);

    if (tokens.equals("bpe")) {
      // Another training text would give another number of tokens; the run's own stay.
      Path data = directory.resolve("sums.jsonl");
      Files.writeString(data, Files.readString(data).replace("so", "thus"));
      assertThat(Runs.session().score(unbroken, Split.TEST, Optional.empty(), Listener.none()))
          .containsKey("teacher");
    }
    Files.delete(unbroken.resolve(file));
    assertThatThrownBy(
            () -> Runs.session().score(unbroken, Split.TEST, Optional.empty(), Listener.none()))
        .isInstanceOf(DataException.class)
        .hasMessage(unbroken + ": holds neither vocabulary.json nor tokenizer.json");
  }

  private static final String SCRATCH =
      """
      name: scratch
      task: {kind: instructions, data: %1$s/sums.jsonl, tokens: %2$s, length: 24, eval-tokens: 4,
             template: "{prompt} =", validation: 0.2, test: 0.2}
      method: lot
      teacher: {model: gpt, layers: 1, width: 8, heads: 2, context: 24, dropout: 0.1}
      students: [{model: gpt, layers: 1, width: 8, heads: 2, context: 24, dropout: 0.1}]
      optimizer: {kind: adamw, lr: 0.01, clip: 1}
      budget: {updates: 6}
      batch-size: 3
      eval-batch-size: 4
      eval-every: 3
      checkpoint: {every: 2}
      threads: 1
      """;

  /** The tokenizer's size, its end, and what the configuration says of it in full. */
  @Test
  void bytePairsHaveAnEndOfTheirOwn() throws IOException {
    publish();
    String set = "task.vocabulary=262";
    RunConfig config = Runs.config(SCRATCH.formatted(directory, "bpe"), set, "task.begin='<s>'");
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      InstructionFormat format = ((PreparedInstructions) prepared).format();
      assertThat(prepared.outputs()).isEqualTo(262);
      assertThat(format.begin()).contains(260);
      assertThat(format.end()).isEqualTo(261);
      assertThat(format.vocabulary().decode(new int[] {261})).isEqualTo("<|endoftext|>");
    }
    assertThat(
            new ConfigWriter(Runs.CATALOG).yaml(Runs.config(SCRATCH.formatted(directory, "bpe"))))
        .contains("vocabulary: 8192");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "words | task.length=24 | task.tokens = words is not allowed; char, word, bpe, or the path of"
            + " a tokenizer.json",
        "char | task.vocabulary=300 | task.vocabulary = 300 is not allowed; only with task.tokens:"
            + " bpe, here it is char",
        "bpe | task.vocabulary=257 | task.vocabulary = 257 is not allowed; 258 or more",
        "bpe | task.min-count=2 | task.min-count = 2 is not allowed; only with task.tokens: word,"
            + " here it is bpe",
        "char | task.end='</s>' | task.end = </s> is not allowed; auto, or a token's text: one"
            + " character with task.tokens: char",
        "word | task.begin='a b' | task.begin = a b is not allowed; auto, none, or a token's text: one"
            + " character with task.tokens: char, one word with word",
      })
  void whatDoesNotGoTogetherIsAnErrorOfTheConfiguration(String tokens, String set, String message) {
    assertThatThrownBy(() -> Runs.config(SCRATCH.formatted(directory, tokens), set))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining(message);
  }

  @Test
  void longExamplesAreCutAndCounted() throws IOException {
    publish();
    RunConfig config = Runs.config(config(""), "task.length=8");
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      assertThat(prepared.notes())
          .contains(
              "train part: 8 of 8 examples have more than task.length = 8 tokens and were cut");
    }
    assertThatThrownBy(() -> Runs.session().prepare(Runs.config(config(""), "task.length=5")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no example has a request of fewer than task.length = 5 tokens");
  }

  @Test
  void publishedWeightsKeepTheirTokenizer() throws IOException {
    publish();
    assertThatThrownBy(() -> Runs.config(config(""), "task.tokens=bpe"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining(
            "task.tokens = bpe is not allowed; %1$s/tokenizer.json with init-from: %1$s, whose"
                .formatted(directory));
    // A run's own weights are of the tokens that it learned.
    Path run = directory.resolve("scratch");
    Runs.run(run, SCRATCH.formatted(directory, "bpe"));
    assertThat(
            Runs.config(SCRATCH.formatted(directory, "bpe"), "teacher.init-from=" + run)
                .teacher()
                .initFrom())
        .contains(run.toString());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    publish();
    assertThatThrownBy(() -> Runs.config(config(", lora: {targets: [c_attn]}")))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("teacher.lora.targets = c_attn is not allowed; the network has");
    assertThatThrownBy(() -> Runs.config(config(", lora: 8")))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("teacher.lora");
    assertThatThrownBy(
            () -> Runs.config(TextRuns.config(directory, "{model: lstm, lora: {rank: 2}}")))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("lstm takes no adapters; gpt or llama");
    Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": 3}");
    assertThatThrownBy(() -> Runs.session().prepare(Runs.config(config(""))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("tokenizer.json");
    Files.writeString(directory.resolve("config.json"), "{}");
    assertThatThrownBy(() -> Runs.config(config("")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("architectures = (missing)");
  }
}
