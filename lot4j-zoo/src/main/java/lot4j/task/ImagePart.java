package lot4j.task;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lot4j.data.LabelledImages;

/**
 * Some images of a set with the labels they are used with, which may differ from the set's.
 *
 * @param images all images
 * @param rows which of them
 * @param labels one for each row, or none
 */
record ImagePart(LabelledImages images, List<Integer> rows, List<Integer> labels) {
  ImagePart {
    rows = List.copyOf(rows);
    labels = List.copyOf(labels);
  }

  /** Rows with their own labels. */
  static ImagePart labelled(LabelledImages images, List<Integer> rows) {
    return labelled(images, rows, images::label);
  }

  /** Rows with the labels that {@code label} gives them. */
  static ImagePart labelled(LabelledImages images, List<Integer> rows, IntUnaryOperator label) {
    return new ImagePart(images, rows, rows.stream().map(label::applyAsInt).toList());
  }

  /** Rows without labels. */
  static ImagePart unlabelled(LabelledImages images, List<Integer> rows) {
    return new ImagePart(images, rows, List.of());
  }

  /** Whether the label at a place is not the set's own. */
  boolean isNoisy(int index) {
    return labels.get(index) != images.label(rows.get(index));
  }

  /** Whether any label is not the set's own. */
  boolean isNoisy() {
    return IntStream.range(0, labels.size()).anyMatch(this::isNoisy);
  }

  int size() {
    return rows.size();
  }
}
