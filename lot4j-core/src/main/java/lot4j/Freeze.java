package lot4j;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/**
 * Which parts of a network stay as they are: no gradient, no optimizer state, no weight decay.
 *
 * <p>A pattern is a name, or the beginning of names up to a dot: {@code layer1} takes {@code
 * layer1.0.conv1.weight}. {@code *} stands for any characters. A pattern with {@code !} in front
 * names exceptions; if all have one, everything else is taken: {@code !fc} leaves the layer {@code
 * fc} to learn.
 *
 * <p>Names are those of parameters and of buffers: a batch normalization whose running mean is
 * taken normalises by its running statistics in training too, and they do not move. Otherwise
 * frozen layers would still change with every batch.
 *
 * @param patterns as above; none freeze nothing
 */
public record Freeze(List<String> patterns) {
  private static final String EXCEPT = "!";
  private static final String MEAN = ".running_mean";
  private static final int MOST_NAMED = 12;

  /** Checks that each pattern says something. */
  public Freeze {
    patterns = List.copyOf(patterns);
    for (String pattern : patterns) {
      Require.that(!bare(pattern).isBlank(), "freeze", pattern, "beginnings of parameters' names");
    }
  }

  /** Everything learns. */
  public static Freeze none() {
    return new Freeze(List.of());
  }

  /** Whether everything learns. */
  public boolean isNone() {
    return patterns.isEmpty();
  }

  /** Whether a parameter or buffer of that name stays as it is. */
  public boolean takes(String name) {
    boolean all = patterns.stream().allMatch(pattern -> pattern.startsWith(EXCEPT));
    boolean taken = all && !isNone();
    for (String pattern : patterns) {
      if (matches(pattern, name)) {
        if (pattern.startsWith(EXCEPT)) {
          return false;
        }
        taken = true;
      }
    }
    return taken;
  }

  private static String bare(String pattern) {
    return pattern.startsWith(EXCEPT) ? pattern.substring(EXCEPT.length()) : pattern;
  }

  private static boolean matches(String pattern, String name) {
    StringBuilder expression = new StringBuilder();
    for (String literal : bare(pattern).split("\\*", -1)) {
      expression.append(expression.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.matches(expression + "(\\..*)?", name);
  }

  /**
   * Freezes a network that was just built.
   *
   * @param key what the patterns are called in messages, {@code teacher.freeze}
   * @return the network, which keeps its frozen statistics still in train mode
   * @throws IllegalArgumentException if a pattern takes no parameter that is trained, or nothing is
   *     left to train
   */
  public Model over(Model model, String key) {
    if (isNone()) {
      return model;
    }
    Set<String> still = new TreeSet<>();
    try (PointerScope scope = new PointerScope()) {
      StringTensorDict named = model.module().named_parameters();
      List<String> trained = new ArrayList<>();
      for (long i = 0; i < named.size(); i++) {
        if (named.get(i).value().requires_grad()) {
          trained.add(named.get(i).key().getString());
        }
      }
      check(trained, key);
      for (long i = 0; i < named.size(); i++) {
        if (takes(named.get(i).key().getString())) {
          Tensor parameter = named.get(i).value();
          parameter.requires_grad_(false);
        }
      }
      StringTensorDict buffers = model.module().named_buffers();
      for (long i = 0; i < buffers.size(); i++) {
        String name = buffers.get(i).key().getString();
        if (name.endsWith(MEAN) && takes(name)) {
          still.add(name.substring(0, name.length() - MEAN.length()));
        }
      }
    }
    return still.isEmpty() ? model : new Frozen(model, still);
  }

  private void check(List<String> trained, String key) {
    for (String pattern : patterns) {
      Require.that(
          trained.stream().anyMatch(name -> matches(pattern, name)),
          key,
          pattern,
          "the names of what is trained begin with " + beginnings(trained));
    }
    Require.that(
        !trained.stream().allMatch(this::takes),
        key,
        patterns,
        "something has to be left to train; names begin with " + beginnings(trained));
  }

  /** The first parts of the names, as many as tell more than one apart. */
  private static String beginnings(List<String> names) {
    Set<String> beginnings = new LinkedHashSet<>();
    for (int parts = 1; beginnings.size() < 2 && parts <= names.size(); parts++) {
      beginnings.clear();
      for (String name : names) {
        String[] split = name.split("\\.");
        beginnings.add(String.join(".", List.of(split).subList(0, Math.min(parts, split.length))));
      }
    }
    String shown = String.join(", ", beginnings.stream().limit(MOST_NAMED).toList());
    return shown + (beginnings.size() > MOST_NAMED ? ", …" : "");
  }

  /**
   * A network with batch normalizations that never leave eval mode.
   *
   * @param base the network
   * @param still their names
   */
  private record Frozen(Model base, Set<String> still) implements Model {
    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return base.forward(inputs, memory);
    }

    @Override
    public Module module() {
      return base.module();
    }

    @Override
    public void mode(boolean training) {
      base.mode(training);
      try (PointerScope scope = new PointerScope()) {
        StringSharedModuleDict modules = base.module().named_modules("", false);
        for (long i = 0; i < modules.size(); i++) {
          if (still.contains(modules.get(i).key().getString())) {
            modules.get(i).value().eval();
          }
        }
      }
    }

    @Override
    public boolean stochastic() {
      return base.stochastic();
    }

    @Override
    public Pretrained pretrained() {
      return base.pretrained();
    }
  }
}
