package lot4j.train;

import java.util.List;
import java.util.OptionalLong;
import lot4j.ModelSpec;
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
    if (prepared.normals()
        && catalog.method(config.method()).recipe().spec(config, catalog).needsClasses()) {
      throw new DataException(
          prepared.dataName()
              + ": method "
              + config.method()
              + " is not allowed; it needs classes, and the networks here predict a number");
    }
    config
        .imitate()
        .ifPresent(imitate -> require("imitate.metric", imitate.metric(), prepared, catalog));
    if (catalog.method(config.method()).lot()) {
      require("lot.teacher-metric", config.lot().teacherMetric(), prepared, catalog);
      require("lot.student-metric", config.lot().studentMetric(), prepared, catalog);
      requireFeatures(
          "lot.teacher-metric", config.lot().teacherMetric(), config, prepared, catalog);
      requireFeatures(
          "lot.student-metric", config.lot().studentMetric(), config, prepared, catalog);
    }
  }

  /** A measure of features needs networks that show them, all equally wide. */
  private static void requireFeatures(
      String key, String metric, RunConfig config, Prepared<?> prepared, Catalog catalog) {
    boolean ofFeatures =
        catalog
            .entry(Category.METRIC, metric)
            .map(entry -> ((MetricSpec) entry.defaults()).ofFeatures())
            .orElse(false);
    if (!ofFeatures || config.equalCompute().isPresent()) {
      return;
    }
    OptionalLong teacher = features(config.teacher().spec(), prepared);
    for (int i = 0; i < config.students().size(); i++) {
      OptionalLong student = features(config.students().get(i).spec(), prepared);
      if (teacher.isEmpty() || !student.equals(teacher)) {
        throw new DataException(
            key
                + " = "
                + metric
                + " is not allowed with students["
                + i
                + "], whose last layer takes "
                + shown(student)
                + "; the teacher's takes "
                + shown(teacher)
                + ", equally wide ones can be compared");
      }
    }
  }

  private static OptionalLong features(ModelSpec spec, Prepared<?> prepared) {
    return spec.features(prepared.input(), prepared.outputs());
  }

  private static String shown(OptionalLong features) {
    return features.isPresent() ? features.getAsLong() + " features" : "no features that it shows";
  }

  private static void require(String key, String metric, Prepared<?> prepared, Catalog catalog) {
    List<String> fitting =
        catalog.entries(Category.METRIC).stream()
            .filter(entry -> entry.name().equals(entry.canonical()))
            .filter(entry -> fits((MetricSpec) entry.defaults(), prepared))
            .map(Catalog.Entry::name)
            .toList();
    String canonical =
        catalog.entry(Category.METRIC, metric).map(Catalog.Entry::canonical).orElse(metric);
    if (!fitting.contains(canonical)) {
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
