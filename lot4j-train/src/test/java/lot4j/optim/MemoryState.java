package lot4j.optim;

import java.util.HashMap;
import java.util.Map;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** State kept in memory, for tests that save and restore one component. */
public final class MemoryState implements StateWriter, StateReader {
  private final Map<String, Object> entries;
  private final String prefix;

  /** Nothing yet. */
  public MemoryState() {
    this(new HashMap<>(), "");
  }

  private MemoryState(Map<String, Object> entries, String prefix) {
    this.entries = entries;
    this.prefix = prefix;
  }

  @Override
  public MemoryState section(String name) {
    return new MemoryState(entries, prefix + name + "/");
  }

  @Override
  public void tensor(String name, Tensor value) {
    put(name, value.detach().clone());
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

  @Override
  public boolean has(String name) {
    return entries.containsKey(prefix + name);
  }

  @Override
  public Tensor tensor(String name) {
    return (Tensor) take(name);
  }

  @Override
  public void into(String name, Tensor target) {
    try (NoGradGuard constant = new NoGradGuard()) {
      target.copy_(tensor(name));
    }
  }

  @Override
  public long number(String name) {
    return (Long) take(name);
  }

  @Override
  public double real(String name) {
    return (Double) take(name);
  }

  @Override
  public String text(String name) {
    return (String) take(name);
  }

  @Override
  public byte[] bytes(String name) {
    return (byte[]) take(name);
  }

  private void put(String name, Object value) {
    if (entries.putIfAbsent(prefix + name, value) != null) {
      throw new IllegalStateException(prefix + name + " is written twice");
    }
  }

  private Object take(String name) {
    if (!has(name)) {
      throw new CheckpointException(prefix + name + " is missing");
    }
    return entries.get(prefix + name);
  }
}
