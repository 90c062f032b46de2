package io.selvedge.outbox;

import io.selvedge.outbox.RecordFormat.Found;
import io.selvedge.outbox.Rewriting.Kept;
import io.selvedge.outbox.SegmentReader.Read;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Puts the records of several neighbouring segments into fewer ones. Those become valid, and the
 * others void, by the one state that is written afterwards and says so, with the counters that go
 * with it: before it the originals count, after it what stands for them. The committing thread's
 * own.
 */
final class Rewriter {

  /** Decides what becomes of records; adds to the counters what it does not keep as it is. */
  interface Change {
    List<Kept> of(List<Kept> records, Delta delta);
  }

  private final Store store;
  private final OutboxOptions options;
  private final SegmentReader reader = new SegmentReader();

  Rewriter(Store store) {
    this.store = store;
    options = store.options();
  }

  /** One transaction. */
  private final class Work {
    private final List<Segment> window;
    private final int outputs;
    private final IntFunction<String> names;
    private final List<Rewriting> done = new ArrayList<>();
    private final Delta delta = new Delta();
    private int consumed;

    Work(List<Segment> window, int outputs) {
      this.window = window;
      this.outputs = outputs;
      List<String> known = store.locked(() -> store.sources().names());
      names = source -> source < known.size() ? known.get(source) : Sources.OTHERS_NAME;
    }

    /** Takes in one segment after the other until they are fewer. */
    boolean run(Change change, boolean all) throws IOException {
      boolean more = true;
      while (more && consumed < window.size()) {
        Segment segment = window.get(consumed);
        Delta change1 = new Delta();
        List<Kept> kept = change.of(read(segment, change1), change1);
        more = outputs > 1 || done.isEmpty() || done.get(0).fits(kept);
        if (more && put(kept)) {
          delta.add(change1);
          consumed++;
          more = all || !gains();
        } else {
          return gains() && outputs == 1;
        }
      }
      return gains();
    }

    boolean gains() {
      return consumed > done.size();
    }

    private boolean put(List<Kept> kept) {
      if (done.isEmpty()) {
        roll(window.get(0).firstOrdinal());
      }
      for (Kept record : kept) {
        if (!done.get(done.size() - 1).put(record)) {
          if (done.size() == outputs) {
            return false;
          }
          roll(record.ordinal());
          done.get(done.size() - 1).put(record);
        }
      }
      return true;
    }

    private void roll(long firstOrdinal) {
      long wall = store.mark().wall();
      done.add(
          new Rewriting(
              store.files().nextSerial(), options.segmentSize(), firstOrdinal, names, wall));
    }

    /** Writes what stands for the originals; nothing of it counts yet. */
    List<Segment> write(int flags) throws IOException {
      List<Segment> written = new ArrayList<>();
      try {
        write(flags, written);
      } catch (IOException e) {
        for (Segment segment : written) {
          store.files().discard(segment);
        }
        throw e;
      }
      return written;
    }

    private void write(int flags, List<Segment> written) throws IOException {
      Segment last = window.get(consumed - 1);
      for (int i = 0; i < done.size(); i++) {
        Rewriting one = done.get(i);
        long end = i < done.size() - 1 ? done.get(i + 1).firstOrdinal() : last.endOrdinal();
        SegmentHeader header =
            new SegmentHeader(
                last.lane(),
                one.serial(),
                store.id(),
                one.firstOrdinal(),
                end,
                one.end(),
                flags,
                Optional.of(one.census()));
        Path file = store.files().take(0).orElseThrow();
        Segment segment = new Segment(store.storage(), file, header);
        written.add(segment);
        store.storage().write(segment.channel(), one.records(), SegmentHeader.FIRST_RECORD);
        segment.all().add(one.census());
        segment.unread().add(one.census());
        segment.freeze(true);
      }
      for (Segment segment : written) {
        segment.writeHeader();
        store.storage().force(segment.channel());
      }
    }
  }

  /**
   * Rewrites.
   *
   * @param window neighbours that the cursor has not come to, frozen
   * @param outputs the most segments that may stand for them
   * @param all whether to go on to the window's end, or only until one segment is free
   * @param flags of the new segments, beside {@link SegmentHeader#REWRITTEN}
   * @return what stands for them now; nothing where they did not get fewer
   */
  List<Segment> rewrite(List<Segment> window, int outputs, Change change, boolean all, int flags)
      throws IOException {
    Work work = new Work(window, outputs);
    if (!work.run(change, all)) {
      return List.of();
    }
    List<Segment> outs = work.write(SegmentHeader.REWRITTEN | flags);
    List<Segment> originals = window.subList(0, work.consumed);
    store.locked(
        () -> {
          work.delta.apply(store.tally());
          store.lane(originals.get(0).lane()).replace(originals, outs);
          store.rewritten(outs);
        });
    store.reportDamage(work.delta.damaged().total());
    store.saveState(true);
    return outs;
  }

  private List<Kept> read(Segment segment, Delta delta) throws IOException {
    long now = store.now();
    Census missing = new Census();
    missing.add(segment.unread());
    List<Kept> records = new ArrayList<>();
    int at = SegmentHeader.FIRST_RECORD;
    long next = segment.firstOrdinal();
    Optional<Read> read = reader.read(segment, at, next);
    while (read.isPresent() && read.get().found().ordinal() < segment.endOrdinal()) {
      Found found = read.get().found();
      int source = Math.min(found.source(), Sources.OTHERS);
      missing.take(source, 1, found.length());
      if (found.expires() > 0 && found.expires() <= now) {
        delta.expired().add(source, 1, found.length(), 0);
      } else {
        records.add(
            new Kept(
                found.id(),
                source,
                found.ordinal(),
                found.expires(),
                read.get().time(),
                read.get().payload()));
      }
      at = read.get().end();
      next = found.ordinal() + 1;
      read = reader.read(segment, at, next);
    }
    reader.forget();
    delta.damaged().add(missing);
    return records;
  }
}
