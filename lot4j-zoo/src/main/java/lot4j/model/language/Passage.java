package lot4j.model.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lot4j.KeyValues;
import lot4j.Memory;
import lot4j.Require;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The rows of some texts on their way through the blocks of a decoder without recurrence: at which
 * place of its text each row stands, which rows it sees, and the keys and values of the rows before
 * them, if these are kept.
 *
 * <p>A row's place is counted from its own text's beginning and is below the model's context; so a
 * text says the same whatever stands beside it, and whether it is read at once or bit by bit.
 */
final class Passage {
  private final Optional<KeyValues> kept;
  private final long before;
  private final long time;
  private final Optional<Tensor> starts;
  private final Device device;
  private final Optional<Tensor> mask;
  private final List<Tensor> all = new ArrayList<>();

  private Passage(
      Optional<KeyValues> kept, long before, long time, Optional<Tensor> starts, Device device) {
    this.kept = kept;
    this.before = before;
    this.time = time;
    this.starts = starts;
    this.device = device;
    this.mask =
        starts.isPresent() || before > 0 && time > 1 ? Optional.of(seen()) : Optional.empty();
  }

  /**
   * The texts' next rows.
   *
   * @param inputs [time, batch]
   * @param memory says of the rows before them
   * @param context places that a text may have
   * @param device where the network is
   * @throws IllegalArgumentException if a text would have more
   */
  static Passage of(Tensor inputs, Memory memory, int context, Device device) {
    Optional<KeyValues> kept = memory.keyValues();
    long before = kept.map(KeyValues::length).orElse(0L);
    long time = inputs.size(0);
    Optional<long[]> starts = kept.flatMap(KeyValues::starts);
    long first = starts.map(own -> Arrays.stream(own).min().orElse(0)).orElse(0L);
    long longest = before + time - first;
    Require.that(
        longest <= context, "time", longest, "at most " + context + ", the model's context");
    return new Passage(
        kept,
        before,
        time,
        starts.map(own -> torch.tensor(own).to(device, ScalarType.Long)),
        device);
  }

  private Tensor rows(long from, long to) {
    TensorOptions whole = new TensorOptions(ScalarType.Long).device(new DeviceOptional(device));
    return torch.arange(new Scalar(from), new Scalar(to), whole);
  }

  /**
   * Which rows each row sees: itself, and those before it from its text's beginning on. What lies
   * before a text sees itself, for it must see something.
   *
   * @return [batch or 1, 1, time, rows]
   */
  private Tensor seen() {
    Tensor rows = rows(0, before + time).unsqueeze(0);
    Tensor own = rows(before, before + time).unsqueeze(1);
    Tensor seen = rows.le(own).unsqueeze(0);
    if (starts.isEmpty()) {
      return seen.unsqueeze(0);
    }
    Tensor begun = rows.ge(starts.get().unsqueeze(1)).unsqueeze(1);
    return seen.logical_and(begun).logical_or(rows.eq(own).unsqueeze(0)).unsqueeze(1);
  }

  /** Places of the rows, [time], or [batch, time] where they differ; those before a text are 0. */
  Tensor places() {
    Tensor rows = rows(before, before + time);
    return starts
        .map(own -> rows.unsqueeze(0).sub(own.unsqueeze(1)).clamp_min(new Scalar(0)))
        .orElse(rows);
  }

  /**
   * The learned vectors of the rows' places.
   *
   * @param table [context, width]
   * @return [time, width], or [batch, time, width] where places differ
   */
  Tensor positions(Tensor table) {
    return starts.isPresent() ? torch.embedding(table, places()) : table.narrow(0, before, time);
  }

  /** Whether each row sees those before it by their order alone. */
  boolean causal() {
    return mask.isEmpty() && before == 0;
  }

  /**
   * The next block's keys, or values, behind those of earlier rows; asked for in the order of
   * blocks, keys first.
   *
   * @param own [batch, heads, time, size]
   */
  Tensor with(Tensor own) {
    if (kept.isEmpty()) {
      return own;
    }
    List<Tensor> past = kept.get().read();
    Tensor whole = past.isEmpty() ? own : torch.cat(new TensorVector(past.get(all.size()), own), 2);
    all.add(whole);
    return whole;
  }

  /**
   * What each row takes of the values that it sees, [batch, heads, time, size].
   *
   * @param query [batch, heads, time, size]
   * @param key of all rows, [batch, heads, rows, size]
   * @param value the same
   * @param dropout of the attention's weights
   */
  Tensor attend(Tensor query, Tensor key, Tensor value, double dropout) {
    TensorOptional hidden = mask.map(TensorOptional::new).orElseGet(TensorOptional::new);
    return torch.scaled_dot_product_attention(
        query, key, value, hidden, dropout, causal(), new DoubleOptional(), false);
  }

  /** Puts the keys and values of all blocks where they are kept. */
  void keep() {
    kept.ifPresent(own -> own.write(all, before + time));
  }
}
