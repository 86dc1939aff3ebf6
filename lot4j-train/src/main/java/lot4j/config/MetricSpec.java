package lot4j.config;

import lot4j.Imitability;

/** A measure of imitability before its temperature is known. */
public interface MetricSpec {
  /**
   * The measure.
   *
   * @param temperature divides logits, above 0
   * @param scaleByT2 whether to multiply by the squared temperature
   */
  Imitability with(double temperature, boolean scaleByT2);

  /** Whether it has a temperature; measures of normals have none, theirs must stay 1. */
  boolean tempered();

  /** Whether it measures logits. */
  default boolean ofLogits() {
    return tempered();
  }

  /** Whether it measures hidden features and no answers. */
  default boolean ofFeatures() {
    return false;
  }

  /** Whether it measures diagonal normals. */
  default boolean ofNormals() {
    return !tempered();
  }
}
