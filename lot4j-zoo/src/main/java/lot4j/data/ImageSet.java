package lot4j.data;

import java.util.List;
import java.util.Optional;
import lot4j.train.Prepared.Source;

/**
 * A data set of images as it was found on disk.
 *
 * @param name the data set's or folder's name, without a mark for subsets
 * @param train the training split, or everything if no split was brought
 * @param valid the validation split, if one was brought
 * @param test the test split, if one was brought
 * @param drawnTest images to draw from {@code train} as the test split; 0 if a test split was
 *     brought
 * @param sources the files that were read
 */
public record ImageSet(
    String name,
    LabelledImages train,
    Optional<LabelledImages> valid,
    Optional<LabelledImages> test,
    int drawnTest,
    List<Source> sources) {

  /** Part of the images drawn as the test split where none was brought. */
  public static final double DRAWN_PART = 0.2;

  public ImageSet {
    sources = List.copyOf(sources);
  }

  /** A set with training and test split. */
  static ImageSet split(
      String name, LabelledImages train, LabelledImages test, List<Source> sources) {
    return new ImageSet(name, train, Optional.empty(), Optional.of(test), 0, sources);
  }

  /** A set without a split: a fifth becomes the test split. */
  static ImageSet whole(String name, LabelledImages all, List<Source> sources) {
    int test = Math.max(1, (int) Math.round(all.size() * DRAWN_PART));
    return new ImageSet(name, all, Optional.empty(), Optional.empty(), test, sources);
  }

  /**
   * The same with another part drawn as the test split, if none was brought.
   *
   * @param part above 0 and below 1
   */
  public ImageSet drawing(double part) {
    int count = Math.max(1, (int) Math.round(train.size() * part));
    return test.isPresent() ? this : new ImageSet(name, train, valid, test, count, sources);
  }

  /** The names of the classes. */
  public List<String> classes() {
    return train.classes();
  }

  /** Number of training images, the drawn test split taken off. */
  public int trainSize() {
    return train.size() - drawnTest;
  }

  /** Number of test images, brought or drawn. */
  public int testSize() {
    return test.map(LabelledImages::size).orElse(drawnTest);
  }
}
