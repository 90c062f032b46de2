package io.selvedge.bench.rollout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Goes into bundles with which a gateway does not last; its header says how. */
public final class FailingActivator implements BundleActivator {

  static final String HEADER = "X-Fails";

  /** Header: a file that is made as soon as it hangs. */
  static final String MARK = "X-Mark";

  /** How. */
  enum Way {
    RUNS,
    HALTS,
    HANGS,
    EXITS_LATER
  }

  private static final int EXIT_CODE = 7;
  private static final long LOOK_MILLIS = 50;

  /** The switch is written after the start; a minute of life would prove the bundle good. */
  private static final long LIVE_MILLIS = 3000;

  @Override
  public void start(BundleContext context) throws Exception {
    switch (Way.valueOf(context.getBundle().getHeaders("").get(HEADER))) {
      case RUNS -> {
        // That is all.
      }
      case HALTS -> Runtime.getRuntime().halt(EXIT_CODE);
      case HANGS -> {
        Files.createFile(Path.of(context.getBundle().getHeaders("").get(MARK)));
        new CountDownLatch(1).await();
      }
      case EXITS_LATER -> exitLater(context);
    }
  }

  /** When it has been live for a moment: not from its own start, which the end would wait for. */
  private static void exitLater(BundleContext context) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (context.getBundle().getState() != Bundle.ACTIVE) {
                  Thread.sleep(LOOK_MILLIS);
                }
                Thread.sleep(LIVE_MILLIS);
                System.exit(0);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "test-exit");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void stop(BundleContext context) {
    // Nothing is left of it.
  }
}
