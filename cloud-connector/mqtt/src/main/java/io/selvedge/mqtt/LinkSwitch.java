package io.selvedge.mqtt;

import io.selvedge.api.uplink.LinkState;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the link lets through. As configured, until it is switched; what it was switched to is kept
 * in a file, until the configuration says something else than it did then. Thread-safe.
 */
final class LinkSwitch {

  /**
   * How it is configured.
   *
   * @param state without a switch
   * @param slow lowest priority that goes up on a slow link
   * @param metered lowest priority that goes up on a metered link
   */
  record Rules(LinkState state, int slow, int metered) {

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
  private LinkState now;

  LinkSwitch(Path file, Rules rules, Outbox outbox) {
    this.file = file;
    this.rules = rules;
    this.outbox = outbox;
    now = switched().orElse(rules.state());
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

  synchronized LinkState state() {
    return now;
  }

  /** Switches; false where it was so before. */
  synchronized boolean set(LinkState state) {
    if (state == now) {
      return false;
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, word(rules.state()) + ' ' + word(state) + '\n');
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "state [" + word(state) + "] of the link cannot be kept in [" + file + "]", e);
    }
    now = state;
    notifyAll();
    return true;
  }

  /** The next records that may go up, so many at most; none where there was none in time. */
  List<OutRecord> poll(Duration timeout, int most) throws InterruptedException {
    Optional<Integer> lowest = lowest(timeout);
    return lowest.isPresent() ? outbox.poll(lowest.get(), timeout, most) : List.of();
  }

  /** Waits while nothing may go up, at most so long. */
  private synchronized Optional<Integer> lowest(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    long left = timeout.toMillis();
    while (now == LinkState.OFF && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
    return rules.lowest(now);
  }
}
