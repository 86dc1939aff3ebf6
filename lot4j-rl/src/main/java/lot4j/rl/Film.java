package lot4j.rl;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import lot4j.Require;
import lot4j.checkpoint.AtomicFile;

/**
 * An animated GIF that is written while it is played: of all pictures only the last is kept.
 *
 * <pre>{@code
 * Film.record(Path.of("episode.gif"), 20, film -> {
 *   environment.reset(7);
 *   environment.render().ifPresent(film::show);
 *   while (!environment.over()) {
 *     environment.step(policy.act(environment), 0);
 *     environment.render().ifPresent(film::show);
 *   }
 * });
 * }</pre>
 *
 * <p>Colours are kept exactly where a picture has up to 256, else reduced by median cut. What has
 * not changed since the picture before is not stored again; a picture like the one before only
 * lengthens it. The last one stays a second longer, then the film begins anew.
 *
 * <p>Source of the format: CompuServe, "Graphics Interchange Format, version 89a", 1990.
 */
public final class Film {
  /** Pictures a second that viewers show as asked for: they slow down shorter delays than 20 ms. */
  public static final double FASTEST = 50;

  private static final int HUNDREDTHS = 100;
  private static final int LAST_STAYS = 100;
  private static final int LONGEST_DELAY = 65_535;
  private static final String FILM_FORMAT = "javax_imageio_gif_stream_1.0";
  private static final String PICTURE_FORMAT = "javax_imageio_gif_image_1.0";
  private static final byte[] LOOP_FOREVER = {1, 0, 0};

  private final ImageWriter writer;
  private final MemoryCacheImageOutputStream out;
  private final double picturesPerSecond;
  private Optional<IOException> failure = Optional.empty();
  private Optional<Palette> common = Optional.empty();
  private Optional<Part> pending = Optional.empty();
  private int width;
  private int height;
  private int[] last = {};
  private int[] current = {};
  private long shown;
  private long written;

  /** What is to be drawn over the picture before, from {@code started} on (in pictures). */
  private record Part(Palette palette, BufferedImage image, Rectangle place, long started) {}

  private Film(ImageWriter writer, OutputStream out, double picturesPerSecond) {
    this.writer = writer;
    this.out = new MemoryCacheImageOutputStream(out);
    this.picturesPerSecond = picturesPerSecond;
  }

  /**
   * Writes a film: all of it or nothing.
   *
   * @param file is replaced if it exists
   * @param picturesPerSecond above 0, up to {@link #FASTEST}
   * @param play shows the pictures, one or more
   * @return how many pictures were shown
   * @throws IllegalArgumentException if no picture was shown, or not all were of one size
   * @throws UncheckedIOException naming the file if it cannot be written
   */
  public static long record(Path file, double picturesPerSecond, Consumer<Film> play) {
    Require.that(
        picturesPerSecond > 0 && picturesPerSecond <= FASTEST,
        "pictures per second",
        picturesPerSecond,
        "above 0, up to 50");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    long[] shown = {0};
    try {
      AtomicFile.write(
          file,
          channel -> {
            OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel));
            Film film = new Film(writer, bytes, picturesPerSecond);
            film.play(play);
            bytes.flush();
            shown[0] = film.shown;
          });
    } finally {
      writer.dispose();
    }
    return shown[0];
  }

  private void play(Consumer<Film> play) throws IOException {
    writer.setOutput(out);
    try {
      play.accept(this);
    } catch (UncheckedIOException e) {
      if (failure.isPresent()) {
        throw failure.get();
      }
      throw e;
    }
    Require.that(shown > 0, "film of", shown + " pictures", "one or more");
    write(pending.orElseThrow(), hundredths(shown) + LAST_STAYS);
    writer.endWriteSequence();
    out.close();
  }

  /**
   * Adds a picture.
   *
   * @param picture of the first one's size; transparency is ignored
   */
  public void show(BufferedImage picture) {
    if (shown == 0) {
      width = picture.getWidth();
      height = picture.getHeight();
      last = new int[width * height];
      current = new int[width * height];
    }
    Require.that(
        picture.getWidth() == width && picture.getHeight() == height,
        "picture of",
        picture.getWidth() + "x" + picture.getHeight(),
        width + "x" + height + ", like the first");
    picture.getRGB(0, 0, width, height, current, 0, width);
    Rectangle place = shown == 0 ? new Rectangle(width, height) : changed();
    if (!place.isEmpty()) {
      Part part = part(place);
      pending.ifPresent(before -> writeOrKeepFailure(before, hundredths(part.started())));
      pending = Optional.of(part);
      int[] swapped = last;
      last = current;
      current = swapped;
    }
    shown++;
  }

  /** When the picture of this number begins, so that rounded delays do not add up to a drift. */
  private long hundredths(long picture) {
    return Math.round(picture * HUNDREDTHS / picturesPerSecond);
  }

  /** The smallest rectangle outside of which the picture is the one before. */
  private Rectangle changed() {
    int left = width;
    int right = -1;
    int top = height;
    int bottom = -1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (current[y * width + x] != last[y * width + x]) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
        }
      }
    }
    return new Rectangle(left, top, right - left + 1, bottom - top + 1);
  }

  /** A part of the picture, in the first picture's colours if they are enough. */
  private Part part(Rectangle place) {
    int[] pixels = new int[place.width * place.height];
    for (int y = 0; y < place.height; y++) {
      int from = (place.y + y) * width + place.x;
      System.arraycopy(current, from, pixels, y * place.width, place.width);
    }
    Palette palette = common.filter(it -> it.holds(pixels)).orElseGet(() -> Palette.of(pixels));
    if (common.isEmpty()) {
      common = Optional.of(palette);
    }
    BufferedImage image = palette.image(pixels, place.width, place.height);
    return new Part(palette, image, place, shown);
  }

  private void writeOrKeepFailure(Part part, long until) {
    try {
      write(part, until);
    } catch (IOException e) {
      failure = Optional.of(e);
      throw new UncheckedIOException(e);
    }
  }

  private void write(Part part, long until) throws IOException {
    if (written == 0) {
      writer.prepareWriteSequence(film(part.palette()));
    }
    long delay = Math.min(until - hundredths(part.started()), LONGEST_DELAY);
    writer.writeToSequence(new IIOImage(part.image(), null, picture(part, delay)), null);
    written++;
    out.flushBefore(out.getStreamPosition());
  }

  /** The head of the file: size and the first picture's colours. */
  private IIOMetadata film(Palette palette) throws IIOInvalidTreeException {
    IIOMetadataNode root = new IIOMetadataNode(FILM_FORMAT);
    node(root, "Version", "value", "89a");
    node(
        root,
        "LogicalScreenDescriptor",
        "logicalScreenWidth",
        width,
        "logicalScreenHeight",
        height,
        "colorResolution",
        8,
        "pixelAspectRatio",
        0);
    IIOMetadataNode table =
        node(
            root,
            "GlobalColorTable",
            "sizeOfGlobalColorTable",
            palette.size(),
            "backgroundColorIndex",
            0,
            "sortFlag",
            "FALSE");
    entries(table, palette);
    IIOMetadata metadata = writer.getDefaultStreamMetadata(null);
    metadata.mergeTree(FILM_FORMAT, root);
    return metadata;
  }

  /** The head of a picture: place, delay, its own colours if they are others. */
  private IIOMetadata picture(Part part, long delay) throws IIOInvalidTreeException {
    IIOMetadataNode root = new IIOMetadataNode(PICTURE_FORMAT);
    node(
        root,
        "ImageDescriptor",
        "imageLeftPosition",
        part.place().x,
        "imageTopPosition",
        part.place().y,
        "imageWidth",
        part.place().width,
        "imageHeight",
        part.place().height,
        "interlaceFlag",
        "FALSE");
    if (part.palette() != common.orElseThrow()) {
      Palette own = part.palette();
      entries(
          node(root, "LocalColorTable", "sizeOfLocalColorTable", own.size(), "sortFlag", "FALSE"),
          own);
    }
    node(
        root,
        "GraphicControlExtension",
        "disposalMethod",
        "doNotDispose",
        "userInputFlag",
        "FALSE",
        "transparentColorFlag",
        "FALSE",
        "delayTime",
        delay,
        "transparentColorIndex",
        0);
    if (written == 0) {
      node(
              node(root, "ApplicationExtensions"),
              "ApplicationExtension",
              "applicationID",
              "NETSCAPE",
              "authenticationCode",
              "2.0")
          .setUserObject(LOOP_FOREVER);
    }
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(new ImageTypeSpecifier(part.image()), null);
    // Not merged: the default has a table of colours of its own.
    metadata.setFromTree(PICTURE_FORMAT, root);
    return metadata;
  }

  private static void entries(IIOMetadataNode table, Palette palette) {
    for (int i = 0; i < palette.size(); i++) {
      int colour = palette.colour(i);
      node(
          table,
          "ColorTableEntry",
          "index",
          i,
          "red",
          colour >> 16 & 255,
          "green",
          colour >> 8 & 255,
          "blue",
          colour & 255);
    }
  }

  /** A further child, with its attributes' names and values in turn. */
  private static IIOMetadataNode node(IIOMetadataNode parent, String name, Object... attributes) {
    IIOMetadataNode child = new IIOMetadataNode(name);
    for (int i = 0; i < attributes.length; i += 2) {
      child.setAttribute(attributes[i].toString(), attributes[i + 1].toString());
    }
    parent.appendChild(child);
    return child;
  }
}
