package lot4j.rl.env;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;

/** The names of the environments. */
public final class BuiltIns {
  private BuiltIns() {}

  /** Registers them. */
  public static void register(Catalog catalog) {
    classic(catalog);
    minAtar(catalog);
    levels(catalog);
  }

  private static void classic(Catalog catalog) {
    catalog
        .add(
            Category.ENVIRONMENT,
            "cartpole",
            CartPole.standard(),
            Set.of(),
            "keep a pole upright on a cart (Barto et al., 1983)")
        .add(
            Category.ENVIRONMENT,
            "acrobot",
            Acrobot.standard(),
            Set.of(),
            "swing two links up by the elbow (Sutton, 1996)")
        .add(
            Category.ENVIRONMENT,
            "mountain-car",
            MountainCar.standard(),
            Set.of(),
            "swing a weak car out of a valley (Moore, 1990)")
        .add(
            Category.ENVIRONMENT,
            "mountain-car-continuous",
            MountainCarContinuous.standard(),
            Set.of(),
            "the same, steered by a number (Moore, 1990)")
        .add(
            Category.ENVIRONMENT,
            "pendulum",
            Pendulum.standard(),
            Set.of(),
            "swing a pendulum up and hold it, by torque (Doya, 2000)");
  }

  private static void minAtar(Catalog catalog) {
    catalog.add(
        Category.ENVIRONMENT,
        "minatar-breakout",
        MinAtarBreakout.standard(),
        Set.of(),
        "10x10: a ball, a paddle, three rows of bricks");
    catalog.add(
        Category.ENVIRONMENT,
        "minatar-asterix",
        MinAtarAsterix.standard(),
        Set.of(),
        "10x10: take the gold, keep clear of enemies");
    catalog.add(
        Category.ENVIRONMENT,
        "minatar-freeway",
        MinAtarFreeway.standard(),
        Set.of(),
        "10x10: cross eight lanes of traffic, for 2500 frames");
    catalog.add(
        Category.ENVIRONMENT,
        "minatar-space-invaders",
        MinAtarSpaceInvaders.standard(),
        Set.of(),
        "10x10: shoot the aliens that march down");
    catalog.add(
        Category.ENVIRONMENT,
        "minatar-seaquest",
        MinAtarSeaquest.standard(),
        Set.of(),
        "10x10: shoot, pick up divers, come up for oxygen");
  }

  private static void levels(Catalog catalog) {
    catalog.add(
        Category.ENVIRONMENT,
        "grid-levels",
        GridLevels.standard(),
        Set.of(),
        "mazes with training and test levels, and cues that mislead in the test levels");
    catalog.alias(
        Category.ENVIRONMENT,
        "grid-levels-plain",
        "grid-levels",
        GridLevels.plain(),
        Set.of("arrow", "decor"),
        "the same mazes without those cues");
  }
}
