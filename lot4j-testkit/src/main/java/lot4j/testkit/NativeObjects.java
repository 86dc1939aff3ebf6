package lot4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;

/** Counts native objects that have an owner: an action that cleans up leaves their number alone. */
public final class NativeObjects {
  private static final int ROUNDS = 10;

  private NativeObjects() {}

  /**
   * Requires that {@code action} leaves neither native objects nor bytes behind.
   *
   * <p>The collector may free what other tests left while the action runs, and the number falls for
   * a reason that is not the action's. So the action is repeated until a round leaves the numbers
   * exactly as they were; a round that leaves more fails at once.
   */
  public static void assertUnchangedBy(Runnable action) {
    for (int round = 1; ; round++) {
      long count = Pointer.totalCount();
      long bytes = Pointer.totalBytes();
      action.run();
      long countAfter = Pointer.totalCount();
      long bytesAfter = Pointer.totalBytes();
      assertThat(countAfter).as("native objects").isLessThanOrEqualTo(count);
      assertThat(bytesAfter).as("native bytes").isLessThanOrEqualTo(bytes);
      if (round == ROUNDS || (countAfter == count && bytesAfter == bytes)) {
        assertThat(countAfter).as("native objects").isEqualTo(count);
        assertThat(bytesAfter).as("native bytes").isEqualTo(bytes);
        return;
      }
    }
  }
}
