package io.selvedge.bench.outbox;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench outbox}. */
@Command(
    name = "outbox",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The outbox on this disk: accepted and durable records a second against the disk's own limit"
          + " and Kura's message store, bytes written, opening and memory with 1 and 10 million"
          + " records that wait. 3 minutes, 2 GB of disk."
    })
public final class OutboxBench extends Bench {

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds whose median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "The most records that wait. Default: ${DEFAULT-VALUE}.")
  private int records;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (rounds < 1) {
      throw new UsageException("rounds [" + rounds + "] must be 1 or more");
    }
    if (records < 1000 || records > 20_000_000) {
      throw new UsageException("records [" + records + "] must be 1000 to 20000000");
    }
    double rate = new Rates(work, figures, rounds).measure();
    new AgainstKura(work, figures, rounds).measure(rate);
    for (int perSecond : new int[] {100, 1000, 10_000}) {
      new DeviceBytes(Files.createDirectory(work.resolve("bytes-" + perSecond)), figures)
          .measure(perSecond);
    }
    PendingRecords pending = new PendingRecords(work, figures);
    pending.measure(records / 10);
    pending.measure(records);
  }
}
