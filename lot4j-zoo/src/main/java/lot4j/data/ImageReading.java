package lot4j.data;

import java.util.Optional;
import lot4j.Shape;
import lot4j.train.DataException;

/**
 * How files become the images of a set.
 *
 * @param size that every image is brought to
 * @param fit how
 * @param channels of every image
 * @param group a regular expression whose first group, found in a file's path below its class,
 *     names what belongs together; empty if every image stands for itself
 * @param labels how many an image has where a file lists them
 */
public record ImageReading(
    ImageSize size, Fit fit, Channels channels, Optional<String> group, Labelling labels) {
  /** Without groups, labels as they are. */
  public ImageReading(ImageSize size, Fit fit, Channels channels) {
    this(size, fit, channels, Optional.empty(), Labelling.AUTO);
  }

  /** Images as they are. */
  public static ImageReading plain() {
    return new ImageReading(new ImageSize.Own(), Fit.CROP, new Channels.Auto());
  }

  /**
   * The same for further images that go with others: grey ones serve for colour, and each has as
   * many labels. They are not split, so groups do not matter.
   */
  public ImageReading like(LabelledImages images) {
    boolean colour = channels instanceof Channels.Auto && images.shape().size(0) == 3;
    return new ImageReading(
        size,
        fit,
        colour ? new Channels.Count(3) : channels,
        Optional.empty(),
        images.multi() ? Labelling.MULTI : Labelling.SINGLE);
  }

  /** A set whose images are already of one size, each brought to form when it is asked for. */
  public LabelledImages of(LabelledImages images) {
    Shape from = images.shape();
    long planes = channels instanceof Channels.Count c ? c.count() : from.size(0);
    Shape to =
        size instanceof ImageSize.Fixed fixed
            ? Shape.of(planes, fixed.height(), fixed.width())
            : Shape.of(planes, from.size(1), from.size(2));
    return to.equals(from) ? images : images.as(to, this);
  }

  /** A whole set, likewise. */
  public ImageSet of(ImageSet set) {
    if (group.isPresent()) {
      throw new DataException(
          set.name() + ": task.group is not allowed; its images are no files with names");
    }
    if (labels == Labelling.MULTI) {
      throw new DataException(
          set.name() + ": task.labels: multi needs images with a file " + LabelFile.NAME);
    }
    return new ImageSet(
        set.name(),
        of(set.train()),
        set.valid().map(this::of),
        set.test().map(this::of),
        set.drawnTest(),
        set.sources());
  }

  /** One picture in the right size; of the channels only grey is made here, before resizing. */
  Picture of(Picture picture) {
    Picture seen =
        channels instanceof Channels.Count count && count.count() == 1 ? picture.luma() : picture;
    return size instanceof ImageSize.Fixed fixed ? seen.resized(fixed, fit) : seen;
  }
}
