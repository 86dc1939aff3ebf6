package lot4j.report;

/** stub */
final class Picture {
  static String of(Comparison c) {
    return "";
  }
}
