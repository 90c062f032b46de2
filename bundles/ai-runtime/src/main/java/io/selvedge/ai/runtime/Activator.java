package io.selvedge.ai.runtime;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings up DJL with ONNX Runtime and offers its {@link Engine} as a service with the property
 * {@code engine} ({@code OnnxRuntime}). Who needs an engine takes the service and so never meets
 * DJL before it has been set up. Where ONNX Runtime does not start, a machine without natives of it
 * for example, there is no such service, and the gateway is one without models.
 */
public final class Activator implements BundleActivator {

  private static final Logger log = LoggerFactory.getLogger(Activator.class);

  private static final String ENGINE = "OnnxRuntime";

  @Override
  public void start(BundleContext context) {
    // Read when DJL's first class loads: without it DJL reports its use over the network and may
    // download natives.
    System.setProperty("ai.djl.offline", "true");
    Engine engine;
    try {
      engine = engine();
    } catch (EngineException | IllegalStateException | LinkageError e) {
      log.warn(
          "no models on [{} {}]: ONNX Runtime does not start ({}); it needs glibc on Linux of x86-64"
              + " or aarch64. Rules decide alone",
          System.getProperty("os.name"),
          System.getProperty("os.arch"),
          cause(e));
      log.debug("ONNX Runtime does not start", e);
      return;
    }
    context.registerService(
        Engine.class, engine, FrameworkUtil.asDictionary(Map.of("engine", ENGINE)));
  }

  /** What it comes from: what is thrown says only that the engine failed. */
  static String cause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
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
