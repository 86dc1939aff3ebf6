package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution.Categorical;
import lot4j.Output;
import lot4j.rl.Experience;
import lot4j.rl.Gae;
import lot4j.rl.Policies;
import lot4j.rl.Ppo;
import lot4j.rl.PpoConfig;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One case of {@code gae.json}: advantages of a rollout, and every term of PPO's loss on the whole
 * of it as one minibatch, its rows step by step.
 */
final class AdvantageFile {
  private final JsonNode entry;
  private final ScalarType type;
  private final Tally tally;

  AdvantageFile(JsonNode entry, ScalarType type, Tally tally) {
    this.entry = entry;
    this.type = type;
    this.tally = tally;
  }

  void run() {
    double[] rewards = numbers(entry.required("rewards"));
    double[] values = joined(entry.required("values"), entry.required("next_value"));
    int envs = entry.required("next_value").size();
    double[] dones = joined(entry.required("dones"), entry.required("next_done"));
    boolean[] terminated = new boolean[rewards.length];
    for (int i = 0; i < terminated.length; i++) {
      terminated[i] = dones[i + envs] != 0; // the done after a step stands with the next state
    }
    Gae gae = new Gae(entry.required("gamma").asDouble(), entry.required("gae_lambda").asDouble());
    double[] advantages =
        gae.advantages(
            envs,
            rewards,
            values,
            terminated,
            new boolean[rewards.length],
            new double[rewards.length]);
    double[] returns = new double[rewards.length];
    for (int i = 0; i < returns.length; i++) {
      returns[i] = advantages[i] + values[i];
    }
    tally.compare("advantages", Numbers.flat(entry.required("advantages")), advantages);
    tally.compare("returns", Numbers.flat(entry.required("returns")), returns);
    if (entry.has("ppo")) {
      try (PointerScope scope = new PointerScope()) {
        loss(entry.required("ppo"));
      }
    }
  }

  private void loss(JsonNode ppo) {
    Tensor actions = Numbers.tensor(ppo.required("actions"), ScalarType.Long);
    Tensor old = Policies.judge(logits(ppo, "old_logits").distribution(), actions).logProbability();
    tally.compare("old_logprob", ppo.required("old_logprob"), old);
    Output output =
        new Output(
            logits(ppo, "new_logits").distribution(),
            Map.of("value", Numbers.tensor(ppo.required("new_values"), type)));
    tally.compare(
        "new_logprob",
        ppo.required("new_logprob"),
        Policies.judge(output.distribution(), actions).logProbability());
    Experience experience =
        new Experience(
            actions,
            old,
            Numbers.tensor(entry.required("advantages"), type).reshape(-1),
            Numbers.tensor(entry.required("returns"), type).reshape(-1),
            Numbers.tensor(entry.required("values"), type).reshape(-1));
    double clip = ppo.required("clip_coef").asDouble();
    Ppo.Terms clipped = terms(ppo, Optional.of(clip), output, experience);
    Ppo.Terms free = terms(ppo, Optional.empty(), output, experience);
    tally.compare("ratio", ppo.required("ratio"), clipped.ratio());
    tally.compare("pg_loss", ppo.required("pg_loss"), clipped.policy());
    tally.compare("v_loss_clipped", ppo.required("v_loss_clipped"), clipped.value());
    tally.compare("v_loss_unclipped", ppo.required("v_loss_unclipped"), free.value());
    tally.compare("entropy", ppo.required("entropy"), clipped.entropy());
    tally.compare("old_approx_kl", ppo.required("old_approx_kl"), clipped.oldApproximateKl());
    tally.compare("approx_kl", ppo.required("approx_kl"), clipped.approximateKl());
    tally.compare("clipfrac", ppo.required("clipfrac"), clipped.clipFraction());
    tally.compare("loss_clipped_v", ppo.required("loss_clipped_v"), clipped.total());
    tally.compare("loss_unclipped_v", ppo.required("loss_unclipped_v"), free.total());
  }

  private Output logits(JsonNode ppo, String key) {
    return new Output(new Categorical(Numbers.tensor(ppo.required(key), type)), Map.of());
  }

  private static Ppo.Terms terms(
      JsonNode ppo, Optional<Double> valueClip, Output output, Experience experience) {
    PpoConfig config =
        new PpoConfig(
            1,
            1,
            1,
            ppo.required("clip_coef").asDouble(),
            valueClip,
            ppo.required("vf_coef").asDouble(),
            ppo.required("ent_coef").asDouble(),
            ppo.required("norm_adv").asBoolean(),
            false,
            Optional.empty());
    return new Ppo(config, (networks, split) -> List.of()).terms(output, experience);
  }

  private double[] joined(JsonNode rows, JsonNode last) {
    double[] first = numbers(rows);
    double[] end = numbers(last);
    double[] all = new double[first.length + end.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(end, 0, all, first.length, end.length);
    return all;
  }

  /** Numbers as this precision holds them. */
  private double[] numbers(JsonNode list) {
    double[] numbers = Numbers.flat(list);
    for (int i = 0; type == ScalarType.Float && i < numbers.length; i++) {
      numbers[i] = (float) numbers[i];
    }
    return numbers;
  }
}
