package lot4j.data;

/** All bytes of a set, one image after the other. */
final class PixelBytes {
  private PixelBytes() {}

  static byte[] of(LabelledImages images) {
    int length = (int) images.shape().count();
    byte[] all = new byte[images.size() * length];
    for (int i = 0; i < images.size(); i++) {
      byte[] array = images.pixels().array(i, new byte[length]);
      System.arraycopy(array, images.pixels().offset(i), all, i * length, length);
    }
    return all;
  }
}
