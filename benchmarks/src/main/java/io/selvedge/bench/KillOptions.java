package io.selvedge.bench;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a bench that kills is told: how often, and which faults. */
public final class KillOptions {

  private final int least;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description =
          "Kills in all, some of them of the gateway as shipped. Default: ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Draws the same faults again; when they strike is up to the machine.")
  private @Nullable Long seed;

  /**
   * Of one bench.
   *
   * @param otherwise kills where nothing is said
   * @param least fewer would show nothing
   */
  public KillOptions(int otherwise, int least) {
    kills = otherwise;
    this.least = least;
  }

  /** Kills in all. */
  public int kills() {
    if (kills < least) {
      throw new UsageException("kills [" + kills + "] must be at least " + least);
    }
    return kills;
  }

  /** The seed, drawn where none was given, and told. */
  public long seed(Figures figures) {
    long chosen =
        Optional.ofNullable(seed).orElseGet(() -> ThreadLocalRandom.current().nextLong(1 << 30));
    figures.progress("seed " + chosen);
    return chosen;
  }
}
