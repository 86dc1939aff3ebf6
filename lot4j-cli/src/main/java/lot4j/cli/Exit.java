package lot4j.cli;

/** Exit codes, part of the command line's contract. */
final class Exit {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int DATA = 3;
  static final int DIVERGED = 4;
  static final int INTERRUPTED = 130;

  private Exit() {}
}
