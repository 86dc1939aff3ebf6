package lot4j.model.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lot4j.ModelSpec;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.junit.jupiter.api.Test;

/**
 * Names and shapes of torchvision's published weights, put together from the layers' tables and not
 * from the networks under test, so that those files load as they are.
 */
class TorchvisionNamesTest {
  private final Map<String, List<Long>> expected = new TreeMap<>();

  private void conv(String name, long out, long in, long kernel) {
    expected.put(name + ".weight", List.of(out, in, kernel, kernel));
  }

  private void norm(String name, long width) {
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      expected.put(name + "." + part, List.of(width));
    }
    expected.put(name + ".num_batches_tracked", List.of());
  }

  private void linear(String name, long out, long in) {
    expected.put(name + ".weight", List.of(out, in));
    expected.put(name + ".bias", List.of(out));
  }

  private void requireSame(ModelSpec spec) {
    try (PointerScope scope = new PointerScope()) {
      Module module = spec.build(Shape.of(3, 32, 32), 1000).module();
      Map<String, List<Long>> own = new TreeMap<>();
      Weights.named(module.named_parameters()).forEach((n, t) -> own.put(n, Weights.shape(t)));
      Weights.named(module.named_buffers()).forEach((n, t) -> own.put(n, Weights.shape(t)));
      assertThat(own).isEqualTo(expected);
    }
  }

  @Test
  void resNet18() {
    conv("conv1", 64, 3, 7);
    norm("bn1", 64);
    long in = 64;
    for (int stage = 1; stage <= 4; stage++) {
      long out = 32L << stage;
      for (int block = 0; block < 2; block++) {
        String name = "layer" + stage + "." + block;
        conv(name + ".conv1", out, block == 0 ? in : out, 3);
        norm(name + ".bn1", out);
        conv(name + ".conv2", out, out, 3);
        norm(name + ".bn2", out);
      }
      if (stage > 1) {
        conv("layer" + stage + ".0.downsample.0", out, in, 1);
        norm("layer" + stage + ".0.downsample.1", out);
      }
      in = out;
    }
    linear("fc", 1000, 512);
    requireSame(new ResNet(18));
  }

  @Test
  void resNet50() {
    conv("conv1", 64, 3, 7);
    norm("bn1", 64);
    int[] blocks = {3, 4, 6, 3};
    long in = 64;
    for (int stage = 1; stage <= 4; stage++) {
      long planes = 32L << stage;
      for (int block = 0; block < blocks[stage - 1]; block++) {
        String name = "layer" + stage + "." + block;
        conv(name + ".conv1", planes, block == 0 ? in : 4 * planes, 1);
        norm(name + ".bn1", planes);
        conv(name + ".conv2", planes, planes, 3);
        norm(name + ".bn2", planes);
        conv(name + ".conv3", 4 * planes, planes, 1);
        norm(name + ".bn3", 4 * planes);
      }
      conv("layer" + stage + ".0.downsample.0", 4 * planes, in, 1);
      norm("layer" + stage + ".0.downsample.1", 4 * planes);
      in = 4 * planes;
    }
    linear("fc", 1000, 2048);
    requireSame(new ResNet(50));
  }

  @Test
  void mobileNetV2() {
    conv("features.0.0", 32, 3, 3);
    norm("features.0.1", 32);
    long[] outs = {16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};
    conv("features.1.conv.0.0", 32, 1, 3);
    norm("features.1.conv.0.1", 32);
    conv("features.1.conv.1", 16, 32, 1);
    norm("features.1.conv.2", 16);
    for (int i = 2; i <= 17; i++) {
      String name = "features." + i + ".conv.";
      long in = outs[i - 2];
      conv(name + "0.0", 6 * in, in, 1);
      norm(name + "0.1", 6 * in);
      conv(name + "1.0", 6 * in, 1, 3);
      norm(name + "1.1", 6 * in);
      conv(name + "2", outs[i - 1], 6 * in, 1);
      norm(name + "3", outs[i - 1]);
    }
    conv("features.18.0", 1280, 320, 1);
    norm("features.18.1", 1280);
    linear("classifier.1", 1000, 1280);
    requireSame(new MobileNetV2());
  }
}
