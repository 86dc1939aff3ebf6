package lot4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/**
 * A network of which only low-rank adapters are trained: everything else is frozen, has no gradient
 * and no optimizer state, and is saved with the rest.
 *
 * <p>Its census counts the adapters alone as parameters, as those that are trained, and their
 * multiply-accumulates on top of the network's. A backward is counted as two forwards, as
 * everywhere. That is more than it takes: gradients flow back through the frozen layers, but theirs
 * are not made, so that it lies between one and two.
 *
 * @param base the network
 * @param lora its adapters
 */
public record Adapted(Adaptable base, Lora lora) implements ModelSpec {
  private static final int MOST_NAMED = 12;

  /** Checks that every target is there. */
  public Adapted {
    for (String target : lora.targets()) {
      Lora one = new Lora(lora.rank(), lora.alpha(), lora.dropout(), List.of(target));
      Require.that(
          base.linearSizes().keySet().stream().anyMatch(one::takes),
          "lora.targets",
          target,
          "the network has " + ends(base));
    }
  }

  /** The last part of the layers' names, each once. */
  private static String ends(Adaptable base) {
    TreeSet<String> ends = new TreeSet<>();
    base.linearSizes()
        .keySet()
        .forEach(name -> ends.add(name.substring(name.lastIndexOf('.') + 1)));
    return String.join(", ", ends.stream().limit(MOST_NAMED).toList());
  }

  @Override
  public Adaptable.Net build(Shape input, int outputs) {
    Adaptable.Net net = base.build(input, outputs);
    try (PointerScope scope = new PointerScope()) {
      StringTensorDict all = net.module().named_parameters();
      for (long i = 0; i < all.size(); i++) {
        all.get(i).value().requires_grad_(false);
      }
    }
    layers(net).forEach(layer -> layer.adapt(lora));
    return new Net(net, lora);
  }

  /**
   * Saved weights of such a network as those of the same network without adapters, what they do
   * worked into the matrices.
   *
   * @param saved parameters and buffers by name
   * @return by the names that the network has without adapters; they belong to the caller's scope
   */
  public Map<String, Tensor> merged(Map<String, Tensor> saved, Shape input, int outputs) {
    Adaptable.Net net = build(input, outputs);
    try (NoGradGuard constant = new NoGradGuard()) {
      StringTensorDict all = net.module().named_parameters();
      for (long i = 0; i < all.size(); i++) {
        all.get(i).value().copy_(saved.get(all.get(i).key().getString()));
      }
    }
    Map<String, Tensor> merged = new LinkedHashMap<>(net.merged());
    saved.forEach(
        (name, tensor) -> {
          if (!name.endsWith(Linear.DOWN) && !name.endsWith(Linear.UP)) {
            merged.putIfAbsent(name, tensor);
          }
        });
    return merged;
  }

  private List<Linear> layers(Adaptable.Net net) {
    List<Linear> layers = new ArrayList<>();
    net.linears()
        .forEach(
            (name, layer) -> {
              if (lora.takes(name)) {
                layers.add(layer);
              }
            });
    return layers;
  }

  @Override
  public Census census(Shape input, int outputs) {
    long numbers = 0;
    for (Map.Entry<String, Linear.Size> layer : base.linearSizes().entrySet()) {
      if (lora.takes(layer.getKey())) {
        long both = Math.addExact(layer.getValue().in(), layer.getValue().out());
        numbers = Math.addExact(numbers, Math.multiplyExact(lora.rank(), both));
      }
    }
    long macs = Math.multiplyExact(numbers, base.positions(input));
    return new Census(numbers, Math.addExact(base.census(input, outputs).macs(), macs));
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return base.features(input, outputs);
  }

  /** The network with its adapters in place. */
  private record Net(Adaptable.Net base, Lora lora) implements Adaptable.Net {
    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return base.forward(inputs, memory);
    }

    @Override
    public Module module() {
      return base.module();
    }

    @Override
    public Map<String, Linear> linears() {
      return base.linears();
    }

    @Override
    public Pretrained pretrained() {
      return new WithAdapters(base.pretrained());
    }

    @Override
    public boolean stochastic() {
      return lora.dropout() > 0 || base.stochastic();
    }
  }

  /** Files fit as they do without adapters; those of such a network have these too. */
  private record WithAdapters(Pretrained base) implements Pretrained {
    @Override
    public Set<String> head() {
      return base.head();
    }

    @Override
    public String published(String own, Set<String> names) {
      return added(own) ? own : base.published(own, names);
    }

    @Override
    public boolean added(String own) {
      return own.endsWith(Linear.DOWN) || own.endsWith(Linear.UP);
    }

    @Override
    public boolean ignores(String name) {
      return base.ignores(name);
    }

    @Override
    public Optional<UnaryOperator<Tensor>> resizing(String own, long[] from, long[] to) {
      return base.resizing(own, from, to);
    }
  }
}
