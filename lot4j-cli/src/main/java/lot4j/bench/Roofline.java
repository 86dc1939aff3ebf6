package lot4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How much of a machine a step uses: the floating-point operations that its networks were asked for
 * over the time that it takes, beside what a large matrix product reaches on the same threads in
 * the same round. After S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual
 * performance model", 2009; what is missing to the product is work that is no arithmetic of
 * networks, small products, and waiting for memory.
 */
final class Roofline implements Benchmark {
  private static final int ROUNDS = 5;
  private static final String UNIT = "GFLOP/s";
  private static final List<Subject> SUBJECTS =
      List.of(Subject.IMAGES, Subject.LSTM, Subject.TRANSFORMER_XL, Subject.ACTOR_CRITIC);

  @Override
  public String name() {
    return "roofline";
  }

  @Override
  public String about() {
    return "arithmetic over time of teacher-only steps, beside a large matrix product";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    List<Series> all = new ArrayList<>();
    try (GeneratedImages images = GeneratedImages.make();
        GeneratedText text = GeneratedText.make()) {
      for (String precision : List.of("float32", "bfloat16")) {
        for (int threads : settings.threads(1)) {
          List<Variant> variants = new ArrayList<>();
          variants.add(new Product(threads, precision));
          for (Subject subject : SUBJECTS) {
            Workload workload =
                Workload.of(subject, subject.title(), threads, settings, "precision=" + precision);
            Path data = subject == Subject.IMAGES ? images.directory() : text.directory();
            variants.add(new Step(workload, new Repeated(workload, data)));
          }
          String where = precision + ", " + ImageStep.threads(threads) + ": ";
          all.addAll(table(where, rounds.of(UNIT, variants)));
        }
      }
    }
    return new Findings(
        name(),
        all,
        List.of(
            "Operations are counted from shapes, a multiplication and an addition as two, backward"
                + " as two forwards; activations, norms, losses and optimizers count as none."));
  }

  private static List<Series> table(String where, Map<String, Series> series) {
    Series product = series.get(Product.NAME);
    List<Series> table = new ArrayList<>();
    series.forEach(
        (name, each) -> {
          long share = Math.round(100 * each.over(product, name).median());
          String beside = each == product ? "" : share + " % of the product";
          table.add(new Series(where + name, UNIT, each.values(), beside));
        });
    return table;
  }

  /** A product of two square matrices that is far larger than any cache of a core. */
  private static final class Product implements Variant {
    static final String NAME = "matrix product";
    private static final long SIDE = 2048;

    private final int threads;
    private final PointerScope scope = new PointerScope();
    private final Tensor left;
    private final Tensor right;

    Product(int threads, String precision) {
      this.threads = threads;
      ScalarType type = precision.equals("bfloat16") ? ScalarType.BFloat16 : ScalarType.Float;
      this.left = torch.randn(SIDE, SIDE).to(type);
      this.right = torch.randn(SIDE, SIDE).to(type);
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public double round(double seconds) {
      Threads.use(threads);
      double each = 2.0 * SIDE * SIDE * SIDE;
      return each / 1e9 * Repeated.rate(seconds, this::once);
    }

    private long once() {
      try (PointerScope inner = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        Tensor unused = left.mm(right);
        return 1;
      }
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  /** A teacher-only step by the trainer's own method. */
  private record Step(Workload workload, Repeated repeated) implements Variant {
    @Override
    public String name() {
      return workload.name();
    }

    @Override
    public double round(double seconds) {
      repeated.warm(1);
      double time = repeated.secondsPerUpdate(seconds);
      return repeated.flopsPerUpdate() / time / 1e9;
    }

    @Override
    public void close() {
      repeated.close();
    }
  }
}
