package io.selvedge.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** A plugin author needs this bundle and nothing else: it must start where it is alone. */
class ApiResolvesAloneTest {

  @Test
  void startsInAFrameworkThatHoldsNothingElse(@TempDir Path cache) throws Exception {
    Framework framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    cache.toString(),
                    Constants.FRAMEWORK_STORAGE_CLEAN,
                    Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
    framework.start();
    try {
      Bundle api =
          framework
              .getBundleContext()
              .installBundle("reference:" + Path.of("target", "classes").toUri());

      api.start();

      assertThat(api.getState()).isEqualTo(Bundle.ACTIVE);
      assertThat(api.getSymbolicName()).isEqualTo("io.selvedge.api");
      assertThat(api.getHeaders().get(Constants.EXPORT_PACKAGE))
          .contains("io.selvedge.api.device;version=\"0.2.0\"");
    } finally {
      framework.stop();
      framework.waitForStop(10_000);
    }
  }
}
