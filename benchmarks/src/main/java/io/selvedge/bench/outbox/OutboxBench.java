package io.selvedge.bench.outbox;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.UsageException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench outbox}. */
@Command(
    name = "outbox",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "The outbox on this disk: accepted and durable records a second. 1 minute.")
public final class OutboxBench extends Bench {

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds whose median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (rounds < 1) {
      throw new UsageException("rounds [" + rounds + "] must be 1 or more");
    }
    new Rates(work, figures, rounds).measure();
  }
}
