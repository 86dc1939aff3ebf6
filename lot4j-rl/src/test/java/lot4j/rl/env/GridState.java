package lot4j.rl.env;

import java.util.Map;
import java.util.TreeMap;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.pytorch.Tensor;

/** State without tensors kept in a map. */
final class GridState implements StateWriter, StateReader {
  private final Map<String, Object> entries;
  private final String prefix;

  GridState() {
    this(new TreeMap<>(), "");
  }

  private GridState(Map<String, Object> entries, String prefix) {
    this.entries = entries;
    this.prefix = prefix;
  }

  @Override
  public GridState section(String name) {
    return new GridState(entries, prefix + name + "/");
  }

  @Override
  public void tensor(String name, Tensor value) {
    throw new UnsupportedOperationException("no tensors");
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
    if (entries.put(prefix + name, value) != null) {
      throw new IllegalArgumentException(prefix + name + " is written twice");
    }
  }

  @Override
  public boolean has(String name) {
    return entries.containsKey(prefix + name);
  }

  @Override
  public Tensor tensor(String name) {
    throw new UnsupportedOperationException("no tensors");
  }

  @Override
  public void into(String name, Tensor target) {
    throw new UnsupportedOperationException("no tensors");
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
    return ((byte[]) entry(name)).clone();
  }

  private Object entry(String name) {
    if (!has(name)) {
      throw new CheckpointException(prefix + name + ": missing");
    }
    return entries.get(prefix + name);
  }
}
