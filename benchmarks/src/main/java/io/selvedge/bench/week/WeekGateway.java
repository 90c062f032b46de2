package io.selvedge.bench.week;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.bench.injector.Numbered;
import io.selvedge.mqtt.PlainUplink;
import io.selvedge.outbox.SegmentOutbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The gateway's outbox and connection in a process with a small heap, through a week that lasts as
 * long as the disk needs for it. Tells lines NAME=VALUE; lines without = ask the bench to let the
 * broker go or come, and are answered with a line.
 */
final class WeekGateway {

  static final String BROKER_GOES = "broker goes";
  static final String BROKER_COMES = "broker comes";
  static final String CAUGHT_UP = "caught up";

  static final String CHANNEL = "temperature";
  static final String THIN_OUT = "thin-out";

  private static final int PER_SECOND = 100;
  private static final int PRIORITY = 5;
  private static final int MOST_OPEN = 4_000; // under 2 MB of memory: the outbox takes 4 MB
  private static final int MOST_LIVE = 5_000;
  private static final long MILLION = 1_000_000;
  private static final long URGENT_EVERY_NANOS = 100_000_000;
  private static final long LIVE_NANOS = 20_000_000_000L;

  private final AtomicLong now;
  private final Semaphore open = new Semaphore(MOST_OPEN);
  private final AtomicLong failed = new AtomicLong();
  private final boolean thinned;
  private final Deliveries deliveries;
  private final BufferedReader answers =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final PlainUplink plain;
  private final Uplink uplink;
  private int next;

  private WeekGateway(
      String data, String broker, String mebibytes, String whenFull, Instant begin) {
    now = new AtomicLong(begin.toEpochMilli());
    thinned = whenFull.equals(THIN_OUT);
    deliveries = new Deliveries(thinned);
    plain =
        new PlainUplink(
            Map.of("selvedge.gateway.id", "week", "selvedge.data", data),
            Map.of("broker", broker, "outbox.mib", mebibytes, "outbox.when.full", whenFull),
            (directory, options) ->
                deliveries.before(
                    SegmentOutbox.open(directory, options.withClock(new SimulatedClock()))));
    uplink = plain.uplink();
  }

  /** Goes on by 10 ms with each reading. */
  private final class SimulatedClock extends Clock {
    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /**
   * Runs through.
   *
   * @param arguments data directory, broker, MiB of the outbox, what happens when it is full, how
   *     many readings
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    long readings = Long.parseLong(arguments[4]);
    Instant begin = Instant.now().minus(Duration.ofMillis(readings * 1000 / PER_SECOND));
    WeekGateway gateway =
        new WeekGateway(arguments[0], arguments[1], arguments[2], arguments[3], begin);
    try (gateway.plain) {
      gateway.await(() -> gateway.uplink.status().connected());
      tell("live.before", gateway.live());
      gateway.ask(BROKER_GOES);
      gateway.await(() -> !gateway.uplink.status().connected());
      gateway.week(readings);
      gateway.goBack(begin.plus(Duration.ofMillis(readings * 1000 / PER_SECOND)));
      gateway.ask(CAUGHT_UP);
      tell("live.after", gateway.live());
      tell("failed", gateway.failed.get());
      tell("heap.end", heap());
      tell("end", 1);
    }
  }

  /** Readings a second that are accepted and acknowledged by the broker, as fast as they go. */
  private double live() throws InterruptedException {
    Thread.sleep(1000); // the connection has come or the catching up has ended: let that pass
    deliveries.forget();
    int first = next;
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < LIVE_NANOS) {
      if (next - first - deliveries.readings() < MOST_LIVE) {
        send();
      } else {
        LockSupport.parkNanos(100_000);
      }
    }
    double rate = deliveries.readings() / ((System.nanoTime() - begun) / 1e9);
    awaitAccepted(); // what is not on disk yet does not count as pending
    await(() -> uplink.status().pending() == 0);
    return rate;
  }

  private void week(long readings) throws InterruptedException {
    Uplink.Status before = uplink.status();
    long begun = System.nanoTime();
    long violations = 0;
    for (long i = 1; i <= readings; i++) {
      send();
      now.addAndGet(1000 / PER_SECOND);
      if (i % MILLION == 0 || i == readings) {
        violations += addsUp(uplink.status()) ? 0 : 1;
        tell("readings", i);
      }
      if (i == MILLION || i == readings / 2 || i == readings) {
        awaitAccepted();
        tell("heap." + i, heap());
      }
    }
    awaitAccepted();
    tell("week.seconds", (System.nanoTime() - begun) / 1e9);
    Uplink.Status status = uplink.status();
    violations += addsUp(status) ? 0 : 1;
    tell("violations", violations);
    tell("week.accepted", status.accepted() - before.accepted());
    tell("week.pending", status.pending());
    for (Map.Entry<String, Long> reason : status.dropped().entrySet()) {
      tell("week.dropped." + reason.getKey(), reason.getValue());
    }
  }

  /** Nothing is under way to the disk. */
  private void awaitAccepted() throws InterruptedException {
    open.acquire(MOST_OPEN);
    open.release(MOST_OPEN);
  }

  private static boolean addsUp(Uplink.Status status) {
    long dropped = status.dropped().values().stream().mapToLong(Long::longValue).sum();
    return status.accepted() == status.delivered() + dropped + status.pending();
  }

  private void goBack(Instant end) throws IOException, InterruptedException {
    int newest = next - 1;
    long droppedBefore = uplink.status().dropped().getOrDefault("full", 0L);
    deliveries.forget();
    ask(BROKER_COMES);
    long back = System.nanoTime();
    await(() -> deliveries.readings() > 0);
    tell("first.seconds", (System.nanoTime() - back) / 1e9);
    long begun = System.nanoTime();
    long deliveredBefore = deliveries.readings();
    long due = begun;
    while (uplink.status().pending() > 0) {
      LockSupport.parkNanos(due - System.nanoTime());
      if (System.nanoTime() >= due) {
        urgent();
        due = Math.max(due + URGENT_EVERY_NANOS, System.nanoTime());
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    await(() -> deliveries.urgentDelivered() == deliveries.urgentSent());
    tell("catchup.rate", (deliveries.readings() - deliveredBefore) / seconds);
    tell("catchup.seconds", seconds);
    tell("catchup.readings", deliveries.readings());
    Uplink.Status after = uplink.status();
    tell("catchup.dropped", after.dropped().getOrDefault("full", 0L) - droppedBefore);
    tell("catchup.violations", addsUp(after) ? 0 : 1);
    tell("catchup.represented", deliveries.represented());
    if (thinned) {
      tell("catchup.oldest.days", Duration.between(deliveries.oldest(), end).toSeconds() / 86400.0);
    } else {
      tell("catchup.gaps", deliveries.last() - deliveries.first() + 1 - deliveries.different());
      tell("catchup.different", deliveries.different());
      tell("catchup.newest.missing", newest - deliveries.last());
    }
    double[] millis = deliveries.urgentMillis();
    tell("urgent.count", millis.length);
    tell("urgent.p50", percentile(millis, 0.50));
    tell("urgent.p99", percentile(millis, 0.99));
    tell("urgent.most", millis[millis.length - 1]);
    tell("accepted.p99", percentile(deliveries.acceptedMillis(), 0.99));
  }

  static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  }

  private void send() throws InterruptedException {
    open.acquire();
    int number = next++;
    accept(
        new Message(
            "DATA-V1",
            "office",
            Instant.ofEpochMilli(now.get()),
            Map.of(CHANNEL, Value.of(20 + number % 100 / 10.0)),
            thinned ? new byte[0] : Numbered.mark(number), // what has a body is not thinned out
            PRIORITY,
            Duration.ZERO,
            "flow/office"),
        () -> {});
  }

  private void urgent() throws InterruptedException {
    open.acquire();
    int number = deliveries.urgent();
    byte[] body = Numbered.mark(number);
    accept(
        Message.of("EVENT-V1", "alarm", Instant.ofEpochMilli(now.get()), body, 0),
        () -> deliveries.accepted(number));
  }

  private void accept(Message message, Runnable accepted) {
    uplink
        .send(message)
        .whenComplete(
            (id, failure) -> {
              open.release();
              if (failure == null) {
                accepted.run();
              } else if (failed.incrementAndGet() == 1) {
                System.err.println("first refusal: " + failure.getMessage());
              }
            });
  }

  private void ask(String what) throws IOException {
    System.out.println(what);
    if (answers.readLine() == null) {
      throw new IOException("the bench is gone");
    }
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  /** MiB in use after a full collection. */
  private static double heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  private static void tell(String name, long value) {
    System.out.println(name + "=" + value);
  }

  private static void tell(String name, double value) {
    System.out.printf(Locale.ROOT, "%s=%.3f%n", name, value);
  }
}
