package io.selvedge.api.bus;

import java.time.Duration;
import java.util.Objects;

/**
 * How a line is read.
 *
 * @param pull what holds the line where nothing drives it
 * @param edges which changes are noted
 * @param debounce how long a level must hold to count; zero for at once
 * @param activeLow whether low counts as on
 */
public record InputOptions(Pull pull, Edges edges, Duration debounce, boolean activeLow) {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** What holds a line where nothing drives it. */
  public enum Pull {
    /** As the board has set it. */
    AS_IS,
    NONE,
    UP,
    DOWN
  }

  /** Which changes are noted. */
  public enum Edges {
    NONE,
    RISING,
    FALLING,
    BOTH
  }

  public InputOptions {
    Objects.requireNonNull(pull, "pull must not be null; give AS_IS");
    Objects.requireNonNull(edges, "edges must not be null; give NONE");
    if (debounce.isNegative() || debounce.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "debounce [" + debounce + "] must be from 0 to 60 s; contacts take 1 to 50 ms");
    }
  }

  public InputOptions(Pull pull, Edges edges, Duration debounce) {
    this(pull, edges, debounce, false);
  }

  /** A level that is looked at, as the board has set the line. */
  public static InputOptions level() {
    return new InputOptions(Pull.AS_IS, Edges.NONE, Duration.ZERO);
  }

  /** Both edges, as the board has set the line. */
  public static InputOptions bothEdges() {
    return new InputOptions(Pull.AS_IS, Edges.BOTH, Duration.ZERO);
  }

  /** Both edges of a contact to ground: pulled up, on where it is closed. */
  public static InputOptions contact(Duration debounce) {
    return new InputOptions(Pull.UP, Edges.BOTH, debounce, true);
  }
}
