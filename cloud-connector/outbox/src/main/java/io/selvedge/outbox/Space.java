package io.selvedge.outbox;

import io.selvedge.outbox.OutboxOptions.WhenFull;
import io.selvedge.outbox.Rewriting.Kept;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Finds room for new records, and makes some where there is none. The committing thread's own. */
final class Space {

  /** Segments that are rewritten at once, so that nobody waits long. */
  private static final int WINDOW = 4;

  private static final int TRIES = 3;

  private final Store store;
  private final OutboxOptions options;
  private final Consumer<Segment> forget;
  private final Rewriter rewriter;

  /**
   * @param forget hears of a segment that is not to be written any more
   */
  Space(Store store, Consumer<Segment> forget) {
    this.store = store;
    this.forget = forget;
    options = store.options();
    rewriter = new Rewriter(store);
  }

  /** A file for a record of this lane and source; empty where nothing gives way to it. */
  Optional<Path> find(int lane, int source) throws IOException {
    Optional<Path> file = Optional.empty();
    Optional<IOException> full = Optional.empty();
    SegmentFiles files = store.files();
    int reserve = options.reserve() + store.locked(() -> reservedFrom(source));
    try {
      file = files.take(reserve);
    } catch (IOException e) {
      full = Optional.of(e); // no space for a new file: use one that is there
    }
    if (file.isEmpty() && store.reuseRetired()) {
      file = files.take(reserve);
    }
    while (file.isEmpty() && makeRoom(lane, source)) {
      if (store.reuseRetired()) {
        file = files.take(reserve);
      }
    }
    if (file.isEmpty() && full.isPresent()) {
      throw full.get();
    }
    return file;
  }

  /**
   * Where nothing is dropped, a share is what the others cannot take: segments that a source over
   * its own share must leave.
   */
  private int reservedFrom(int source) {
    long base = options.budget();
    if (options.whenFull() != WhenFull.REFUSE_NEWEST || excess(source, base) <= 0) {
      return 0;
    }
    long bytes = 0;
    for (String name : options.shares().percent().keySet()) {
      int other = store.sources().number(name);
      bytes += other == source ? 0 : Math.max(0, -excess(other, base));
    }
    return (int) ((bytes + options.segmentSize() - 1) / options.segmentSize());
  }

  private boolean makeRoom(int lane, int source) throws IOException {
    if (options.whenFull() == WhenFull.REFUSE_NEWEST) {
      return false;
    }
    for (int over : store.locked(this::overTheirShares)) {
      int highest = over == source ? lane : 0;
      for (int victim = Outbox.PRIORITIES - 1; victim >= highest; victim--) {
        if (giveWay(victim, over)) {
          return true;
        }
      }
    }
    for (int victim = Outbox.PRIORITIES - 1; victim >= lane; victim--) {
      int one = victim;
      if (store.locked(() -> store.lane(one).holdsSegments())) {
        if (!thin(victim, Segment.ALL_SOURCES)) {
          drop(victim);
        }
        return true;
      }
    }
    return false;
  }

  /** Furthest over its share of what is there first. */
  private List<Integer> overTheirShares() {
    List<Integer> over = new ArrayList<>();
    if (!options.shares().isNone()) {
      long all = 0;
      for (int source = 0; source < Sources.MOST; source++) {
        all += used(source);
      }
      long base = all;
      for (int source = 0; source < Sources.MOST; source++) {
        if (excess(source, base) > 0) {
          over.add(source);
        }
      }
      over.sort((one, other) -> Long.compare(excess(other, base), excess(one, base)));
    }
    return over;
  }

  private long used(int source) {
    Tally tally = store.tally();
    return tally.pendingBytes(source) + RecordFormat.HEADER * tally.pending(source);
  }

  private long excess(int source, long base) {
    return used(source) - base / 100 * options.shares().of(store.sources().name(source));
  }

  /** Records of this source go, or become fewer; nobody else's. */
  private boolean giveWay(int lane, int source) throws IOException {
    if (thin(lane, 1L << source)) {
      return true;
    }
    if (store.locked(() -> store.lane(lane).firstIsAllOf(source))) {
      drop(lane);
      return true;
    }
    List<Segment> window =
        window(lane, segment -> segment.unread().records(source) > 0, segment -> true);
    Rewriter.Change change = (records, delta) -> without(source, records, delta);
    return !rewrite(window, options.reserve(), change, false, 0).isEmpty();
  }

  private static List<Kept> without(int source, List<Kept> records, Delta delta) {
    List<Kept> kept = new ArrayList<>();
    for (Kept record : records) {
      if (record.source() == source) {
        delta.full().add(source, 1, record.payload().length, 0);
      } else {
        kept.add(record);
      }
    }
    return kept;
  }

  /**
   * False where nothing can be thinned. A segment that did not get smaller is not tried again; no
   * more than a few are tried at a time.
   *
   * @param sources a bit for each
   */
  private boolean thin(int lane, long sources) throws IOException {
    Optional<Thinner> thinner = options.thinner();
    for (int tries = 0; tries < TRIES && thinner.isPresent(); tries++) {
      Predicate<Segment> wanted = segment -> !segment.thinned(sources) && holds(segment, sources);
      List<Segment> window = window(lane, wanted, segment -> !segment.thinned(sources));
      if (window.size() < 2) {
        thaw(window);
        return false;
      }
      Thinning thinning = new Thinning(store, thinner.get(), lane, sources);
      int flags = sources == Segment.ALL_SOURCES ? SegmentHeader.THINNED : 0;
      List<Segment> outs = rewrite(window, 1, thinning, true, flags);
      List<Segment> done = outs.isEmpty() ? window.stream().filter(wanted).limit(1).toList() : outs;
      store.locked(() -> done.forEach(segment -> segment.cannotBeThinned(sources)));
      if (!outs.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(Segment segment, long sources) {
    Census unread = segment.unread();
    for (int source = 0; source < unread.sources(); source++) {
      if ((sources & 1L << source) != 0 && unread.records(source) > 0) {
        return true;
      }
    }
    return false;
  }

  private List<Segment> rewrite(
      List<Segment> window, int outputs, Rewriter.Change change, boolean all, int flags)
      throws IOException {
    try {
      return window.size() < 2 ? List.of() : rewriter.rewrite(window, outputs, change, all, flags);
    } finally {
      thaw(window);
    }
  }

  private void thaw(List<Segment> window) {
    store.locked(() -> window.forEach(segment -> segment.freeze(false)));
  }

  /**
   * Neighbours, frozen: from the first one that is wanted on, and before it one that has room left.
   */
  private List<Segment> window(int lane, Predicate<Segment> first, Predicate<Segment> next) {
    return store.locked(
        () -> {
          List<Segment> all = store.lane(lane).rewritable();
          int from = 0;
          while (from < all.size() && !first.test(all.get(from))) {
            from++;
          }
          int to = from;
          while (to < all.size() && to - from < WINDOW && next.test(all.get(to))) {
            to++;
          }
          boolean begins =
              from > 0 && to > from && all.get(from - 1).end() < options.segmentSize() * 3L / 4;
          List<Segment> window = List.copyOf(all.subList(begins ? from - 1 : from, to));
          window.forEach(segment -> segment.freeze(true));
          return window;
        });
  }

  private void drop(int lane) {
    store.locked(() -> forget.accept(store.lane(lane).dropFirst()));
  }
}
