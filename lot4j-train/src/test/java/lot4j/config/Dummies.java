package lot4j.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import lot4j.Census;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Require;
import lot4j.Shape;
import lot4j.method.ReviewPlan;
import lot4j.train.Prepared;
import lot4j.train.TaskSpec;

/** Specifications that can be configured but not run, and the catalog that names them. */
final class Dummies implements Extension {
  static Catalog catalog() {
    Catalog catalog = new Catalog();
    new BuiltIns().register(catalog);
    new Dummies().register(catalog);
    return catalog;
  }

  @Override
  public void register(Catalog catalog) {
    catalog
        .model("mlp", new Mlp(List.of(128), Activation.RELU, 0), "fully connected")
        .model("preresnet", new PreResNet(20), "pre-activation ResNet")
        .model("transformer-xl", new TransformerXl(4), "Transformer-XL")
        .modelAlias("preresnet20", "preresnet", new PreResNet(20), Set.of("depth"), "depth 20")
        .modelAlias("preresnet56", "preresnet", new PreResNet(56), Set.of("depth"), "depth 56");
    for (String kind : List.of("image", "tabular", "text")) {
      String augment = kind.equals("image") ? "crop-flip" : "none";
      catalog.task(
          kind,
          new DummyTask("digits", augment, "none", Fraction.of(0.1), 0, Optional.empty(), 0, false),
          Set.of("data"),
          kind);
    }
    catalog.task("rl", new DummyWorld("cartpole", 8), Set.of("data"), "rl");
    catalog.add(Category.SECTION, "ppo", new Ppo(4, 0.2), Set.of(), "policy optimization");
    catalog.add(Category.SECTION, "replay", new Replay(10240, 0), Set.of(), "recent states");
  }

  enum Activation {
    RELU,
    GELU
  }

  record Mlp(List<Integer> hidden, Activation activation, double dropout) implements Unbuilt {
    Mlp {
      hidden = List.copyOf(hidden);
      hidden.forEach(n -> Require.atLeast("hidden", n, 1));
      Require.below("dropout", dropout, 0, 1);
    }
  }

  record PreResNet(int depth) implements Unbuilt {
    PreResNet {
      Require.that(depth >= 8 && (depth - 2) % 6 == 0, "depth", depth, "6n + 2, 8 or more");
    }
  }

  record TransformerXl(int layers) implements Unbuilt {}

  interface Unbuilt extends ModelSpec {
    @Override
    default Model build(Shape input, int outputs) {
      throw new UnsupportedOperationException();
    }

    @Override
    default Census census(Shape input, int outputs) {
      throw new UnsupportedOperationException();
    }
  }

  record Replay(int states, int passes) implements ReviewPlan {}

  record Ppo(int epochs, double clip) {}

  /** A task with sections of its own, one of which it holds against another key. */
  record DummyWorld(String data, int envs) implements TaskSpec {
    @Override
    public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<String> sections() {
      return Set.of("ppo", "replay");
    }

    @Override
    public void check(
        Map<String, Record> sections, Batching batching, BiConsumer<String, String> refuse) {
      if (batching.accumulate() > 1) {
        refuse.accept("accumulate", "1 with task.kind rl");
      }
      if (((Ppo) sections.get("ppo")).epochs() > envs) {
        refuse.accept("ppo.epochs", "at most task.envs");
        refuse.accept("task.envs", "ppo.epochs or more");
      }
    }
  }

  record DummyTask(
      String data,
      String augment,
      String unlabelled,
      Fraction validation,
      long splitSeed,
      @WhenAbsent("all") Optional<Integer> trainExamples,
      double labelNoise,
      boolean allowSubset)
      implements TaskSpec {
    DummyTask {
      Require.that(!data.isBlank(), "task.data", data, "a data set's name, or a path");
      Require.below("label-noise", labelNoise, 0, 1);
    }

    @Override
    public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
      throw new UnsupportedOperationException();
    }
  }

  /** none, a number or a path: a closed choice that Jackson reads. */
  sealed interface Fraction {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Fraction of(Object written) {
      if (written instanceof Map<?, ?> map && map.get("folds") instanceof Integer folds) {
        return new Folds(Require.atLeast("task.validation.folds", folds, 2));
      }
      if (written instanceof Number number) {
        double part = number.doubleValue();
        Require.that(part > 0 && part < 1, "validation", part, "none, a path, or in (0, 1)");
        return new Part(part);
      }
      Require.that(written instanceof String, "validation", written, "none, a path, or in (0, 1)");
      return written.equals("none") ? new None() : new File((String) written);
    }

    @JsonValue
    Object written();

    record Part(double part) implements Fraction {
      @Override
      public Object written() {
        return part;
      }
    }

    record Folds(int folds) implements Fraction {
      @Override
      public Object written() {
        return Map.of("folds", folds, "kind", "folds");
      }
    }

    record File(String path) implements Fraction {
      @Override
      public Object written() {
        return path;
      }
    }

    record None() implements Fraction {
      @Override
      public Object written() {
        return "none";
      }
    }
  }
}
