package lot4j.task;

import java.util.HashMap;
import java.util.Map;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.pytorch.Tensor;

/** State kept in a map, for tests. */
final class StoredState implements StateWriter, StateReader {
  private final Map<String, Object> entries;
  private final String prefix;

  StoredState() {
    this(new HashMap<>(), "");
  }

  private StoredState(Map<String, Object> entries, String prefix) {
    this.entries = entries;
    this.prefix = prefix;
  }

  @Override
  public StoredState section(String name) {
    return new StoredState(entries, prefix + name + "/");
  }

  @Override
  public void tensor(String name, Tensor value) {
    throw new UnsupportedOperationException();
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

  @Override
  public boolean has(String name) {
    return entries.containsKey(prefix + name);
  }

  @Override
  public Tensor tensor(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void into(String name, Tensor target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long number(String name) {
    return (Long) entry(name);
  }

  @Override
  public double real(String name) {
    return (Double) entry(name);
  }

  @Override
  public String text(String name) {
    return (String) entry(name);
  }

  @Override
  public byte[] bytes(String name) {
    return (byte[]) entry(name);
  }

  private Object entry(String name) {
    if (!has(name)) {
      throw new CheckpointException(prefix + name + ": missing");
    }
    return entries.get(prefix + name);
  }
}
