package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Downloads;
import io.selvedge.api.uplink.Traffic;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.BlockList;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a file, whichever way it comes. Called on the deployment's thread.
 *
 * <pre>
 *   here already? ── no ──▶ has it a list of blocks, and a second connection?
 *                              │ yes                             │ no
 *                              ▼                                 ▼
 *        blocks of other files here, then by HTTP          piece by piece, over
 *        where that is allowed, then from the hub          the first connection
 *        each block's digest                              the whole file's digest
 * </pre>
 *
 * What was made of blocks is compared with the whole file's digest when it is staged; one that is
 * not it is fetched again, a few times.
 */
final class BlobFetcher {

  private static final Logger log = LoggerFactory.getLogger(BlobFetcher.class);

  /** Room that stays free on the disk for everything else. */
  static final long RESERVE = 32L << 20;

  /** Times that a whole file may come out wrong before it is refused. */
  private static final int TRIES = 3;

  /** Sessions in a row that bring nothing; then the whole transfer waits. */
  private static final int MOST_IDLE_SESSIONS = 6;

  /** Sessions in a row that the broker does not admit, while it takes messages. */
  private static final int MOST_REFUSALS = 3;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private final Supplier<Optional<Uplink>> uplink;
  private final BlobStore blobs;
  private final TransferRules rules;
  private final Meter meter;
  private final Events events;
  private final Clock clock;
  private final OffsetTransfer offsets;
  private final Courtesy courtesy;
  private boolean waits;
  private boolean shared;

  BlobFetcher(
      Supplier<Optional<Uplink>> uplink,
      BlobStore blobs,
      TransferRules rules,
      Meter meter,
      Events events,
      Clock clock) {
    this.uplink = uplink;
    this.blobs = blobs;
    this.rules = rules;
    this.meter = meter;
    this.events = events;
    this.clock = clock;
    offsets = new OffsetTransfer(uplink, blobs);
    courtesy = new Courtesy(() -> uplink.get().map(Uplink::traffic).orElse(Traffic.NONE));
  }

  /** What is fetched next belongs to these. */
  void begin(List<Artifact> artifacts) {
    blobs.need(artifacts);
    meter.begin(artifacts);
  }

  /** How far the newest deployment is. */
  DeploymentStatus.Progress progress() {
    return meter.progress();
  }

  /**
   * Fetches a file that is not here, from where it stopped.
   *
   * @param stop asked between blocks; true ends the transfer
   * @throws TransferException no connection, no answer, not the time of the day, or stopped; call
   *     again later
   * @throws Refusal the hub does not have the file, or it is not what the deployment says
   */
  void fetch(Artifact.File file, Source source, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    while (true) {
      int wrong = blobs.timesWrong(file);
      if (blobs.has(file)) {
        meter.here(file, file.size());
        return;
      }
      if (blobs.timesWrong(file) > wrong) {
        meter.refetched(file.size());
      }
      requireTrust(file);
      requireTime();
      BooleanSupplier ends = () -> stop.getAsBoolean() || !rules.allows(LocalTime.now(clock));
      Optional<Downloads> downloads = uplink.get().flatMap(Uplink::downloads);
      boolean inBlocks = source.blocks().isPresent() && downloads.isPresent() && !shared;
      boolean whole =
          inBlocks ? inBlocks(file, source, downloads.get(), ends) : inPieces(file, ends);
      if (whole) {
        meter.here(file, file.size());
        return;
      }
      meter.refetched(file.size());
    }
  }

  /** Refuses what came wrong too often. */
  private void requireTrust(Artifact.File file) throws Refusal {
    if (blobs.timesWrong(file) < TRIES) {
      return;
    }
    blobs.forgive(file);
    throw new Refusal(
        "artifact.digest_mismatch",
        "file ["
            + file.path()
            + "] came "
            + TRIES
            + " times with another SHA-256 than ["
            + file.sha256()
            + "], as the deployment says; deploy it again");
  }

  private void requireTime() throws TransferException {
    if (rules.allows(LocalTime.now(clock))) {
      waits = false;
      return;
    }
    if (!waits) {
      waits = true;
      events.report(
          Event.Severity.INFO,
          "deployment",
          "deployment.waits",
          "files come from ["
              + rules.timeOfDay().orElseThrow().from()
              + "] to ["
              + rules.timeOfDay().orElseThrow().to()
              + "] only, as configured (time.of.day); the deployment waits");
    }
    throw new TransferException("it is not the time of the day for files");
  }

  private void requireRoom(Artifact.File file, long here) throws IOException, Refusal {
    long needed = file.size() - here + RESERVE;
    if (blobs.room() < needed && blobs.makeRoom(needed) < needed) {
      throw new Refusal(
          "artifact.no_room",
          "file ["
              + file.path()
              + "] needs ["
              + needed
              + "] bytes with the reserve, the disk has ["
              + blobs.room()
              + "]; make room and deploy again");
    }
  }

  private boolean inPieces(Artifact.File file, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    requireRoom(file, blobs.partSize(file));
    offsets.transfer(file, stop, meter);
    return blobs.complete(file);
  }

  private boolean inBlocks(
      Artifact.File file, Source source, Downloads downloads, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    try (EarlySession sessions = new EarlySession(downloads)) {
      return inBlocks(file, source, sessions, stop);
    }
  }

  private boolean inBlocks(
      Artifact.File file, Source source, EarlySession sessions, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    BlockList list = list(file, source, sessions, stop);
    try (BlockFile target = blobs.blocks(file, list)) {
      requireRoom(file, target.done());
      LocalBlocks.fill(target, list, blobs.lists());
      meter.here(file, target.done());
      BlockTransfer.Job job =
          new BlockTransfer.Job(file, source.blocks().orElseThrow(), list, target, meter);
      Pace pace = new Pace(rules.mostWindow(), rules.bytesPerSecond(), courtesy, System.nanoTime());
      byHttp(source, job, pace, stop);
      if (!fromHub(sessions, job, pace, stop)) {
        return inPieces(file, stop);
      }
      blobs.complete(file, target);
      return true;
    }
  }

  private BlockList list(
      Artifact.File file, Source source, EarlySession sessions, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    String sha256 = source.blocks().orElseThrow().listSha256();
    Optional<BlockList> kept = blobs.list(file, sha256);
    if (kept.isPresent()) {
      return kept.get();
    }
    if (source.url().isEmpty()) {
      sessions.begin(); // nothing of the file is here: it will come from the hub
    }
    byte[] bytes = offsets.list(file, sha256, stop);
    try {
      BlockList list = BlockList.parse(bytes);
      if (list.size() == file.size()) {
        blobs.keepList(file, bytes);
        return list;
      }
    } catch (IllegalArgumentException e) {
      log.debug("No list", e);
    }
    throw new Refusal(
        "artifact.wrong_blocks",
        "list of blocks ["
            + sha256
            + "] is not one of file ["
            + file.path()
            + "]; deploy it again");
  }

  private void byHttp(Source source, BlockTransfer.Job job, Pace pace, BooleanSupplier stop)
      throws TransferException, IOException, InterruptedException {
    if (source.url().isEmpty() || job.target().isComplete()) {
      return;
    }
    URI url;
    try {
      url = new URI(source.url().get());
    } catch (java.net.URISyntaxException e) {
      log.debug("No address", e);
      return;
    }
    if (!rules.allows(url)) {
      return;
    }
    try {
      new HttpTransfer(url, job, pace, HttpTransfer.TIMEOUT).run(stop);
    } catch (IOException e) {
      log.info(
          "File [{}] does not come from [{}]: {}; the hub is asked",
          job.file().path(),
          url.getHost(),
          e.toString());
    }
  }

  /** False where the broker allows no second connection. */
  private boolean fromHub(
      Downloads downloads, BlockTransfer.Job job, Pace pace, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    int idle = 0;
    int refusals = 0;
    while (true) {
      LocalBlocks.repeat(job.target(), job.list());
      if (job.target().isComplete()) {
        return true;
      }
      long before = job.target().done();
      Uplink way =
          uplink.get().orElseThrow(() -> new TransferException("there is no way to the hub"));
      TransferException why;
      try {
        new BlockTransfer(way, job, pace).run(downloads, stop);
        continue;
      } catch (BlockTransfer.NoSession e) {
        refusals += way.status().connected() ? 1 : 0;
        why = e;
      } catch (TransferException e) {
        why = e;
      }
      pace.cut(System.nanoTime());
      if (job.target().done() > before) {
        pause = FIRST_PAUSE_MILLIS;
        idle = 0;
        refusals = 0;
      }
      idle++;
      if (refusals >= MOST_REFUSALS && job.target().done() == 0) {
        goShared(why);
        return false;
      }
      if (stop.getAsBoolean() || idle >= MOST_IDLE_SESSIONS) {
        throw why;
      }
      log.debug("Transfer of [{}] goes on in a moment", job.file().path(), why);
      TimeUnit.MILLISECONDS.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  private void goShared(TransferException why) {
    shared = true;
    events.report(
        Event.Severity.WARNING,
        "deployment",
        "deployment.files_shared",
        why.getMessage()
            + "; files come with the messages until the next start. Let the broker admit the"
            + " client id that ends with /files, or set files.connection = shared in"
            + " io.selvedge.mqtt.cfg");
  }
}
