package lot4j.atari;

import java.util.HashMap;
import java.util.Map;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.pytorch.Tensor;

/** A state kept in memory; no tensors. */
final class KeptState implements StateWriter, StateReader {
  final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, Object> entries = new HashMap<>();

  private <T> T taken(String name, Class<T> type) {
    assertPresent(name);
    return type.cast(entries.get(name));
  }

  private void assertPresent(String name) {
    if (!entries.containsKey(name)) {
      throw new AssertionError("no entry " + name);
    }
  }

  private void put(String name, Object value) {
    if (entries.putIfAbsent(name, value) != null) {
      throw new AssertionError("twice: " + name);
    }
  }

  @Override
  public KeptState section(String name) {
    return (KeptState) entries.computeIfAbsent(name, n -> new KeptState());
  }

  @Override
  public void tensor(String name, Tensor value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void number(String name, long value) {
    numbers.put(name, value);
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
    return entries.containsKey(name) || numbers.containsKey(name);
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
    return numbers.get(name);
  }

  @Override
  public double real(String name) {
    return taken(name, Double.class);
  }

  @Override
  public String text(String name) {
    return taken(name, String.class);
  }

  @Override
  public byte[] bytes(String name) {
    return taken(name, byte[].class).clone();
  }
}
