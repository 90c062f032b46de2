package io.selvedge.mqtt;

import io.selvedge.api.uplink.LinkReason;
import io.selvedge.api.uplink.LinkReason.Cause;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the link lets through. In this order counts:
 *
 * <ol>
 *   <li>what it was switched to by hand, which is kept in a file until the configuration says
 *       something else than it did then, or the hand lets go;
 *   <li>the schedule;
 *   <li>the configuration;
 *   <li>where one of these says normal, or the configuration does: slow while it is measured to be.
 * </ol>
 *
 * Thread-safe.
 */
final class LinkSwitch {

  /**
   * How it is configured.
   *
   * @param state where nothing else says
   * @param schedule hours with a state of their own
   * @param slow lowest priority that goes up on a slow link
   * @param metered lowest priority that goes up on a metered link
   */
  record Rules(LinkState state, LinkSchedule schedule, int slow, int metered) {

    /** The lowest priority that goes up; empty where nothing does. */
    Optional<Integer> lowest(LinkState now) {
      return switch (now) {
        case NORMAL -> Optional.of(Outbox.PRIORITIES - 1);
        case SLOW -> Optional.of(slow);
        case METERED -> Optional.of(metered);
        case OFF -> Optional.empty();
      };
    }
  }

  private final Path file;
  private final Rules rules;
  private final Outbox outbox;
  private final LinkMeter meter;
  private final Clock clock;
  private final Consumer<LinkReason> changed;
  private Optional<LinkState> hand;
  private Optional<LinkSchedule.Entry> planned = Optional.empty();
  private long plannedAt = Long.MIN_VALUE;
  private LinkReason now;

  /**
   * As it was left.
   *
   * @param changed hears of each change, on the thread that finds it
   */
  LinkSwitch(
      Path file,
      Rules rules,
      Outbox outbox,
      LinkMeter meter,
      Clock clock,
      Consumer<LinkReason> changed) {
    this.file = file;
    this.rules = rules;
    this.outbox = outbox;
    this.meter = meter;
    this.clock = clock;
    this.changed = changed;
    hand = switched();
    now = decide();
  }

  /** What it was switched to while it was configured as it is now. */
  private Optional<LinkState> switched() {
    try {
      String[] words = Files.readString(file).strip().split(" ", -1);
      return words.length == 2 && words[0].equals(word(rules.state()))
          ? Optional.of(LinkState.valueOf(words[1].toUpperCase(Locale.ROOT)))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // never switched, or not by us: as configured
    }
  }

  static String word(LinkState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private LinkReason decide() {
    Instant at = clock.instant();
    if (hand.isPresent()) {
      return new LinkReason(hand.get(), Cause.BY_HAND, at, "switched by hand");
    }
    if (at.getEpochSecond() != plannedAt) { // asked for with each row
      plannedAt = at.getEpochSecond();
      planned = rules.schedule().at(at, clock.getZone());
    }
    LinkReason asked =
        planned
            .map(
                entry ->
                    new LinkReason(entry.state(), Cause.SCHEDULE, at, "schedule: " + entry.text()))
            .orElseGet(() -> new LinkReason(rules.state(), Cause.CONFIGURED, at, "configured"));
    return asked.state() == LinkState.NORMAL && meter.isSlow()
        ? new LinkReason(LinkState.SLOW, Cause.MEASURED, at, "measured: " + meter.why())
        : asked;
  }

  /** What it is, and why. */
  LinkReason reason() {
    LinkReason found;
    synchronized (this) {
      found = decide();
      if (found.state() == now.state() && found.cause() == now.cause()) {
        return now;
      }
      now = found;
      notifyAll();
    }
    changed.accept(found);
    return found;
  }

  LinkState state() {
    return reason().state();
  }

  /** By hand; false where it was switched so before. */
  boolean set(LinkState state) {
    synchronized (this) {
      if (hand.filter(state::equals).isPresent()) {
        return false;
      }
      keep(word(rules.state()) + ' ' + word(state) + '\n');
      hand = Optional.of(state);
    }
    reason();
    return true;
  }

  /** The hand lets go; false where it did not hold. */
  boolean letGo() {
    synchronized (this) {
      if (hand.isEmpty()) {
        return false;
      }
      keep("");
      hand = Optional.empty();
    }
    reason();
    return true;
  }

  private void keep(String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "state [" + text.strip() + "] of the link cannot be kept in [" + file + "]", e);
    }
  }

  /** The next records that may go up, so many at most; none where there was none in time. */
  List<OutRecord> poll(Duration timeout, int most) throws InterruptedException {
    Optional<Integer> lowest = lowest(timeout);
    return lowest.isPresent() ? outbox.poll(lowest.get(), timeout, most) : List.of();
  }

  /** Waits while nothing may go up, at most so long. */
  private Optional<Integer> lowest(Duration timeout) throws InterruptedException {
    LinkState found = reason().state();
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (this) {
      long left = timeout.toMillis();
      while (now.state() == LinkState.OFF && left > 0) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
      found = now.state();
    }
    return rules.lowest(found);
  }
}
