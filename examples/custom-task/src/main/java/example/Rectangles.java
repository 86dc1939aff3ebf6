package example;

import static org.bytedeco.pytorch.global.torch.cross_entropy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.Census;
import lot4j.Exercise;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.train.BatchSource;
import lot4j.train.DataException;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.Split;
import lot4j.train.Task;
import lot4j.train.TaskSpec;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A task of one's own: segmentation. In each noisy image, which pixels belong to the rectangle?
 * Networks give two logits a pixel, [batch, pixels, 2], so every measure of imitability and every
 * method works as it is.
 *
 * @param images how many, 20 or more; a fifth is for testing, another for validation
 * @param splitSeed seed of the images and so of the splits
 */
public record Rectangles(int images, long splitSeed) implements TaskSpec {
  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;
  private static final int CLASSES = 2;

  public Rectangles {
    Require.atLeast("task.images", images, 20);
  }

  @Override
  public Prepared<Batch> prepare(Path dataDirectory, int evalBatchSize) {
    RandomStream random = new Streams(splitSeed).named("rectangles");
    float[][] pictures = new float[images][PIXELS];
    long[][] masks = new long[images][PIXELS];
    for (int i = 0; i < images; i++) {
      int left = random.below(SIDE - 3);
      int top = random.below(SIDE - 3);
      int right = left + 2 + random.below(SIDE - left - 2);
      int bottom = top + 2 + random.below(SIDE - top - 2);
      for (int at = 0; at < PIXELS; at++) {
        int x = at % SIDE;
        int y = at / SIDE;
        masks[i][at] = x >= left && x < right && y >= top && y < bottom ? 1 : 0;
        pictures[i][at] = (float) (masks[i][at] + random.uniform() - 0.5);
      }
    }
    return new Ready(pictures, masks, evalBatchSize);
  }

  /**
   * Images and what is to be found in them.
   *
   * @param images [batch, 1, height, width]
   * @param masks [batch, pixels] of 0 and 1, int64
   */
  private record Batch(Tensor images, Tensor masks) {}

  /** The network of any model, its outputs arranged by pixel. */
  private record ByPixel(Model model) implements Model {
    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Output.logits(model.forward(inputs, memory).logits().view(-1, PIXELS, CLASSES));
    }

    @Override
    public Module module() {
      return model.module();
    }

    @Override
    public boolean stochastic() {
      return model.stochastic();
    }
  }

  /** The images in memory, split, with the task on them. */
  private static final class Ready implements Prepared<Batch>, Task<Batch> {
    private final float[][] pictures;
    private final long[][] masks;
    private final int evalBatchSize;

    Ready(float[][] pictures, long[][] masks, int evalBatchSize) {
      this.pictures = pictures;
      this.masks = masks;
      this.evalBatchSize = evalBatchSize;
    }

    @Override
    public Task<Batch> task() {
      return this;
    }

    @Override
    public Shape input() {
      return Shape.of(1, SIDE, SIDE);
    }

    @Override
    public int outputs() {
      return PIXELS * CLASSES;
    }

    @Override
    public Model build(ModelSpec model) {
      return new ByPixel(model.build(input(), outputs()));
    }

    @Override
    public Census census(ModelSpec model) {
      return model.census(input(), outputs());
    }

    @Override
    public String dataName() {
      return "rectangles";
    }

    @Override
    public List<Source> sources() {
      return List.of(); // made, not read
    }

    @Override
    public Map<String, Long> counts() {
      Map<String, Long> counts = new LinkedHashMap<>();
      for (Split split : List.of(Split.TRAIN, Split.VALID, Split.TEST)) {
        counts.put(split.key(), (long) (end(split) - start(split)));
      }
      return counts;
    }

    private int start(Split split) {
      return switch (split) {
        case TRAIN -> 2 * (pictures.length / 5);
        case VALID -> pictures.length / 5;
        case TEST -> 0;
      };
    }

    private int end(Split split) {
      return split == Split.TRAIN ? pictures.length : start(split) + pictures.length / 5;
    }

    @Override
    public Set<Split> splits() {
      return Set.of(Split.TRAIN, Split.VALID, Split.TEST);
    }

    @Override
    public Primary primary() {
      return new Primary("iou", true);
    }

    @Override
    public Pace taskPace(int batchSize, int accumulate) {
      return Pace.of(end(Split.TRAIN) - start(Split.TRAIN), batchSize, accumulate);
    }

    @Override
    public Pace studentPace(int batchSize, int accumulate) {
      return taskPace(batchSize, accumulate);
    }

    @Override
    public BatchSource<Batch> taskStream(
        Learner teacher, int batchSize, int accumulate, Streams streams) {
      return new Shuffled(this, batchSize, accumulate, streams.named("order.task"));
    }

    @Override
    public BatchSource<Batch> studentStream(
        Learner teacher,
        BatchSource<Batch> taskStream,
        int batchSize,
        int accumulate,
        Streams streams) {
      return new Shuffled(this, batchSize, accumulate, streams.named("order.student"));
    }

    @Override
    public List<Map<String, Double>> scoreOn(
        List<Network> networks, Path dataDirectory, String data) {
      throw new DataException(data + ": there are no other rectangles");
    }

    @Override
    public void close() {}

    /** The images of these numbers; owned by the caller's scope. */
    Batch batch(int[] order, int from, int to) {
      float[] some = new float[(to - from) * PIXELS];
      long[] right = new long[(to - from) * PIXELS];
      for (int i = from; i < to; i++) {
        System.arraycopy(pictures[order[i]], 0, some, (i - from) * PIXELS, PIXELS);
        System.arraycopy(masks[order[i]], 0, right, (i - from) * PIXELS, PIXELS);
      }
      return new Batch(
          torch.tensor(some).view(to - from, 1, SIDE, SIDE),
          torch.tensor(right).view(to - from, PIXELS));
    }

    @Override
    public Exercise exercise(Batch batch) {
      return Exercise.of(batch.images(), output -> loss(output, batch));
    }

    @Override
    public Tensor loss(Output output, Batch batch) {
      return cross_entropy(output.logits().view(-1, CLASSES), batch.masks().view(-1));
    }

    @Override
    public long samples(Batch batch) {
      return batch.images().size(0);
    }

    @Override
    public Map<String, Tensor> observe(Output output, Batch batch) {
      return Map.of(); // nothing of interest beside the loss
    }

    @Override
    public Exercise part(Exercise exercise, double fraction) {
      Tensor inputs = exercise.inputs();
      return new Exercise(
          inputs.narrow(0, 0, Pace.part(inputs.size(0), fraction)),
          exercise.mask(),
          exercise.task());
    }

    @Override
    public Output part(Output output, double fraction) {
      Tensor logits = output.logits();
      return Output.logits(logits.narrow(0, 0, Pace.part(logits.size(0), fraction)));
    }

    /** Intersection over union of the rectangle, over all images; the last entry is the mean's. */
    @Override
    public List<Map<String, Double>> score(List<Network> networks, Split split) {
      List<double[]> counts = new ArrayList<>();
      int all = networks.size() > 1 ? networks.size() + 1 : 1;
      for (int i = 0; i < all; i++) {
        counts.add(new double[2]);
      }
      int[] order = new int[pictures.length];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      for (int at = start(split); at < end(split); at += evalBatchSize) {
        try (PointerScope step = new PointerScope();
            NoGradGuard constant = new NoGradGuard()) {
          Batch batch = batch(order, at, Math.min(end(split), at + evalBatchSize));
          Tensor sum = torch.zeros(1);
          for (int i = 0; i < networks.size(); i++) {
            try (Memory memory = new Memory()) {
              Tensor logits = networks.get(i).forward(batch.images(), memory).logits();
              Tensor probabilities = torch.softmax(logits, -1); // [batch, pixels, 2]
              add(counts.get(i), probabilities, batch);
              sum = sum.add(probabilities);
            }
          }
          if (networks.size() > 1) {
            add(counts.get(networks.size()), sum, batch);
          }
        }
      }
      return counts.stream().map(c -> Map.of("iou", c[1] == 0 ? 0 : c[0] / c[1])).toList();
    }

    private static void add(double[] counts, Tensor probabilities, Batch batch) {
      Tensor found = probabilities.argmax(new LongOptional(-1), false);
      counts[0] += found.mul(batch.masks()).sum().item_double();
      counts[1] += found.add(batch.masks()).clamp_max(new Scalar(1)).sum().item_double();
    }
  }

  /**
   * Epoch after epoch in random order; its state is the generator at the epoch's start, and where.
   */
  private static final class Shuffled implements BatchSource<Batch> {
    private final Ready data;
    private final int batchSize;
    private final int accumulate;
    private final RandomStream random;
    private byte[] epoch;
    private int[] order;
    private int position;

    Shuffled(Ready data, int batchSize, int accumulate, RandomStream random) {
      this.data = data;
      this.batchSize = batchSize;
      this.accumulate = accumulate;
      this.random = random;
      begin();
    }

    private void begin() {
      epoch = random.state();
      order = random.permutation(data.end(Split.TRAIN) - data.start(Split.TRAIN));
      for (int i = 0; i < order.length; i++) {
        order[i] += data.start(Split.TRAIN);
      }
      position = 0;
    }

    @Override
    public List<Batch> next() {
      if (position == order.length) {
        begin();
      }
      List<Batch> batches = new ArrayList<>();
      while (position < order.length && batches.size() < accumulate) {
        int to = Math.min(order.length, position + batchSize);
        batches.add(data.batch(order, position, to));
        position = to;
      }
      return batches;
    }

    @Override
    public void save(StateWriter out) {
      out.bytes("epoch", epoch);
      out.number("position", position);
    }

    @Override
    public void restore(StateReader in) {
      random.state(in.bytes("epoch"));
      begin();
      position = (int) in.number("position");
    }
  }
}
