package io.selvedge.ai.runtime;

import ai.djl.engine.Engine;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * Brings up DJL with ONNX Runtime and offers its {@link Engine} as a service with the property
 * {@code engine} ({@code OnnxRuntime}). Who needs an engine takes the service and so never meets
 * DJL before it has been set up.
 */
public final class Activator implements BundleActivator {

  private static final String ENGINE = "OnnxRuntime";

  @Override
  public void start(BundleContext context) {
    // Read when DJL's first class loads: without it DJL reports its use over the network and may
    // download natives.
    System.setProperty("ai.djl.offline", "true");
    context.registerService(
        Engine.class, engine(), FrameworkUtil.asDictionary(Map.of("engine", ENGINE)));
  }

  @Override
  public void stop(BundleContext context) {
    // The framework withdraws the service. The native library stays until the process ends.
  }

  /** DJL looks for its engines with the context class loader, when its first class loads. */
  private static Engine engine() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Activator.class.getClassLoader());
    try {
      Engine engine = Engine.getEngine(ENGINE);
      engine.newBaseManager().close(); // loads the natives now, not at the first prediction
      return engine;
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
