package io.selvedge.api.deployment;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stop of the gateway that somebody asked for: {@code selvedge stop}, the service manager,
 * Ctrl-C. It says nothing about what is new and has not proved itself, so the start that it ends
 * does not count as one that failed.
 */
public final class AskedStop {

  /**
   * So many in a row, with no start between them that lasted, do not count; those after them do,
   * since what asks may be a watchdog that finds the gateway sick.
   */
  public static final int MOST = 10;

  /** Set by the launcher before it stops the first bundle. */
  private static final String PROPERTY = "selvedge.stop.asked";

  private AskedStop() {}

  /**
   * Whether the gateway ends because of one; for what is being deactivated.
   *
   * @param property the framework's, as {@code BundleContext.getProperty} gives them
   */
  public static boolean endsIt(Function<String, @Nullable String> property) {
    return Boolean.parseBoolean(property.apply(PROPERTY));
  }
}
