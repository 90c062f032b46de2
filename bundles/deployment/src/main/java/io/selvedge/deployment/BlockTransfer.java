package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.uplink.Downloads;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.BlockRequest;
import io.selvedge.protocol.transfer.Digest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * One file's missing blocks over one session: asks for many at once, verifies and writes each that
 * comes, asks again for what did not come. Blocks come in the order in which they were asked for,
 * so that one that comes tells that those asked before it are lost. Asks and writes on the
 * deployment's thread; what comes is handed on through {@link BlockCheck}, and where that is full
 * the connection waits.
 */
final class BlockTransfer {

  private static final int MOST_STALLS = 3;

  /** Times that one block may come out wrong. */
  private static final int MOST_DAMAGED = 3;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final long LOOK_NANOS = 50_000_000L;

  private final Uplink uplink;
  private final Artifact.File file;
  private final Source.Blocks source;
  private final BlockList list;
  private final BlockFile target;
  private final Pace pace;
  private final Meter meter;
  private final BlockCheck check;
  private final Queue<Refused> refused = new ConcurrentLinkedQueue<>();
  private volatile Optional<String> unsent = Optional.empty();
  private final BitSet wanted = new BitSet();
  private final int[] damaged;
  private final Deque<Asked> underWay = new ArrayDeque<>();
  private long bytesUnderWay;
  private int number;
  private long lastArrival;
  private long waited;

  /** A block that was asked for. */
  private record Asked(int block, int number, long at) {}

  /** A request that the hub did not take. */
  private record Refused(int number, Reply reply) {}

  /** There is no connection for files. */
  static final class NoSession extends TransferException {
    private static final long serialVersionUID = 1;

    NoSession(IOException cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** What is fetched, and whither. */
  record Job(
      Artifact.File file, Source.Blocks source, BlockList list, BlockFile target, Meter meter) {}

  BlockTransfer(Uplink uplink, Job job, Pace pace) {
    this.uplink = uplink;
    file = job.file();
    source = job.source();
    list = job.list();
    target = job.target();
    check = new BlockCheck(list);
    meter = job.meter();
    this.pace = pace;
    damaged = new int[list.count()];
    Set<Digest> seen = new HashSet<>();
    for (int i = target.nextMissing(0); i < list.count(); i = target.nextMissing(i + 1)) {
      if (seen.add(list.digest(i))) {
        wanted.set(i); // its like are copied in the end
      }
    }
  }

  /**
   * Fetches until nothing is missing.
   *
   * @param stop true ends the transfer
   * @throws TransferException the session ended, nothing comes any more, or stopped
   */
  void run(Downloads downloads, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    try (Downloads.Session session = open(downloads);
        check) {
      check.start();
      lastArrival = System.nanoTime();
      int stalls = 0;
      while (!wanted.isEmpty() || !underWay.isEmpty()) {
        requireGoingOn(session, stop);
        ask(session);
        long from = System.nanoTime();
        BlockCheck.Arrival message = check.poll(patience());
        waited += System.nanoTime() - from;
        if (message != null) {
          take(message);
          waited = 0;
          stalls = 0;
        } else if (isStalled(stalls)) {
          stalls++;
          loseAll();
          if (stalls >= MOST_STALLS) {
            throw new TransferException("no block has come for [" + stalls + "] requests");
          }
        }
      }
    }
  }

  /** Until something has to be looked at, or more may be asked for. */
  private long patience() {
    long more = wanted.isEmpty() ? 0 : pace.nanosToMore();
    return more > 0 ? Math.min(LOOK_NANOS, more) : LOOK_NANOS;
  }

  private Downloads.Session open(Downloads downloads) throws NoSession, InterruptedException {
    try {
      return downloads.open(check::arrived);
    } catch (IOException e) {
      throw new NoSession(e);
    }
  }

  private void requireGoingOn(Downloads.Session session, BooleanSupplier stop)
      throws TransferException, Refusal, InterruptedException {
    if (stop.getAsBoolean()) {
      throw new TransferException("stopped");
    }
    if (session.ended().isPresent() && check.isEmpty()) {
      throw new TransferException("connection for files is lost: " + session.ended().get());
    }
    if (unsent.isPresent() && check.isEmpty()) {
      throw new TransferException("the hub was not asked for blocks: " + unsent.get());
    }
    for (Refused one = refused.poll(); one != null; one = refused.poll()) {
      OffsetTransfer.require(file, one.reply());
    }
  }

  private void ask(Downloads.Session session) {
    long now = System.nanoTime();
    long allowed = wanted.isEmpty() ? 0 : pace.allowed(bytesUnderWay, now);
    if (allowed <= 0) {
      return;
    }
    int first = wanted.nextSetBit(0);
    BitSet bits = new BitSet();
    int mine = number + 1;
    long bytes = 0;
    for (int i = first;
        i >= 0 && i - first < BlockRequest.MOST_SPAN;
        i = wanted.nextSetBit(i + 1)) {
      if (bytes > 0 && bytes + list.length(i) > allowed) {
        break;
      }
      bits.set(i - first);
      bytes += list.length(i);
      underWay.add(new Asked(i, mine, now));
    }
    bits.stream().forEach(bit -> wanted.clear(first + bit));
    number = mine;
    if (bytesUnderWay == 0) {
      lastArrival = now;
    }
    pace.asked(bytes, bytesUnderWay, now);
    target.syncEarly(pace.isGentle());
    bytesUnderWay += bytes;
    send(new BlockRequest(file.sha256(), source.listSha256(), session.name(), mine, first, bits));
  }

  private void send(BlockRequest request) {
    uplink
        .request(BlockRequest.APP, request.toRequest(), TIMEOUT)
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                unsent = Optional.of(String.valueOf(failure.getMessage()));
              } else if (reply.code() != 200) {
                refused.add(new Refused(request.number(), reply));
              }
            });
  }

  private void take(BlockCheck.Arrival message) throws Refusal, IOException {
    long now = System.nanoTime();
    int of = message.number();
    int bytes = 0;
    BlockRun run = new BlockRun(target);
    for (BlockCheck.Checked block : message.blocks()) {
      if (isWanted(block, of, now)) {
        run.add(block.index(), block.bytes());
      }
      bytes += list.length(block.index());
    }
    run.write();
    pace.came(bytes, of, waited, now);
    meter.here(file, target.done());
  }

  /** Counts a block that came; tells whether it is to be written. */
  private boolean isWanted(BlockCheck.Checked block, int of, long now) throws Refusal {
    int length = list.length(block.index());
    if (!isUnderWay(block.index(), of)) {
      meter.refetched(length); // it was given up, and comes after all
      boolean useful = !target.has(block.index()) && block.intact();
      if (useful) {
        wanted.clear(block.index());
      }
      return useful;
    }
    Asked asked = underWay.remove();
    if (asked.block() != block.index() || asked.number() != of) {
      pace.lost(now);
    }
    while (asked.block() != block.index() || asked.number() != of) {
      lose(asked);
      asked = underWay.remove();
    }
    bytesUnderWay -= length;
    pace.roundTrip(now - asked.at());
    lastArrival = now;
    if (target.has(block.index())) {
      meter.refetched(length);
      return false;
    }
    if (block.intact()) {
      return true;
    }
    meter.refetched(length);
    damaged[block.index()]++;
    if (damaged[block.index()] >= MOST_DAMAGED) {
      throw new Refusal(
          "artifact.digest_mismatch",
          "block ["
              + block.index()
              + "] of file ["
              + file.path()
              + "] came "
              + MOST_DAMAGED
              + " times with another SHA-256 than its list says; deploy it again");
    }
    wanted.set(block.index());
    return false;
  }

  private boolean isUnderWay(int block, int of) {
    for (Asked asked : underWay) {
      if (asked.number() > of) {
        return false;
      }
      if (asked.number() == of && asked.block() >= block) {
        return asked.block() == block;
      }
    }
    return false;
  }

  private void lose(Asked asked) {
    bytesUnderWay -= list.length(asked.block());
    if (!target.has(asked.block())) {
      wanted.set(asked.block());
    }
  }

  private boolean isStalled(int stalls) {
    return !underWay.isEmpty()
        && System.nanoTime() - lastArrival > pace.patienceNanos(bytesUnderWay, stalls);
  }

  private void loseAll() {
    while (!underWay.isEmpty()) {
      lose(underWay.remove());
    }
    lastArrival = System.nanoTime();
    pace.lost(lastArrival);
  }
}
