package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Require;

/**
 * Which gradients are added up in parts, each of them as soon as it is known, while the backward
 * pass works out the rest; and how large the parts, the buckets, are. With three ranks or more the
 * order in which a number's summands are added depends on them, and so do the last bits of a run:
 * they go by sizes alone, never by how fast anything was.
 *
 * @param least bytes of a network's gradient from which on it is divided
 * @param bucket bytes from which on a bucket is closed; no parameter is divided
 */
public record Bucketing(long least, long bucket) {
  /** The environment variable with the size of a bucket in MiB, 0 for none, or {@code auto}. */
  public static final String VARIABLE = "LOT_BUCKET_MB";

  private static final String AUTO = "auto";
  private static final long MEBI = 1 << 20;
  private static final long USUAL_LEAST = 16 * MEBI;
  private static final long USUAL_BUCKET = 4 * MEBI;
  private static final long FIRST = MEBI; // sooner than the others: the network is idle till then

  public Bucketing {
    Require.atLeast("least", least, 0L);
    Require.atLeast("bucket", bucket, 1L);
  }

  /** Gradients of 16 MiB or more, in buckets of 4 MiB. */
  public static Bucketing usual() {
    return new Bucketing(USUAL_LEAST, USUAL_BUCKET);
  }

  /** Every gradient at once, when the backward pass is done. */
  public static Bucketing never() {
    return new Bucketing(Long.MAX_VALUE, USUAL_BUCKET);
  }

  /** Every gradient, in buckets of so many MiB. */
  public static Bucketing of(double mebibytes) {
    return new Bucketing(0, Math.max(1, Math.round(mebibytes * MEBI)));
  }

  /**
   * As the environment says, else {@link #usual}.
   *
   * @throws IllegalArgumentException naming the variable if it makes no sense
   */
  public static Bucketing of(Map<String, String> environment) {
    String given = Optional.ofNullable(environment.get(VARIABLE)).map(String::strip).orElse("");
    if (given.isEmpty() || given.equals(AUTO)) {
      return usual();
    }
    String allowed = "auto, 0 for no buckets, or their size in MiB";
    try {
      double mebibytes = Double.parseDouble(given);
      boolean sensible = mebibytes >= 0 && mebibytes * MEBI < Integer.MAX_VALUE;
      Require.that(sensible, VARIABLE, given, allowed);
      return mebibytes == 0 ? never() : of(mebibytes);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          VARIABLE + " = " + given + " is not allowed; " + allowed, e);
    }
  }

  /**
   * How many parameters each bucket takes.
   *
   * @param bytes of the parameters, in the order in which their gradients are expected
   */
  List<Integer> counts(List<Long> bytes) {
    List<Integer> counts = new ArrayList<>();
    long limit = Math.min(FIRST, bucket);
    long gathered = 0;
    int count = 0;
    for (long each : bytes) {
      gathered += each;
      count++;
      if (gathered >= limit) {
        counts.add(count);
        limit = bucket;
        gathered = 0;
        count = 0;
      }
    }
    if (count > 0) {
      counts.add(count);
    }
    return counts;
  }

  /** The same in a word, as the variable would have it. */
  public String text() {
    if (equals(usual())) {
      return AUTO;
    }
    return equals(never()) ? "0" : Double.toString((double) bucket / MEBI);
  }
}
