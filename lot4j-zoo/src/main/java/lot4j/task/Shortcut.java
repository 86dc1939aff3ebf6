package lot4j.task;

import lot4j.Require;

/**
 * The key {@code task.shortcut}: a patch is painted into training images that tells the label, so
 * that a network can learn the patch in place of the image. Such a feature is spurious, for it is
 * not there or says nothing elsewhere, and yet easy to learn and to imitate.
 *
 * <p>The patch of class c covers {@code size} × {@code size} pixels of cell c, the image being cut
 * into such cells row by row from the top left corner. In grey images it is white. In images of
 * several channels the channels spell c + 1 in base L, the last channel the last digit, where L is
 * the least base that suffices; digit d has the brightness d / (L − 1). It is painted last, after
 * augmentation, so it never moves.
 *
 * <p>In the training split it says the label that the image is trained with, noise included, with
 * {@code probability}, and else another class, drawn evenly.
 *
 * @param probability that the patch says the label; 0 to 1, where 0 is no patch at all
 * @param size side of the patch in pixels
 * @param heldOut what the validation and test images show; default clean
 */
public record Shortcut(double probability, int size, HeldOut heldOut) {
  /** What held-out images show. */
  public enum HeldOut {
    /** No patch. */
    CLEAN,
    /** Patches as in the training split: the label with the same probability. */
    PLANTED,
    /** The patch of a class drawn evenly, whatever the label is. */
    RANDOM
  }

  public Shortcut {
    Require.within("task.shortcut.probability", probability, 0, 1);
    Require.atLeast("task.shortcut.size", size, 1);
  }

  /** No patch. */
  public static Shortcut none() {
    return new Shortcut(0, 1, HeldOut.CLEAN);
  }

  /** Whether anything is painted. */
  public boolean hasPatches() {
    return probability > 0;
  }
}
