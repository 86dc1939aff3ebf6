package example;

import lot4j.Imitability;
import lot4j.config.Catalog;
import lot4j.config.Extension;
import lot4j.config.MetricSpec;

/** The names of this jar; listed in {@code META-INF/services/lot4j.config.Extension}. */
public final class Names implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.metric("cosine", new Cosine(), "1 minus the cosine of the probabilities");
  }

  private record Cosine() implements MetricSpec {
    @Override
    public Imitability with(double temperature, boolean scaleByT2) {
      return new CosineDistance(temperature);
    }

    @Override
    public boolean tempered() {
      return true;
    }
  }
}
