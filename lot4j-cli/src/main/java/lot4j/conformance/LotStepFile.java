package lot4j.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Lesson;
import lot4j.Model;
import lot4j.Schedule;
import lot4j.Shape;
import lot4j.Student;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.Catalog;
import lot4j.method.LotMethod;
import lot4j.method.Method;
import lot4j.method.Order;
import lot4j.method.RegularizeOn;
import lot4j.method.Setting;
import lot4j.method.StudentTargets;
import lot4j.method.Update;
import lot4j.model.vision.Activation;
import lot4j.model.vision.Mlp;
import lot4j.optim.Clip;
import lot4j.optim.Descender;
import lot4j.optim.Sgd;
import lot4j.optim.Weights;
import lot4j.task.ImageBatch;
import lot4j.task.ImageTask;
import lot4j.train.BatchSource;
import lot4j.train.DivergedException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One scenario of {@code lot_step.json}: whole updates of teacher and students, through the method,
 * the algorithm, the task, the model and the optimizer that training uses.
 */
final class LotStepFile {
  private final JsonNode root;
  private final JsonNode scenario;
  private final ScalarType type;
  private final Tally tally;
  private final Map<String, Weights> weights = new LinkedHashMap<>();

  LotStepFile(JsonNode root, JsonNode scenario, ScalarType type, Tally tally) {
    this.root = root;
    this.scenario = scenario;
    this.type = type;
    this.tally = tally;
  }

  static Tally.Tolerance tolerance(JsonNode scenario, ScalarType type) {
    double single = Math.max(1e-6, 10 * scenario.path("max_abs_weight_diff_f32_f64").asDouble());
    return type == ScalarType.Double
        ? expected -> 1e-9 * Math.max(1, Math.abs(expected))
        : expected -> single;
  }

  void run() {
    JsonNode expected = scenario.required(type == ScalarType.Double ? "float64" : "float32");
    try (PointerScope scope = new PointerScope()) {
      Learner teacher = learner("teacher");
      List<Student> students = new ArrayList<>();
      for (int i = 0; i < scenario.required("students").size(); i++) {
        students.add(
            new Student(
                learner(scenario.required("students").required(i).asText()),
                scenario.required("lambda").get(i).asDouble()));
      }
      InOrder taskStream = new InOrder(root.required("Bt"));
      InOrder studentStream = new InOrder(root.required("Bs"));
      Method method =
          method()
              .over(
                  new Setting<>(
                      ImageTask.withoutSplits(), teacher, students, taskStream, studentStream));
      for (int update = 0; update < scenario.required("updates").asInt(); update++) {
        try (PointerScope step = new PointerScope()) {
          compare(
              "steps[" + update + "]",
              expected.required("steps").required(update),
              method.update(update));
        }
        if (update == 0 && expected.has("weights_after_1")) {
          compareWeights("weights_after_1", expected.required("weights_after_1"));
        }
      }
      compareWeights("weights_final", expected.required("weights_final"));
      if (expected.has("student_batches_used")) {
        tally.compare(
            "student_batches_used",
            new double[] {expected.required("student_batches_used").asDouble()},
            new double[] {studentStream.used});
      }
    } catch (DivergedException diverged) {
      tally.miss("update", diverged.getMessage()); // a wrong answer, not the end of the check
    } finally {
      weights.values().forEach(Weights::close);
    }
  }

  private LotMethod method() {
    boolean released = scenario.required("objective").asText().equals("released");
    double alpha = scenario.required("alpha").asDouble();
    return new LotMethod(
        Schedule.constant(alpha),
        scenario.required("N").asInt(),
        metric("teacher_metric"),
        metric("student_metric"),
        released ? 1 : 0,
        released ? Optional.empty() : Optional.of(1.0),
        Order.valueOf(scenario.required("order").asText().toUpperCase(java.util.Locale.ROOT)),
        scenario.required("reg_on").asText().equals("Bt")
            ? RegularizeOn.TASK_BATCH
            : RegularizeOn.STUDENT_BATCH,
        0,
        1,
        1,
        StudentTargets.FRESH,
        true);
  }

  private Imitability metric(String key) {
    return Catalog.load()
        .metric(
            scenario.get(key).asText(),
            scenario.required("temperature").asDouble(),
            scenario.required("T2_scaling").asBoolean());
  }

  /** A learner with the file's initial weights. */
  private Learner learner(String name) {
    JsonNode spec = root.required("models").required(name);
    JsonNode dims = spec.required("dims");
    List<Integer> hidden = new ArrayList<>();
    for (int i = 1; i < dims.size() - 1; i++) {
      hidden.add(dims.get(i).asInt());
    }
    Activation activation =
        switch (spec.required("activation").asText()) {
          case "tanh" -> Activation.TANH;
          case "relu" -> Activation.RELU;
          case "gelu_erf" -> Activation.GELU;
          default ->
              throw new IllegalArgumentException("activation " + spec.required("activation"));
        };
    Model model =
        new Mlp(hidden, activation, 0)
            .build(Shape.of(dims.get(0).asLong()), dims.get(dims.size() - 1).asInt());
    model.module().to(type, false);
    Weights own = Weights.of(model.module());
    weights.put(name, own);
    List<Tensor> parameters = new ArrayList<>(own.parameters().values());
    JsonNode init = root.required("init").required(name);
    try (NoGradGuard constant = new NoGradGuard()) {
      for (int layer = 0; layer < init.size(); layer++) {
        parameters.get(2 * layer).copy_(Numbers.tensor(init.get(layer).get(0), type));
        parameters.get(2 * layer + 1).copy_(Numbers.tensor(init.get(layer).get(1), type));
      }
    }
    JsonNode optimizer = scenario.required("optimizer");
    Sgd sgd =
        new Sgd(
            optimizer.required("lr").asDouble(),
            optimizer.required("momentum").asDouble(),
            optimizer.required("nesterov").asBoolean(),
            optimizer.required("weight_decay").asDouble(),
            new Clip(OptionalDouble.empty()));
    return Learner.of(model, Descender.of(name, own, sgd));
  }

  private void compare(String at, JsonNode expected, Update update) {
    JsonNode teacher = expected.required("teacher");
    tally.compare(at + ".teacher.ce", teacher.required("ce"), update.taskLoss());
    tally.compare(at + ".teacher.loss", teacher.required("loss"), update.loss());
    JsonNode mu = teacher.required("mu");
    for (int i = 0; i < mu.size(); i++) {
      tally.compare(
          at + ".teacher.mu[" + i + "]", mu.get(i), update.penalty().orElseThrow().each().get(i));
    }
    JsonNode lessons = expected.required("students");
    if (lessons.size() != update.lessons().size()) {
      tally.miss(
          at + ".students",
          lessons.size() + " student steps expected, " + update.lessons().size() + " made");
      return;
    }
    for (int k = 0; k < lessons.size(); k++) {
      for (int i = 0; i < lessons.get(k).size(); i++) {
        Lesson.Mark mark = update.lessons().get(k).students().get(i);
        String where = at + ".students[" + k + "][" + i + "]";
        JsonNode step = lessons.get(k).get(i);
        tally.compare(where + ".mu", step.required("mu"), mark.imitability());
        tally.compare(where + ".loss", step.required("loss"), mark.loss());
        if (step.path("ce").isNumber() != mark.task().isPresent()) {
          tally.miss(where + ".ce", "one of expected and found has labels, the other has not");
        } else if (mark.task().isPresent()) {
          tally.compare(where + ".ce", step.required("ce"), mark.task().get());
        }
      }
    }
  }

  private void compareWeights(String at, JsonNode expected) {
    for (Iterator<Map.Entry<String, JsonNode>> i = expected.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      Weights own = weights.get(entry.getKey());
      if (own == null) {
        tally.miss(at + "." + entry.getKey(), "no such learner in this scenario");
        continue;
      }
      List<Tensor> parameters = new ArrayList<>(own.parameters().values());
      for (int layer = 0; layer < entry.getValue().size(); layer++) {
        String where = at + "." + entry.getKey() + "[" + layer + "]";
        JsonNode pair = entry.getValue().get(layer);
        tally.compare(where + "[0]", pair.get(0), parameters.get(2 * layer));
        tally.compare(where + "[1]", pair.get(1), parameters.get(2 * layer + 1));
      }
    }
  }

  /** The file's batches, each used once, in order. */
  private final class InOrder implements BatchSource<ImageBatch> {
    private final JsonNode batches;
    private int used;

    InOrder(JsonNode batches) {
      this.batches = batches;
    }

    @Override
    public List<ImageBatch> next() {
      JsonNode batch = batches.required(used++);
      return List.of(
          new ImageBatch(
              Numbers.tensor(batch.required("x"), type),
              Optional.of(Numbers.tensor(batch.required("y"), ScalarType.Long))));
    }

    @Override
    public void save(StateWriter out) {
      out.number("used", used);
    }

    @Override
    public void restore(StateReader in) {
      used = Math.toIntExact(in.number("used"));
    }
  }
}
