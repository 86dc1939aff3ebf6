package lot4j.model.vision;

import java.util.List;
import java.util.Optional;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxValue;

/** A Swin Transformer as nodes of a graph. */
final class SwinGraph {
  private SwinGraph() {}

  /** From images, [batch, channels, height, width], to logits, [batch, outputs]. */
  static OnnxValue of(Swin spec, List<Swin.Grid> grids, OnnxGraph graph) {
    OnnxValue x =
        graph
            .input()
            .patches("patch_embed.proj")
            .transposed(0, 2, 3, 1)
            .layerNorm("patch_embed.norm", Swin.EPSILON);
    for (int stage = 0; stage < grids.size(); stage++) {
      Swin.Grid grid = grids.get(stage);
      String layer = "layers." + stage;
      if (stage > 0) {
        x = merged(x, layer + ".downsample", grid, spec.channels(stage));
      }
      for (int i = 0; i < spec.depths().get(stage); i++) {
        Windows windows = grid.windows(spec.window(), i % 2 == 1);
        String block = layer + ".blocks." + i;
        OnnxValue seen = seen(graph, x, block, windows, spec.channels(stage), heads(spec, stage));
        x = TokenGraph.fedForward(x.plus(seen), block, Swin.EPSILON);
      }
    }
    return x.layerNorm("norm", Swin.EPSILON).mean(1, 2).linear("head.fc");
  }

  private static long heads(Swin spec, int stage) {
    return spec.heads().get(stage);
  }

  private static OnnxValue merged(OnnxValue x, String layer, Swin.Grid grid, long channels) {
    return x.shaped(0, grid.height(), 2, grid.width(), 2, channels / 2)
        .transposed(0, 1, 3, 4, 2, 5)
        .shaped(0, grid.height(), grid.width(), 2 * channels)
        .layerNorm(layer + ".norm", Swin.EPSILON)
        .projected(layer + ".reduction");
  }

  private static OnnxValue seen(
      OnnxGraph graph, OnnxValue x, String block, Windows windows, long channels, long heads) {
    OnnxValue bias = windows.bias(graph, block + "." + Swin.TABLE);
    OnnxValue cut = windows.split(x.layerNorm(block + ".norm1", Swin.EPSILON), channels);
    return windows.join(
        TokenGraph.attend(cut, block + ".attn", channels, heads, 4, Optional.of(bias)), channels);
  }
}
