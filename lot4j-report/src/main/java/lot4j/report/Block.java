package lot4j.report;

import java.util.List;

/** A part of the report's page, in the order of reading. The same blocks become HTML and JSON. */
sealed interface Block {
  /** A heading; {@code level} 2 or 3. */
  record Heading(int level, String text) implements Block {}

  /** A paragraph; {@code style} is a class of the style sheet, may be empty. */
  record Paragraph(String style, String text) implements Block {}

  /** An answer; {@code tone} is {@code good}, {@code bad} or {@code open}. */
  record Answer(String tone, String head, String text) implements Block {}

  /**
   * A table.
   *
   * @param style a class of the style sheet, may be empty
   * @param rows head first
   * @param marked numbers of the body rows to mark, from 0
   */
  record Grid(String style, List<List<String>> rows, List<Integer> marked) implements Block {
    /** Keeps copies. */
    public Grid {
      rows = rows.stream().map(List::copyOf).toList();
      marked = List.copyOf(marked);
    }
  }

  /** Something to unfold. */
  record Fold(String summary, List<Block> blocks) implements Block {
    /** Keeps a copy. */
    public Fold {
      blocks = List.copyOf(blocks);
    }
  }

  /** Text as it lies in a file. */
  record Code(String text) implements Block {}

  /** A chart with its data. */
  record Chart(Figure figure) implements Block {}
}
