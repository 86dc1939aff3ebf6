package lot4j.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lot4j.Lesson;
import lot4j.Penalty;
import lot4j.checkpoint.Parcel;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.distributed.Company;
import lot4j.distributed.Solo;
import lot4j.method.Update;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Means of what the updates measured since the last line. Numbers stay on the device as they come
 * and are read many at a time, so that the loop does not wait for each; the order of additions, and
 * so every bit of a mean, does not depend on when they are read.
 *
 * <p>On a CPU there is nothing to wait for, and they are read at once: kept, each would hold its
 * place in the C library's heap between the large tensors of its step, and the hole left by those
 * might not fit the next step's. An LSTM with 10,000 words grew by 14 MB a step that way.
 */
final class Ledger implements Stateful, AutoCloseable {
  private static final int READ_AT_ONCE = 256;

  private final Map<String, double[]> sums = new LinkedHashMap<>(); // {sum, weight}
  private final List<Entry> pending = new ArrayList<>();

  private record Entry(String name, double weight, Tensor value) {}

  void add(Update update) {
    double n = update.samples();
    if (n > 0) { // else there was nothing to learn, and nothing to take a mean of
      add("teacher/loss", n, update.loss());
      add("teacher/task_loss", n, update.taskLoss());
      update.penalty().ifPresent(penalty -> add(penalty, n));
      // In an order of their own: that of the map is another one in every process.
      new TreeMap<>(update.observed()).forEach((name, value) -> add("teacher/" + name, n, value));
    }
    for (Lesson lesson : update.lessons()) {
      for (int i = 0; i < lesson.students().size(); i++) {
        Lesson.Mark mark = lesson.students().get(i);
        String student = "student" + i;
        add(student + "/loss", 1, mark.loss());
        mark.task().ifPresent(task -> add(student + "/task_loss", 1, task));
        add(student + "/imitability", 1, mark.imitability());
      }
    }
    new TreeMap<>(update.others()).forEach((name, value) -> add(name, 1, value));
    if (pending.size() >= READ_AT_ONCE) {
      read();
    }
  }

  private void add(Penalty penalty, double n) {
    add("teacher/imitability", n, penalty.imitability());
    add("teacher/penalty", n, penalty.term().detach());
  }

  private void add(String name, double weight, Tensor value) {
    if (value.is_cpu()) {
      count(name, weight, value.item_double());
    } else {
      pending.add(new Entry(name, weight, value.retainReference()));
    }
  }

  private void count(String name, double weight, double value) {
    double[] sum = sums.computeIfAbsent(name, each -> new double[2]);
    sum[0] += weight * value;
    sum[1] += weight;
  }

  /** The means since the last call, in the order in which they first came; starts anew. */
  Map<String, Double> means() {
    return means(new Solo());
  }

  /**
   * The same over all processes. Each has a part of every sum; the means over all are rank 0's, who
   * weighs all.
   */
  Map<String, Double> means(Company company) {
    read();
    if (company.size() > 1) {
      List<byte[]> all = company.gather(Parcel.of(this::save));
      all.stream().skip(1).forEach(this::addPart);
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
    sums.clear();
    return means;
  }

  private void addPart(byte[] part) {
    Ledger other = new Ledger();
    Parcel.open(part, other::restore);
    other.sums.forEach(
        (name, sum) -> sums.computeIfAbsent(name, each -> new double[] {0, sum[1]})[0] += sum[0]);
  }

  private void read() {
    if (pending.isEmpty()) {
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      TensorVector values = new TensorVector();
      pending.forEach(entry -> values.push_back(entry.value().to(ScalarType.Double)));
      Tensor together = torch.stack(values).cpu();
      DoublePointer numbers = together.data_ptr_double();
      for (int i = 0; i < pending.size(); i++) {
        count(pending.get(i).name(), pending.get(i).weight(), numbers.get(i));
      }
    }
    close();
  }

  @Override
  public void save(StateWriter out) {
    read();
    out.text("names", String.join("\n", sums.keySet()));
    sums.forEach(
        (name, sum) -> {
          out.real(name + ".sum", sum[0]);
          out.real(name + ".weight", sum[1]);
        });
  }

  @Override
  public void restore(StateReader in) {
    close();
    sums.clear();
    in.text("names")
        .lines()
        .forEach(
            name ->
                sums.put(name, new double[] {in.real(name + ".sum"), in.real(name + ".weight")}));
  }

  @Override
  public void close() {
    pending.forEach(entry -> entry.value().close());
    pending.clear();
  }
}
