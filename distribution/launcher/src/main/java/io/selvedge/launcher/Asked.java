package io.selvedge.launcher;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/**
 * Whether the process ends because somebody outside asked for it: by SIGTERM (stop, the service
 * manager), SIGINT (Ctrl-C) or SIGHUP. Then the JVM's own thread of that signal has begun the end;
 * a bundle that calls {@link System#exit} has begun it on a thread of its own.
 */
final class Asked {

  /** What bundles may look at while they are stopped; {@code true} where it was asked for. */
  static final String PROPERTY = "selvedge.stop.asked";

  private Asked() {}

  /** For a shutdown hook. */
  static boolean bySignal() {
    return bySignal(Thread.getAllStackTraces());
  }

  static boolean bySignal(Map<Thread, StackTraceElement[]> threads) {
    return threads.entrySet().stream()
        .filter(one -> one.getKey().getName().matches("SIG(TERM|INT|HUP) handler"))
        .map(Map.Entry::getValue)
        .map(Arrays::asList)
        .flatMap(Collection::stream)
        .anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"));
  }
}
