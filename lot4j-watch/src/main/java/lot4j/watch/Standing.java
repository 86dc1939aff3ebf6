package lot4j.watch;

import java.util.Locale;

/** How a run stands: what its manifest says, and whether somebody is at it. */
enum Standing {
  /** A process works on it. */
  RUNNING,
  /** Planned by a comparison or sweep, not begun. */
  WAITING,
  /** Begun and not finished, and no process of this machine is at it: killed, or copied here. */
  SILENT,
  /** Stopped after a checkpoint. */
  INTERRUPTED,
  /** Finished. */
  DONE,
  /** Stopped by an error. */
  FAILED,
  /** A loss became infinite or not a number. */
  DIVERGED,
  /** Its {@code run.json} cannot be read. */
  UNREADABLE;

  private static final int LONGEST_TEXT = 300;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is nothing more to do. */
  boolean isOver() {
    return this == DONE || this == FAILED || this == DIVERGED;
  }

  /** What {@code run.json} says. */
  static Standing recorded(String word) {
    return switch (word) {
      case "running" -> RUNNING;
      case "interrupted" -> INTERRUPTED;
      case "done" -> DONE;
      case "failed" -> FAILED;
      case "diverged" -> DIVERGED;
      default -> UNREADABLE;
    };
  }

  /** A text of a file, no longer than a list can use. */
  static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
