package io.selvedge.outbox;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an outbox works.
 *
 * @param budget the most bytes that its segments may take on disk; at least two segments
 * @param segmentSize bytes of one file; at least 64 KiB
 * @param maxRecord the most bytes of a payload; a quarter of a segment at most
 * @param commitInterval the longest that a record waits for its commit
 * @param commitBytes so much payload is committed at once, without waiting
 * @param stateInterval how often cursors and counters are written while they change
 * @param whenFull what happens to a record for which there is no room
 * @param shares what each source may take while others need room
 * @param thinner for {@link WhenFull#THIN_OUT}
 * @param clock for times to live
 * @param report hears of damage and of a state that was lost, once each; must not block
 */
public record OutboxOptions(
    long budget,
    int segmentSize,
    int maxRecord,
    Duration commitInterval,
    int commitBytes,
    Duration stateInterval,
    WhenFull whenFull,
    Shares shares,
    Optional<Thinner> thinner,
    Clock clock,
    Consumer<String> report) {

  /** What happens when the budget is used up. */
  public enum WhenFull {
    /** The oldest segment of the lowest priority goes, if it is not above the new record's. */
    DROP_OLDEST,
    /** The new record is refused. */
    REFUSE_NEWEST,
    /**
     * The oldest segments of the lowest priority are rewritten as aggregates; what cannot be
     * thinned goes as with {@link #DROP_OLDEST}.
     */
    THIN_OUT
  }

  /** So many segments the budget must hold where segments are rewritten. */
  public static final int LEAST_TO_REWRITE = 8;

  private static final int MIN_SEGMENT = 64 * 1024;

  public OutboxOptions {
    if (segmentSize < MIN_SEGMENT || segmentSize > 64 * 1024 * 1024) {
      throw new IllegalArgumentException(
          "segment size [" + segmentSize + "] must be 65536 to 67108864 bytes");
    }
    if (budget < 2L * segmentSize) {
      throw new IllegalArgumentException(
          "budget [" + budget + "] must hold at least two segments of [" + segmentSize + "] bytes");
    }
    if (maxRecord < 1 || maxRecord > segmentSize / 4) {
      throw new IllegalArgumentException(
          "largest record [" + maxRecord + "] must be 1 to [" + segmentSize / 4 + "] bytes");
    }
    if (commitInterval.isNegative() || stateInterval.isNegative() || commitBytes < 1) {
      throw new IllegalArgumentException("intervals must not be negative, commit bytes above 0");
    }
    if ((whenFull == WhenFull.THIN_OUT) != thinner.isPresent()) {
      throw new IllegalArgumentException("[THIN_OUT] and a thinner must come together");
    }
    if (reserve(whenFull, shares) > 0 && budget < LEAST_TO_REWRITE * (long) segmentSize) {
      throw new IllegalArgumentException(
          "budget ["
              + budget
              + "] must hold at least ["
              + LEAST_TO_REWRITE
              + "] segments of ["
              + segmentSize
              + "] bytes for shares or to thin out");
    }
  }

  /** Segments that are kept free, to rewrite others into. */
  int reserve() {
    return reserve(whenFull, shares);
  }

  private static int reserve(WhenFull whenFull, Shares shares) {
    if (whenFull == WhenFull.REFUSE_NEWEST) {
      return 0;
    }
    return shares.isNone() ? (whenFull == WhenFull.THIN_OUT ? 1 : 0) : 3;
  }

  /** 512 MB in segments of 4 MB; commit after 100 ms or 64 KB; cursors every 5 s. */
  public static OutboxOptions defaults() {
    int segment = 4 * 1024 * 1024;
    return new OutboxOptions(
        512L * 1024 * 1024,
        segment,
        segment / 4,
        Duration.ofMillis(100),
        64 * 1024,
        Duration.ofSeconds(5),
        WhenFull.DROP_OLDEST,
        Shares.NONE,
        Optional.empty(),
        Clock.systemUTC(),
        what -> {});
  }

  public OutboxOptions withBudget(long bytes) {
    return new OutboxOptions(
        bytes,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        stateInterval,
        whenFull,
        shares,
        thinner,
        clock,
        report);
  }

  public OutboxOptions withSegmentSize(int bytes) {
    return new OutboxOptions(
        Math.max(budget, 2L * bytes),
        bytes,
        Math.min(maxRecord, bytes / 4),
        commitInterval,
        commitBytes,
        stateInterval,
        whenFull,
        shares,
        thinner,
        clock,
        report);
  }

  public OutboxOptions withCommitInterval(Duration interval) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        interval,
        commitBytes,
        stateInterval,
        whenFull,
        shares,
        thinner,
        clock,
        report);
  }

  public OutboxOptions withStateInterval(Duration interval) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        interval,
        whenFull,
        shares,
        thinner,
        clock,
        report);
  }

  public OutboxOptions withWhenFull(WhenFull policy) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        stateInterval,
        policy,
        shares,
        thinner,
        clock,
        report);
  }

  public OutboxOptions withClock(Clock other) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        stateInterval,
        whenFull,
        shares,
        thinner,
        other,
        report);
  }

  public OutboxOptions withShares(Shares ofSources) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        stateInterval,
        whenFull,
        ofSources,
        thinner,
        clock,
        report);
  }

  /** Thins out when it is full. */
  public OutboxOptions withThinner(Thinner with) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        stateInterval,
        WhenFull.THIN_OUT,
        shares,
        Optional.of(with),
        clock,
        report);
  }

  public OutboxOptions withReport(Consumer<String> reporter) {
    return new OutboxOptions(
        budget,
        segmentSize,
        maxRecord,
        commitInterval,
        commitBytes,
        stateInterval,
        whenFull,
        shares,
        thinner,
        clock,
        reporter);
  }
}
