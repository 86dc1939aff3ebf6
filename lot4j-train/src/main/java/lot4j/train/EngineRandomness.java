package lot4j.train;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import lot4j.Output;
import lot4j.Randomness;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Dropout streams of one learner, one for each {@link Role}. The engine's dropout draws from a
 * global generator; a stream's state is put in before a forward and taken out after it, so that no
 * learner's dropout depends on what another one drew.
 */
public final class EngineRandomness implements Randomness, Stateful, AutoCloseable {
  private final Generator generator = torch.getDefaultCPUGenerator();
  private final Map<Role, Tensor> states = new EnumMap<>(Role.class);

  /** Streams {@code dropout.<learner>.learner} and {@code dropout.<learner>.reference}. */
  public EngineRandomness(Streams streams, String learner) {
    this(streams, learner, 0);
  }

  /** The same of one of several processes: of those after the first, {@code ….rank<number>}. */
  EngineRandomness(Streams streams, String learner, int rank) {
    String own = rank == 0 ? "" : ".rank" + rank;
    Tensor before = generator.get_state();
    try (PointerScope scope = new PointerScope()) {
      for (Role role : Role.values()) {
        String name = role == Role.LEARNER ? "learner" : "reference";
        generator.set_current_seed(streams.engineSeed("dropout." + learner + "." + name + own));
        states.put(role, generator.get_state().retainReference());
      }
    }
    generator.set_state(before);
    before.close();
  }

  @Override
  public Output draw(Role role, Supplier<Output> forward) {
    Tensor state = states.get(role);
    generator.set_state(state);
    try {
      return forward.get();
    } finally {
      try (PointerScope scope = new PointerScope()) {
        state.copy_(generator.get_state());
      }
    }
  }

  @Override
  public void save(StateWriter out) {
    states.forEach((role, state) -> out.tensor("dropout." + role, state));
  }

  @Override
  public void restore(StateReader in) {
    states.forEach((role, state) -> in.into("dropout." + role, state));
  }

  @Override
  public void close() {
    states.values().forEach(Tensor::close);
  }
}
