package lot4j.train;

import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.MetricSpec;
import lot4j.config.RunConfig;

/** Whether a run's measures of imitability fit what its networks say, known before any training. */
final class MetricFit {
  private MetricFit() {}

  /**
   * Requires that they do.
   *
   * @throws DataException naming the key, the measure, and those that fit
   */
  static void require(RunConfig config, Prepared<?> prepared, Catalog catalog) {
    if (catalog.method(config.method()).lot()) {
      require("lot.teacher-metric", config.lot().teacherMetric(), prepared, catalog);
      require("lot.student-metric", config.lot().studentMetric(), prepared, catalog);
    }
  }

  private static void require(String key, String metric, Prepared<?> prepared, Catalog catalog) {
    List<String> fitting =
        catalog.entries(Category.METRIC).stream()
            .filter(entry -> entry.name().equals(entry.canonical()))
            .filter(entry -> fits((MetricSpec) entry.defaults(), prepared))
            .map(Catalog.Entry::name)
            .toList();
    if (!fitting.contains(metric)) {
      throw new DataException(
          prepared.dataName()
              + ": "
              + key
              + " = "
              + metric
              + " is not allowed; one of "
              + (prepared.normals() ? "diagonal normals: " : "logits: ")
              + String.join(", ", fitting));
    }
  }

  private static boolean fits(MetricSpec metric, Prepared<?> prepared) {
    return prepared.normals() ? metric.ofNormals() : metric.ofLogits();
  }
}
