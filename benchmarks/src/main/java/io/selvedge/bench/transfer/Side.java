package io.selvedge.bench.transfer;

import io.selvedge.api.uplink.Uplink;
import io.selvedge.bench.Waiting;
import io.selvedge.deployment.PlainFetcher;
import io.selvedge.mqtt.PlainUplink;
import io.selvedge.outbox.SegmentOutbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The gateway's side of a transfer: connection, outbox and fetcher as shipped. */
final class Side implements AutoCloseable {

  static final String ID = "bench";
  private static final Duration CONNECT = Duration.ofSeconds(60);

  private final PlainUplink uplink;
  private final PlainFetcher fetcher;

  Side(Path directory, int port) throws IOException, InterruptedException {
    uplink =
        new PlainUplink(
            Map.of("selvedge.gateway.id", ID, "selvedge.data", directory.toString()),
            Map.of("broker", "tcp://127.0.0.1:" + port, "longest.pause.seconds", "1"),
            SegmentOutbox::open);
    fetcher = new PlainFetcher(() -> Optional.of(uplink.uplink()), directory.resolve("blobs"));
    awaitConnection();
  }

  /** A fetcher with an empty store of its own. */
  PlainFetcher fresh(Path directory) {
    return new PlainFetcher(() -> Optional.of(uplink.uplink()), directory);
  }

  void awaitConnection() throws IOException, InterruptedException {
    Waiting.until(CONNECT, "connection", () -> uplink.uplink().status().connected());
  }

  Uplink uplink() {
    return uplink.uplink();
  }

  PlainFetcher fetcher() {
    return fetcher;
  }

  @Override
  public void close() {
    uplink.close();
  }
}
