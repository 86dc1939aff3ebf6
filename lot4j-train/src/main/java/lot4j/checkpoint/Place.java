package lot4j.checkpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The state of a component at some time, kept in memory: a place that it can be put back to. For
 * components without tensors, as streams of batches are.
 *
 * <pre>{@code
 * Place start = Place.of(stream);
 * stream.next();
 * start.into(stream); // next() gives the same batch once more
 * }</pre>
 */
public final class Place {
  private final Map<String, Object> entries = new HashMap<>();

  private Place() {}

  /**
   * The present state of {@code component}.
   *
   * @throws IllegalArgumentException if a tensor belongs to it
   */
  public static Place of(Stateful component) {
    Place place = new Place();
    component.save(place.new Writer(""));
    return place;
  }

  /**
   * Puts a component back to this place.
   *
   * @throws CheckpointException if it asks for what its state did not hold
   */
  public void into(Stateful component) {
    component.restore(new Reader(""));
  }

  private final class Writer implements StateWriter {
    private final String prefix;

    Writer(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public StateWriter section(String name) {
      return new Writer(prefix + name + "/");
    }

    @Override
    public void tensor(String name, Tensor value) {
      throw new IllegalArgumentException(prefix + name + ": a place holds no tensors");
    }

    @Override
    public void number(String name, long value) {
      entries.put(prefix + name, value);
    }

    @Override
    public void real(String name, double value) {
      entries.put(prefix + name, value);
    }

    @Override
    public void text(String name, String value) {
      entries.put(prefix + name, value);
    }

    @Override
    public void bytes(String name, byte[] value) {
      entries.put(prefix + name, value.clone());
    }
  }

  private final class Reader implements StateReader {
    private final String prefix;

    Reader(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public StateReader section(String name) {
      return new Reader(prefix + name + "/");
    }

    @Override
    public boolean has(String name) {
      return entries.containsKey(prefix + name);
    }

    @Override
    public Tensor tensor(String name) {
      throw new CheckpointException(prefix + name + ": a place holds no tensors");
    }

    @Override
    public void into(String name, Tensor target) {
      throw new CheckpointException(prefix + name + ": a place holds no tensors");
    }

    @Override
    public long number(String name) {
      return entry(name, Long.class);
    }

    @Override
    public double real(String name) {
      return entry(name, Double.class);
    }

    @Override
    public String text(String name) {
      return entry(name, String.class);
    }

    @Override
    public byte[] bytes(String name) {
      return entry(name, byte[].class).clone();
    }

    private <T> T entry(String name, Class<T> type) {
      return Optional.ofNullable(entries.get(prefix + name))
          .filter(type::isInstance)
          .map(type::cast)
          .orElseThrow(() -> new CheckpointException(prefix + name + ": not in this place"));
    }
  }
}
