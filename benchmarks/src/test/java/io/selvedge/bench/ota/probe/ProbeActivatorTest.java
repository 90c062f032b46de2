package io.selvedge.bench.ota.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.uplink.UplinkListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.launch.Framework;

/** In a framework, where services come whenever they please. */
class ProbeActivatorTest {

  private final AtomicInteger told = new AtomicInteger();

  @TempDir Path directory;
  private Framework framework;

  /** Registers itself as the gateway's own does, both at once. */
  private final class FakeDeployments implements Deployments, UplinkListener {

    private boolean isThere;

    @Override
    public DeploymentStatus status() {
      throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public void connected() {
      told.incrementAndGet();
    }

    void register() {
      isThere = true;
      ServiceRegistration<?> unused =
          framework
              .getBundleContext()
              .registerService(
                  new String[] {Deployments.class.getName(), UplinkListener.class.getName()},
                  this,
                  null);
    }
  }

  @BeforeEach
  void start() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, directory.toString()));
    framework.start();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    assertThat(framework.waitForStop(TimeUnit.MINUTES.toMillis(1))).isNotNull();
  }

  @Test
  void withoutDeploymentsNobodyIsToldYet() {
    assertThat(ProbeActivator.connect(framework.getBundleContext())).isFalse();
    new FakeDeployments().register();
    assertThat(ProbeActivator.connect(framework.getBundleContext())).isTrue();
    assertThat(told).hasValue(1);
  }

  /** They come while the listeners are listed, too late to be among them. */
  @Test
  void deploymentsThatComeAmidItAreToldAllTheSame() {
    BundleContext context = framework.getBundleContext();
    FakeDeployments late = new FakeDeployments();
    AtomicInteger asked = new AtomicInteger();
    FindHook hook =
        (asking, name, filter, all, found) -> {
          boolean listed = UplinkListener.class.getName().equals(name);
          if (!late.isThere && (listed || asked.incrementAndGet() == 2)) {
            late.register();
          }
        };
    ServiceRegistration<FindHook> unused = context.registerService(FindHook.class, hook, null);

    for (int i = 0; i < 9 && !ProbeActivator.connect(context); i++) {
      assertThat(told).hasValue(0);
    }

    assertThat(told).hasValue(1);
  }
}
