package io.selvedge.ai.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The bundle as it is built, in a framework that says on which machine it is. */
class ActivatorTest {

  private static final String ENGINE = "ai.djl.engine.Engine";

  @TempDir Path cache = Path.of("."); // set before each test

  @Test
  void aMachineWithoutNativesHasTheBundleButNoEngine() throws Exception {
    Framework framework = framework(Map.of(Constants.FRAMEWORK_PROCESSOR, "arm_le"));
    try {
      Bundle bundle = install(framework);

      bundle.start();

      assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
      assertThat(framework.getBundleContext().getAllServiceReferences(ENGINE, null)).isNull();
    } finally {
      end(framework);
    }
  }

  @Test
  void whyThereAreNoModelsIsTold() {
    RuntimeException thrown =
        new IllegalStateException("failed", new UnsatisfiedLinkError("no onnxruntime"));

    assertThat(Activator.cause(thrown)).isEqualTo("no onnxruntime");
    assertThat(Activator.cause(new LinkageError())).isEqualTo("java.lang.LinkageError");
  }

  private Framework framework(Map<String, String> more) throws Exception {
    Map<String, String> configuration = new HashMap<>(more);
    configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.slf4j;version=1.7.36");
    Framework framework = new FrameworkFactory().newFramework(configuration);
    framework.start();
    return framework;
  }

  private static Bundle install(Framework framework) throws Exception {
    return framework
        .getBundleContext()
        .installBundle("reference:" + Path.of("target", "classes").toUri());
  }

  private static void end(Framework framework) throws Exception {
    framework.stop();
    framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
  }
}
