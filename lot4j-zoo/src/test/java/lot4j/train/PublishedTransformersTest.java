package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.checkpoint.Safetensors;
import lot4j.model.vision.Swin;
import lot4j.model.vision.Vit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with published names, read into networks, give the logits of plain Java. */
class PublishedTransformersTest {
  private static final int CLASSES = 5;

  @TempDir Path temporary;

  private static final Vit VIT = new Vit(4, 8, 2, 2, 2, 0, 0);
  private static final Swin SWIN = new Swin(2, 8, List.of(2, 2, 1), List.of(2, 4, 4), 4, 2, 0, 0);
  private static final Shape VIT_IMAGE = Shape.of(3, 12, 8);

  /** Grids of 8×16, 4×8 and 2×4: shifted both ways, one way, windows cut short. */
  private static final Shape SWIN_IMAGE = Shape.of(3, 16, 32);

  private static void layer(Map<String, long[]> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }

  private static void norm(Map<String, long[]> shapes, String name, long width) {
    shapes.put(name + ".weight", new long[] {width});
    shapes.put(name + ".bias", new long[] {width});
  }

  private static void block(Map<String, long[]> shapes, String name, long width) {
    norm(shapes, name + ".norm1", width);
    layer(shapes, name + ".attn.qkv", 3 * width, width);
    layer(shapes, name + ".attn.proj", width, width);
    norm(shapes, name + ".norm2", width);
    layer(shapes, name + ".mlp.fc1", 2 * width, width);
    layer(shapes, name + ".mlp.fc2", width, 2 * width);
  }

  /** timm's names for a ViT of width 8 and depth 2 with patches of 4. */
  private static Map<String, long[]> vit(long patches) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("cls_token", new long[] {1, 1, 8});
    shapes.put("pos_embed", new long[] {1, patches + 1, 8});
    shapes.put("patch_embed.proj.weight", new long[] {8, 3, 4, 4});
    shapes.put("patch_embed.proj.bias", new long[] {8});
    block(shapes, "blocks.0", 8);
    block(shapes, "blocks.1", 8);
    norm(shapes, "norm", 8);
    layer(shapes, "head", CLASSES, 8);
    return shapes;
  }

  /** timm's names for {@link #SWIN}. */
  private static Map<String, long[]> swin() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("patch_embed.proj.weight", new long[] {8, 3, 2, 2});
    shapes.put("patch_embed.proj.bias", new long[] {8});
    norm(shapes, "patch_embed.norm", 8);
    String[] blocks = {"0.blocks.0", "0.blocks.1", "1.blocks.0", "1.blocks.1", "2.blocks.0"};
    long[][] tables = {{49, 2}, {49, 2}, {49, 4}, {49, 4}, {21, 4}};
    for (int i = 0; i < blocks.length; i++) {
      block(shapes, "layers." + blocks[i], 8L << (blocks[i].charAt(0) - '0'));
      shapes.put("layers." + blocks[i] + ".attn.relative_position_bias_table", tables[i]);
    }
    for (int stage = 1; stage <= 2; stage++) {
      norm(shapes, "layers." + stage + ".downsample.norm", 16L << stage);
      String name = "layers." + stage + ".downsample.reduction.weight";
      shapes.put(name, new long[] {8L << stage, 16L << stage});
    }
    norm(shapes, "norm", 32);
    layer(shapes, "head.fc", CLASSES, 32);
    return shapes;
  }

  /** Random weights, float32 in the file, the same numbers in the map. */
  private static Map<String, double[]> random(Map<String, long[]> shapes) {
    Random random = new Random(8);
    Map<String, double[]> all = new HashMap<>();
    shapes.forEach(
        (name, shape) -> {
          int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
          double scale = name.endsWith("weight") && shape.length > 1 ? 0.4 : 0.3;
          double shift = name.contains("norm") && name.endsWith("weight") ? 1 : 0;
          all.put(
              name,
              random.doubles(count).map(d -> (float) (shift + scale * (2 * d - 1))).toArray());
        });
    return all;
  }

  private Path write(Map<String, long[]> shapes, Map<String, double[]> values) {
    Path path = temporary.resolve("model.safetensors");
    Map<String, Tensor> tensors = new HashMap<>();
    shapes.forEach(
        (name, shape) ->
            tensors.put(name, torch.tensor(values.get(name)).view(shape).to(ScalarType.Float)));
    Safetensors.write(path, tensors, Map.of("format", "pt"));
    return path;
  }

  private static Map<String, Tensor> tensors(Model model) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    StringTensorDict named = model.module().named_parameters();
    for (long i = 0; i < named.size(); i++) {
      all.put(named.get(i).key().getString(), new Tensor(named.get(i).value()));
    }
    assertThat(model.module().named_buffers().size()).isZero();
    return all;
  }

  /** The logits, in double precision, of a network that has read the file. */
  private static double[] logits(ModelSpec spec, double[][][] image, Path file, String note) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      Shape shape = Shape.of(image.length, image[0].length, image[0][0].length);
      Model model = spec.build(shape, CLASSES);
      model.module().to(ScalarType.Double, false);
      model.module().eval();
      assertThat(new InitFrom("teacher", file, false).fill(model, tensors(model))).endsWith(note);
      double[] flat =
          Arrays.stream(image).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
      Tensor one = torch.tensor(flat).view(1, shape.size(0), shape.size(1), shape.size(2));
      Tensor two = torch.cat(new TensorVector(one.neg(), one), 0);
      double[] numbers = new double[CLASSES];
      model.forward(two, memory).logits().select(0, 1).contiguous().data_ptr_double().get(numbers);
      return numbers;
    }
  }

  private static double[][][] image(Shape shape) {
    Random random = new Random(3);
    double[][][] image =
        new double[shape.sizes().get(0).intValue()][shape.sizes().get(1).intValue()][];
    for (double[][] channel : image) {
      for (int row = 0; row < channel.length; row++) {
        channel[row] = random.doubles(shape.sizes().get(2)).map(d -> 4 * d - 2).toArray();
      }
    }
    return image;
  }

  private static List<Long> sizes(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).mapToObj(tensor::size).toList();
  }

  private static void named(ModelSpec spec, Shape input, Map<String, long[]> shapes) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, List<Long>> own = new HashMap<>();
      tensors(spec.build(input, CLASSES)).forEach((name, t) -> own.put(name, sizes(t)));
      Map<String, List<Long>> published = new HashMap<>();
      shapes.forEach((name, shape) -> published.put(name, Arrays.stream(shape).boxed().toList()));
      assertThat(own.keySet()).isEqualTo(published.keySet());
      assertThat(own).isEqualTo(published);
    }
  }

  @Test
  void aVitsFile() {
    Map<String, long[]> shapes = vit(6);
    named(VIT, VIT_IMAGE, shapes);
    Map<String, double[]> weights = random(shapes);
    double[][][] image = image(VIT_IMAGE);
    try (PointerScope scope = new PointerScope()) {
      Path file = write(shapes, weights);
      assertThat(logits(VIT, image, file, ", 32 tensors"))
          .containsExactly(new TransformerReference(weights).vit(image, 4, 2, 2), within(1e-10));
    }
  }

  @Test
  void aVitsFileForAnotherSize() {
    Map<String, long[]> shapes = vit(9);
    Map<String, double[]> weights = random(shapes);
    double[][][] image = image(Shape.of(3, 20, 8));
    try (PointerScope scope = new PointerScope()) {
      Path file = write(shapes, weights);
      double[] before = weights.get("pos_embed");
      double[] after = Arrays.copyOf(before, 11 * 8);
      for (int channel = 0; channel < 8; channel++) {
        double[][] grid = new double[3][3];
        for (int place = 0; place < 9; place++) {
          grid[place / 3][place % 3] = before[(place + 1) * 8 + channel];
        }
        double[][] resized = TransformerReference.bicubic(grid, 5, 2);
        for (int place = 0; place < 10; place++) {
          after[(place + 1) * 8 + channel] = resized[place / 2][place % 2];
        }
      }
      weights.put("pos_embed", after);
      assertThat(logits(VIT, image, file, "; resized: pos_embed [1, 10, 8] to [1, 11, 8]"))
          .containsExactly(new TransformerReference(weights).vit(image, 4, 2, 2), within(1e-5));
    }
  }

  private static double[] reference(Map<String, double[]> weights, double[][][] image) {
    return new TransformerReference(weights)
        .swin(image, 2, new int[] {2, 2, 1}, new int[] {2, 4, 4}, 4);
  }

  @Test
  void aSwinsFile() {
    Map<String, long[]> shapes = swin();
    named(SWIN, SWIN_IMAGE, shapes);
    Map<String, double[]> weights = random(shapes);
    double[][][] image = image(SWIN_IMAGE);
    try (PointerScope scope = new PointerScope()) {
      Path file = write(shapes, weights);
      assertThat(logits(SWIN, image, file, ", 79 tensors"))
          .containsExactly(reference(weights, image), within(1e-10));
    }
  }

  @Test
  void aSwinsFileWithThePapersNamesAndTables() {
    Map<String, double[]> weights = random(swin());
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Map<String, double[]> values = new HashMap<>();
    swin()
        .forEach(
            (name, shape) -> {
              String old =
                  name.replace("layers.1.downsample", "layers.0.downsample")
                      .replace("layers.2.downsample", "layers.1.downsample")
                      .replace("head.fc", "head");
              shapes.put(old, shape);
              values.put(old, weights.get(name));
            });
    for (String more : List.of("attn_mask", "attn.relative_position_index")) {
      shapes.put("layers.0.blocks.1." + more, new long[] {1});
      values.put("layers.0.blocks.1." + more, new double[1]);
    }
    double[][][] image = image(SWIN_IMAGE);
    try (PointerScope scope = new PointerScope()) {
      Path file = write(shapes, values);
      assertThat(logits(SWIN, image, file, ", 79 tensors"))
          .containsExactly(reference(weights, image), within(1e-10));
    }
  }

  /** A table of 7×7 relative positions for windows of 4 becomes one of 3×3 for windows of 2. */
  @Test
  void aSwinsFileForAnotherWindow() {
    Map<String, long[]> shapes = swin();
    shapes.put("layers.2.blocks.0.attn.relative_position_bias_table", new long[] {9, 4});
    Map<String, double[]> weights = random(shapes);
    double[][][] image = image(SWIN_IMAGE);
    Swin other = new Swin(2, 8, List.of(2, 2, 1), List.of(2, 4, 4), 2, 2, 0, 0);
    try (PointerScope scope = new PointerScope()) {
      Path file = write(shapes, weights);
      weights.replaceAll(
          (name, table) -> {
            int heads = table.length / 49;
            if (!name.endsWith("bias_table") || table.length % 49 != 0) {
              return table;
            }
            double[] out = new double[9 * heads];
            for (int head = 0; head < heads; head++) {
              double[][] grid = new double[7][7];
              for (int place = 0; place < 49; place++) {
                grid[place / 7][place % 7] = table[place * heads + head];
              }
              double[][] resized = TransformerReference.bicubic(grid, 3, 3);
              for (int place = 0; place < 9; place++) {
                out[place * heads + head] = resized[place / 3][place % 3];
              }
            }
            return out;
          });
      double[] expected =
          new TransformerReference(weights)
              .swin(image, 2, new int[] {2, 2, 1}, new int[] {2, 4, 4}, 2);
      assertThat(logits(other, image, file, ", …")).containsExactly(expected, within(1e-5));
    }
  }
}
