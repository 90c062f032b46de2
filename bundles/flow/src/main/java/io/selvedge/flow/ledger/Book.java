package io.selvedge.flow.ledger;

import java.time.LocalDate;

/** One flow's part of the ledger. Callable on any thread. */
public final class Book {

  private static final long DAY_MILLIS = 86_400_000;

  /** Asked for several times with each row, and mostly the same. */
  private record Day(long number, LocalDate date) {}

  private static volatile Day last = new Day(0, LocalDate.EPOCH);

  private final FlowLedger ledger;
  private final String flow;

  Book(FlowLedger ledger, String flow) {
    this.ledger = ledger;
    this.flow = flow;
  }

  /** The day of a time in milliseconds since 1970, UTC. */
  public static LocalDate day(long millis) {
    long number = Math.floorDiv(millis, DAY_MILLIS);
    Day known = last;
    if (known.number != number) {
      known = new Day(number, LocalDate.ofEpochDay(number));
      last = known;
    }
    return known.date;
  }

  /** One became a message of its own. */
  public void sent(Stream stream, LocalDate day) {
    ledger.count(
        flow,
        stream,
        day,
        counts -> {
          counts.seen++;
          counts.sent++;
        });
  }

  /** One stays at the edge. */
  public void stays(Stream stream, LocalDate day, Reason reason) {
    ledger.count(
        flow,
        stream,
        day,
        counts -> {
          counts.seen++;
          counts.stay(reason, 1);
        });
  }

  /** A row waits for the message that aggregates it with others. */
  public void gathers(LocalDate day) {
    ledger.count(
        flow,
        Stream.MEASUREMENTS,
        day,
        counts -> {
          counts.seen++;
          counts.gathering++;
        });
  }

  /** Rows that waited are in a message. */
  public void merged(LocalDate day, long rows) {
    ledger.count(
        flow,
        Stream.MEASUREMENTS,
        day,
        counts -> {
          counts.gathering -= rows;
          counts.merged += rows;
        });
  }

  /** Rows that waited had nothing that can be aggregated. */
  public void unmerged(LocalDate day, long rows) {
    ledger.count(
        flow,
        Stream.MEASUREMENTS,
        day,
        counts -> {
          counts.gathering -= rows;
          counts.stay(Reason.POLICY, rows);
        });
  }

  /** A message of measurements counts against the budget of its day. */
  public void charged(LocalDate day, long bytes) {
    ledger.count(flow, Stream.MEASUREMENTS, day, counts -> counts.bytes += bytes);
  }

  /** A message of measurements is beyond the budget of its day, and waits for a normal link. */
  public void surplus(LocalDate day) {
    ledger.count(flow, Stream.MEASUREMENTS, day, counts -> counts.surplus++);
  }

  /** Bytes that count against the budget of this day. */
  public long used(LocalDate day) {
    return ledger.bytes(flow, Stream.MEASUREMENTS, day);
  }

  /** There is a message for an uplink. */
  public void made(Stream stream, LocalDate day, String uplink) {
    ledger.count(flow, stream, day, counts -> counts.hand(uplink, 1, 0, 0, 0));
  }

  /** The uplink is given the message, and will say whether it accepts it. */
  public void asked() {
    ledger.underWay(1);
  }

  /** The uplink has accepted the message. */
  public void accepted(Stream stream, LocalDate day, String uplink) {
    ledger.count(flow, stream, day, counts -> counts.hand(uplink, 0, 1, 0, 0));
    ledger.underWay(-1);
  }

  /** The uplink has refused the message. */
  public void refused(Stream stream, LocalDate day, String uplink) {
    ledger.count(flow, stream, day, counts -> counts.hand(uplink, 0, 0, 1, 0));
    ledger.underWay(-1);
  }

  /** The message was given up, since there was no such uplink for too long. */
  public void lost(Stream stream, LocalDate day, String uplink) {
    ledger.count(flow, stream, day, counts -> counts.hand(uplink, 0, 0, 0, 1));
  }
}
