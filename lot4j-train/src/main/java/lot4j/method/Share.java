package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import lot4j.Lesson;
import lot4j.Penalty;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Puts together what the batches of one accumulated step measured, weighted by their samples. */
final class Share {
  private Share() {}

  static Tensor of(Tensor value, double share) {
    return share == 1 ? value : value.mul(new Scalar(share));
  }

  /** 0 of nothing: another process has the batches of this step. */
  static Tensor sum(List<Tensor> values, List<Double> shares) {
    if (values.isEmpty()) {
      return torch.zeros(new long[0]);
    }
    Tensor sum = of(values.get(0), shares.get(0));
    for (int i = 1; i < values.size(); i++) {
      sum = sum.add(of(values.get(i), shares.get(i)));
    }
    return sum;
  }

  /**
   * The penalties of a step's batches, of which there may be none here.
   *
   * @param students how many each of them is of
   */
  static Penalty penalties(List<Penalty> parts, List<Double> shares, int students) {
    if (whole(parts, shares)) {
      return parts.get(0);
    }
    List<Tensor> each = new ArrayList<>();
    for (int student = 0; student < students; student++) {
      int i = student;
      each.add(sum(parts.stream().map(p -> p.each().get(i)).toList(), shares));
    }
    return new Penalty(
        sum(parts.stream().map(p -> p.term().detach()).toList(), shares),
        sum(parts.stream().map(Penalty::imitability).toList(), shares),
        each);
  }

  private static boolean whole(List<?> parts, List<Double> shares) {
    return parts.size() == 1 && shares.get(0) == 1;
  }

  /** The lessons of a step's batches, of which there may be none here, for each student. */
  static Lesson lessons(List<Lesson> parts, List<Double> shares, int students) {
    if (whole(parts, shares)) {
      return parts.get(0);
    }
    List<Lesson.Mark> marks = new ArrayList<>();
    for (int student = 0; student < students; student++) {
      int i = student;
      List<Lesson.Mark> of = parts.stream().map(p -> p.students().get(i)).toList();
      marks.add(
          new Lesson.Mark(
              !of.isEmpty() && of.get(0).task().isPresent()
                  ? java.util.Optional.of(
                      sum(of.stream().map(m -> m.task().orElseThrow()).toList(), shares))
                  : java.util.Optional.empty(),
              sum(of.stream().map(Lesson.Mark::imitability).toList(), shares),
              sum(of.stream().map(Lesson.Mark::loss).toList(), shares)));
    }
    return new Lesson(marks);
  }
}
