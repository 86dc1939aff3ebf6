package lot4j.example;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.Extension;
import lot4j.config.MethodTraits;
import lot4j.config.MethodTraits.Match;

/** The names of this jar; listed in {@code META-INF/services/lot4j.config.Extension}. */
public final class Mine implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.add(
        Category.SECTION, "entropy-bonus", new EntropyBonus(0.1), Set.of(), "keys of the method");
    catalog.method(
        "entropy-bonus",
        new MethodTraits(
            false,
            false,
            Match.NONE,
            (config, names) ->
                (EntropyBonus)
                    config.sections().getOrDefault("entropy-bonus", new EntropyBonus(0.1))),
        "the task's loss minus the entropy of the answers");
    catalog.task("stripes", new Stripes(200, 0), Set.of(), "noisy stripes; images, split-seed");
  }
}
