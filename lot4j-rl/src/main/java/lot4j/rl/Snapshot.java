package lot4j.rl;

import java.util.Map;
import java.util.TreeMap;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A state in memory, as strict as a checkpoint is: an entry has one name and one type, and what is
 * written is a copy.
 */
final class Snapshot implements StateWriter, StateReader {
  private final PointerScope scope;
  private final Map<String, Object> entries;
  private final String prefix;

  /** An empty one; {@code scope} owns its tensors. */
  Snapshot(PointerScope scope) {
    this(scope, new TreeMap<>(), "");
  }

  private Snapshot(PointerScope scope, Map<String, Object> entries, String prefix) {
    this.scope = scope;
    this.entries = entries;
    this.prefix = prefix;
  }

  @Override
  public Snapshot section(String name) {
    return new Snapshot(scope, entries, prefix + name + "/");
  }

  @Override
  public void tensor(String name, Tensor value) {
    Tensor copy = value.detach().clone();
    scope.attach(copy);
    put(name, copy);
  }

  @Override
  public void number(String name, long value) {
    put(name, value);
  }

  @Override
  public void real(String name, double value) {
    put(name, value);
  }

  @Override
  public void text(String name, String value) {
    put(name, value);
  }

  @Override
  public void bytes(String name, byte[] value) {
    put(name, value.clone());
  }

  private void put(String name, Object value) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("state entry '' is not allowed; a name");
    }
    if (entries.putIfAbsent(prefix + name, value) != null) {
      throw new IllegalArgumentException("state entry '" + prefix + name + "' is written twice");
    }
  }

  @Override
  public boolean has(String name) {
    return entries.containsKey(prefix + name);
  }

  @Override
  public Tensor tensor(String name) {
    return entry(name, Tensor.class).clone();
  }

  @Override
  public void into(String name, Tensor target) {
    target.copy_(entry(name, Tensor.class));
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
    Object value = entries.get(prefix + name);
    if (!type.isInstance(value)) {
      throw new CheckpointException(
          "state entry '"
              + prefix
              + name
              + "' is "
              + (value == null ? "missing" : "no " + type.getSimpleName()));
    }
    return type.cast(value);
  }
}
