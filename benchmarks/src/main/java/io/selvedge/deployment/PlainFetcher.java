package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus.Progress;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.BlockList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The gateway's way to fetch files, in a process without a framework: as it is shipped. */
public final class PlainFetcher {

  private static final long STORE = 1L << 40;

  /** Most bytes that are under way. */
  public static final int WINDOW = 16 << 20;

  private final Path directory;
  private final Meter meter = new Meter(() -> {});
  private final BlobFetcher fetcher;

  /** Fetches into a directory. */
  public PlainFetcher(Supplier<Optional<Uplink>> uplink, Path directory) {
    this.directory = directory;
    Clock clock = Clock.systemUTC();
    TransferRules rules =
        new TransferRules(STORE, 0, WINDOW, Optional.empty(), Set.of(), List.of());
    BlobStore blobs = new BlobStore(directory, new Disk(), STORE, clock);
    fetcher = new BlobFetcher(uplink, blobs, rules, meter, new Quiet(), clock);
  }

  private static final class Quiet implements Events {
    @Override
    public void report(Event.Severity severity, String source, String code, String message) {}

    @Override
    public List<Event> recent(int most) {
      return List.of();
    }
  }

  /** Fetches a file to its end, as a deployment would, again and again where it is cut. */
  public void fetch(Artifact.File file, Source source) throws IOException, InterruptedException {
    fetcher.begin(List.of(new Artifact(Artifact.Kind.MODEL, "bench", "1", List.of(file))));
    while (true) {
      try {
        fetcher.fetch(file, source, () -> false);
        return;
      } catch (TransferException e) {
        Thread.sleep(200); // the deployment's thread is woken when the connection is back
      } catch (Refusal e) {
        throw new IOException(e.code() + ": " + e.reason(), e);
      }
    }
  }

  /** Whether what came is the file, by its own SHA-256: looked at when it is staged. */
  public boolean isWhole(Artifact.File file) throws IOException {
    return BlobStore.sha256(directory.resolve(file.sha256())).equals(file.sha256());
  }

  /** How far it is, and what came for nothing. */
  public Progress progress() {
    return fetcher.progress();
  }

  /** Bytes of an unfinished file that are on the disk and intact. */
  public long intact(Artifact.File file, BlockList list) throws IOException {
    Path sparse = directory.resolve(file.sha256() + ".sparse");
    if (!Files.exists(sparse)) {
      return 0;
    }
    try (BlockFile blocks = new BlockFile(sparse, list, new Disk())) {
      return blocks.done();
    }
  }
}
