package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.KeyValues;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What all blocks of a {@link Llama} need to know of the texts that go through them. */
final class LlamaText {
  private final Rotary rotary;
  private final Optional<Tensor> mask;
  private final List<Tensor> past;
  private final boolean keeps;
  private final long rows;
  private final List<Tensor> all = new ArrayList<>();

  private LlamaText(
      Rotary rotary, Optional<Tensor> mask, List<Tensor> past, boolean keeps, long rows) {
    this.rotary = rotary;
    this.mask = mask;
    this.past = past;
    this.keeps = keeps;
    this.rows = rows;
  }

  /**
   * The texts' next rows.
   *
   * @param inputs [time, batch]
   * @param kept keys and values of the rows before them
   * @param like whose type and device are taken
   */
  static LlamaText of(Llama spec, Tensor inputs, Optional<KeyValues> kept, Tensor like) {
    long before = kept.map(KeyValues::length).orElse(0L);
    long rows = before + inputs.size(0);
    TensorOptions whole =
        new TensorOptions(ScalarType.Long).device(new DeviceOptional(like.device()));
    Tensor places = torch.arange(new Scalar(before), new Scalar(rows), whole);
    Optional<Tensor> starts =
        kept.flatMap(KeyValues::starts).map(own -> own.to(like.device(), ScalarType.Long));
    int size = spec.width() / spec.heads();
    Rotary rotary =
        Rotary.of(Rotary.places(places, starts), size, spec.ropeTheta(), spec.ropeScaling(), like);
    boolean masked = starts.isPresent() || before > 0 && inputs.size(0) > 1;
    Optional<Tensor> mask =
        masked
            ? Optional.of(mask(places, torch.arange(new Scalar(rows), whole), starts))
            : Optional.empty();
    return new LlamaText(
        rotary, mask, kept.map(KeyValues::read).orElse(List.of()), kept.isPresent(), rows);
  }

  /**
   * Which rows each row sees: itself, and those before it from its text's beginning on. What lies
   * before a text sees itself, for it must see something.
   *
   * @return [batch or 1, 1, time, rows]
   */
  private static Tensor mask(Tensor own, Tensor rows, Optional<Tensor> starts) {
    Tensor seen = rows.unsqueeze(0).le(own.unsqueeze(1));
    if (starts.isEmpty()) {
      return seen.unsqueeze(0).unsqueeze(0);
    }
    Tensor begun = rows.unsqueeze(0).ge(starts.get().unsqueeze(1)).unsqueeze(1);
    Tensor itself = rows.unsqueeze(0).eq(own.unsqueeze(1));
    return seen.unsqueeze(0).logical_and(begun).logical_or(itself.unsqueeze(0)).unsqueeze(1);
  }

  /** Queries or keys turned to their places. */
  Tensor turn(Tensor x) {
    return rotary.turn(x);
  }

  /** Which rows are seen; empty if it is all up to each row's own, and all rows are here. */
  Optional<Tensor> mask() {
    return mask;
  }

  /** Whether each row sees those before it by their order alone. */
  boolean causal() {
    return mask.isEmpty() && past.isEmpty();
  }

  /**
   * The next block's keys, or values, behind those of earlier rows; asked for in the order of
   * blocks, keys first.
   *
   * @param own [batch, heads, time, size]
   */
  Tensor with(Tensor own) {
    Tensor whole = past.isEmpty() ? own : torch.cat(new TensorVector(past.get(all.size()), own), 2);
    if (keeps) {
      all.add(whole);
    }
    return whole;
  }

  /** Puts the keys and values of all blocks where they are kept. */
  void keep(Optional<KeyValues> kept) {
    kept.ifPresent(own -> own.write(all, rows));
  }
}
