package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Model;
import lot4j.Shape;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Small Transformer-XLs, texts for them, and their numbers. */
final class TransformerXlCases {
  static final int WORDS = 13;

  private TransformerXlCases() {}

  static TransformerXl small(int layers, int memory) {
    return new TransformerXl(layers, 6, 2, 5, 7, memory, 0, 0, true, List.of(), 1);
  }

  static TransformerXl adaptive(boolean tied, List<Integer> cutoffs, int div) {
    return new TransformerXl(2, 8, 2, 3, 7, 5, 0, 0, tied, cutoffs, div);
  }

  /** In float64, with weights large enough that everything has its say. */
  static Model built(TransformerXl spec, int words) {
    Model model = spec.build(Shape.ofTokens(4), words);
    model.module().to(ScalarType.Double, false);
    try (NoGradGuard constant = new NoGradGuard()) {
      named(model).values().forEach(p -> p.add_(torch.randn_like(p).mul_(new Scalar(0.5))));
    }
    return model;
  }

  static Map<String, Tensor> named(Model model) {
    StringTensorDict dict = model.module().named_parameters();
    Map<String, Tensor> entries = new LinkedHashMap<>();
    for (long i = 0; i < dict.size(); i++) {
      entries.put(dict.get(i).key().getString(), new Tensor(dict.get(i).value()));
    }
    return entries;
  }

  static Tensor text(long time, long batch, int words) {
    long[] ids = new long[(int) (time * batch)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7L + i * i * 3L + 1) % words;
    }
    return torch.tensor(ids).view(time, batch);
  }

  static double[] numbers(Tensor tensor) {
    Tensor flat = tensor.detach().to(ScalarType.Double).contiguous();
    double[] values = new double[(int) flat.numel()];
    flat.data_ptr_double().get(values);
    return values;
  }

  static void same(Tensor actual, Tensor expected, double tolerance) {
    assertThat(numbers(actual)).containsExactly(numbers(expected), within(tolerance));
  }
}
