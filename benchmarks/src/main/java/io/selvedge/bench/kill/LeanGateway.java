package io.selvedge.bench.kill;

import io.selvedge.bench.injector.Injector;
import io.selvedge.mqtt.PlainUplink;
import io.selvedge.outbox.CutDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The process that is killed most often: the gateway's outbox and connection without the rest, on a
 * {@link CutDisk}, so that killing it is cutting its power. It starts in a fraction of a second.
 */
public final class LeanGateway {

  private static final int SEGMENT = 64 * 1024;
  private static final long BUDGET = 64L << 20;

  private LeanGateway() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments id, data directory, broker, password, port of the injection, undo log, and
   *     whether forcing a file does anything
   */
  public static void main(String[] arguments) throws IOException {
    String id = arguments[0];
    Path undoLog = Path.of(arguments[5]);
    boolean syncs = Boolean.parseBoolean(arguments[6]);
    PlainUplink uplink =
        new PlainUplink(
            Map.of("selvedge.gateway.id", id, "selvedge.data", arguments[1]),
            Map.of(
                "broker",
                arguments[2],
                "user",
                id,
                ".password",
                arguments[3],
                "commit.interval.ms",
                "5",
                "longest.pause.seconds",
                "1",
                "outbox.when.full",
                "refuse-newest"),
            (directory, options) ->
                CutDisk.open(
                    directory,
                    options
                        .withSegmentSize(SEGMENT)
                        .withBudget(BUDGET)
                        .withStateInterval(Duration.ofMillis(50)),
                    undoLog,
                    syncs));
    try (uplink) {
      new Injector(Integer.parseInt(arguments[4]), uplink.uplink()).run();
    }
  }
}
