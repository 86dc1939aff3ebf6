package lot4j.rl;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.Extension;
import lot4j.rl.policy.ActorCritic;
import lot4j.rl.policy.GridCnn;
import lot4j.rl.policy.NatureCnn;

/** The names of this module: the task, policies, environments, sections. */
public final class BuiltIns implements Extension {
  @Override
  public void register(Catalog catalog) {
    lot4j.rl.env.BuiltIns.register(catalog);
    lot4j.rl.gymnasium.BuiltIns.register(catalog);
    catalog.model(
        "actor-critic",
        new ActorCritic(),
        "policy: two perceptrons; hidden, activation, shared, log-std, normalize");
    catalog.model("nature-cnn", new NatureCnn(), "policy: the Atari network; hidden");
    catalog.model(
        "grid-cnn", new GridCnn(), "policy: a small network for small grids; channels, hidden");
    catalog.add(
        Category.SECTION, "ppo", PpoConfig.standard(), Set.of(), "proximal policy optimization");
    catalog.add(Category.SECTION, "replay", Replay.standard(), Set.of(), "the students' states");
    EnvironmentSpec any = lot4j.rl.env.GridLevels.standard();
    catalog.task(
        "rl",
        ReinforcementLearning.of(any),
        Set.of("environment"),
        "acting in an environment, by proximal policy optimization");
  }
}
