package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Distribution;
import lot4j.Output;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Advantages and every term of the loss against answers that another program worked out. */
class PpoKnownAnswersTest {
  private static final Offset<Double> EXACT = within(1e-9);

  private static JsonNode cases() throws IOException {
    Optional<Path> root =
        Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
            .filter(p -> Files.isDirectory(p.resolve("lot4j-rl")))
            .findFirst()
            .map(p -> p.resolveSibling("shared"));
    Path file =
        Optional.ofNullable(System.getenv("LOT_SHARED"))
            .map(Path::of)
            .or(() -> root)
            .orElse(Path.of("shared"))
            .resolve("fixtures/gae.json");
    assumeTrue(Files.exists(file), () -> "known answers absent: " + file);
    return new ObjectMapper().readTree(file.toFile()).get("cases");
  }

  private static double[] flat(JsonNode node) {
    if (node.isNumber()) {
      return new double[] {node.doubleValue()};
    }
    return Stream.iterate(0, i -> i < node.size(), i -> i + 1)
        .flatMapToDouble(i -> Arrays.stream(flat(node.get(i))))
        .toArray();
  }

  private static double[] joined(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static double[] advantages(JsonNode one) {
    int envs = one.get("next_done").size();
    double[] rewards = flat(one.get("rewards"));
    double[] dones = joined(flat(one.get("dones")), flat(one.get("next_done")));
    boolean[] terminated = new boolean[rewards.length];
    for (int i = 0; i < terminated.length; i++) {
      terminated[i] = dones[i + envs] == 1;
    }
    return new Gae(one.get("gamma").doubleValue(), one.get("gae_lambda").doubleValue())
        .advantages(
            envs,
            rewards,
            joined(flat(one.get("values")), flat(one.get("next_value"))),
            terminated,
            new boolean[rewards.length],
            new double[rewards.length]);
  }

  @Test
  void advantagesAndReturnsAreTheKnownOnes() throws IOException {
    for (JsonNode one : cases()) {
      double[] advantages = advantages(one);
      double[] values = flat(one.get("values"));
      double[] returns = new double[values.length];
      for (int i = 0; i < returns.length; i++) {
        returns[i] = advantages[i] + values[i];
      }
      assertThat(advantages).containsExactly(flat(one.get("advantages")), EXACT);
      assertThat(returns).containsExactly(flat(one.get("returns")), EXACT);
    }
  }

  @Test
  void everyTermOfTheLossIsTheKnownOne() throws IOException {
    for (JsonNode one : cases()) {
      for (boolean clipped : new boolean[] {true, false}) {
        try (PointerScope scope = new PointerScope()) {
          assertTerms(one, clipped);
        }
      }
    }
  }

  private static void assertTerms(JsonNode one, boolean clipped) {
    JsonNode ppo = one.get("ppo");
    double clip = ppo.get("clip_coef").doubleValue();
    PpoConfig config =
        new PpoConfig(
            one.get("gamma").doubleValue(),
            one.get("gae_lambda").doubleValue(),
            1,
            clip,
            clipped ? Optional.of(clip) : Optional.empty(),
            ppo.get("vf_coef").doubleValue(),
            ppo.get("ent_coef").doubleValue(),
            ppo.get("norm_adv").booleanValue(),
            false,
            Optional.empty());
    Output output =
        new Output(
            new Distribution.Categorical(matrix(ppo.get("new_logits"))),
            Map.of("value", tensor(flat(ppo.get("new_values")))));
    Ppo.Terms terms = new Ppo(config, (n, split) -> List.of()).terms(output, experience(one));
    assertThat(terms.policy().item_double()).isEqualTo(known(ppo, "pg_loss"), EXACT);
    String form = clipped ? "clipped" : "unclipped";
    assertThat(terms.value().item_double()).isEqualTo(known(ppo, "v_loss_" + form), EXACT);
    assertThat(terms.entropy().item_double()).isEqualTo(known(ppo, "entropy"), EXACT);
    assertThat(terms.oldApproximateKl().item_double())
        .isEqualTo(known(ppo, "old_approx_kl"), EXACT);
    assertThat(terms.approximateKl().item_double()).isEqualTo(known(ppo, "approx_kl"), EXACT);
    assertThat(terms.clipFraction().item_double()).isEqualTo(known(ppo, "clipfrac"), EXACT);
    assertThat(terms.total().item_double()).isEqualTo(known(ppo, "loss_" + form + "_v"), EXACT);
  }

  private static Experience experience(JsonNode one) {
    JsonNode ppo = one.get("ppo");
    double[] numbers = flat(ppo.get("actions"));
    long[] actions = new long[numbers.length];
    for (int i = 0; i < actions.length; i++) {
      actions[i] = (long) numbers[i];
    }
    Tensor taken = tensor(actions);
    Tensor old =
        Policies.judge(new Distribution.Categorical(matrix(ppo.get("old_logits"))), taken)
            .logProbability();
    assertThat(Numbers.of(old)).containsExactly(flat(ppo.get("old_logprob")), EXACT);
    return new Experience(
        taken,
        old,
        tensor(advantages(one)),
        tensor(flat(one.get("returns"))),
        tensor(flat(one.get("values"))));
  }

  private static Tensor matrix(JsonNode rows) {
    return tensor(flat(rows)).view(rows.size(), rows.get(0).size());
  }

  private static double known(JsonNode ppo, String name) {
    return ppo.get(name).doubleValue();
  }
}
