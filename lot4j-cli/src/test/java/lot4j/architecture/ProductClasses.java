package lot4j.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** What users get: neither tests nor the testkit. */
final class ProductClasses implements ImportOption {
  @Override
  public boolean includes(Location location) {
    return !location.contains("test-classes")
        && !location.contains("lot4j-testkit")
        && !location.contains("/testkit/")
        && !location.contains("-tests.jar");
  }
}
