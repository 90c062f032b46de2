package io.selvedge.outbox;

import io.selvedge.outbox.State.LaneState;
import io.selvedge.outbox.SteadyTime.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Brings what is on disk and the last written state together, at the opening. */
final class Recovery {

  /** More than can have been given away after the newest record that is still there. */
  private static final long ID_JUMP = 1_000_000_000;

  /** Likewise, of uses of files. */
  private static final long SERIAL_JUMP = 1L << 40;

  private final SegmentFiles files;
  private final Storage storage;
  private final Consumer<String> report;
  private final Map<Integer, String> names = new TreeMap<>();
  private final Census beyond = new Census();
  private long lostBeyond;
  private long newestId;
  private Mark newestMark = Mark.NONE;

  Recovery(Storage storage, SegmentFiles files, Consumer<String> report) {
    this.storage = storage;
    this.files = files;
    this.report = report;
  }

  /**
   * What was found.
   *
   * @param state the written state, or one made anew
   * @param segments by lane, in the order of their ordinals
   * @param beyond records that the state did not count as accepted yet
   * @param lostBeyond how many more there were of those, of which nothing is left
   */
  record Found(State state, List<List<Segment>> segments, Census beyond, long lostBeyond) {}

  Found recover(Optional<State> written) throws IOException {
    List<Segment> all = files.open(written.map(State::outbox));
    boolean lost = written.isEmpty() && !all.isEmpty();
    if (lost) {
      report.accept(
          "outbox state is lost; counters begin anew and what is on disk is delivered again");
    }
    State state = written.orElseGet(State::fresh);
    files.neverBelow(lost ? files.newestSerial() + SERIAL_JUMP : state.serial());
    List<List<Segment>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Outbox.PRIORITIES; lane++) {
      int number = lane;
      List<Segment> mine =
          new ArrayList<>(all.stream().filter(segment -> segment.lane() == number).toList());
      lanes.add(lane(current(mine, lost, state.rewritten()), lane, lost, state));
    }
    return new Found(lost ? adopt(state, all) : state, lanes, beyond, lostBeyond);
  }

  /** Without those that others stand for, and without those that stand for others too early. */
  private List<Segment> current(List<Segment> mine, boolean lost, long rewritten)
      throws IOException {
    List<Segment> current = new ArrayList<>(mine);
    current.sort(Comparator.comparingLong(Segment::serial).reversed());
    for (Segment segment : List.copyOf(current)) {
      if (segment.rewritten() && current.contains(segment)) {
        List<Segment> replaced =
            current.stream()
                .filter(other -> other.serial() < segment.serial())
                .filter(other -> other.firstOrdinal() >= segment.firstOrdinal())
                .filter(other -> other.firstOrdinal() < segment.endOrdinal())
                .toList();
        if (!lost && segment.serial() > rewritten) {
          current.remove(segment);
          files.discard(segment);
        } else {
          current.removeAll(replaced);
          giveBack(replaced);
        }
      }
    }
    current.sort(
        Comparator.comparingLong(Segment::firstOrdinal).thenComparingLong(Segment::serial));
    return current;
  }

  private void giveBack(Collection<Segment> segments) throws IOException {
    for (Segment segment : segments) {
      files.giveBack(segment);
    }
  }

  private List<Segment> lane(List<Segment> mine, int lane, boolean lost, State state)
      throws IOException {
    if (lost && !mine.isEmpty()) {
      long first = mine.get(0).firstOrdinal();
      state.lanes()[lane] = new LaneState(first, 0, SegmentHeader.FIRST_RECORD, first);
    }
    LaneState before = state.lanes()[lane];
    long beyondBefore = beyond.total();
    List<Segment> kept = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      Segment segment = mine.get(i);
      long next = i == mine.size() - 1 ? Long.MAX_VALUE : mine.get(i + 1).firstOrdinal();
      boolean isHead = segment.serial() == before.serial();
      if (next <= before.head() || (segment.sealed() && !isHead && isBefore(segment, before))) {
        files.giveBack(segment);
        continue;
      }
      count(segment, before, next, isHead || lost);
      segment.clampTo(next);
      if (isBefore(segment, before) && !isHead && i < mine.size() - 1) {
        files.giveBack(segment);
      } else {
        kept.add(segment);
      }
    }
    boolean gapsAreKnown = !lost || kept.stream().noneMatch(Segment::rewritten);
    if (!kept.isEmpty() && gapsAreKnown) {
      long accepted = kept.get(kept.size() - 1).endOrdinal() - before.end();
      lostBeyond += Math.max(0, accepted - (beyond.total() - beyondBefore));
    }
    return kept;
  }

  private static boolean isBefore(Segment segment, LaneState state) {
    return segment.endOrdinal() <= state.head();
  }

  /** From the header where it says all; else by reading the segment. */
  private void count(Segment segment, LaneState state, long next, boolean inParts)
      throws IOException {
    Optional<Census> census = segment.header().census();
    boolean inside =
        segment.firstOrdinal() >= state.head()
            && segment.endOrdinal() <= Math.min(state.end(), next);
    if (!inParts && inside && segment.sealed() && census.isPresent()) {
      segment.all().add(census.get());
      segment.unread().add(census.get());
      return;
    }
    SegmentScan scan = new SegmentScan(segment, state.head(), state.end(), next);
    scan.run();
    names.putAll(scan.names());
    beyond.add(scan.beyond());
    newestId = Math.max(newestId, scan.newestId());
    newestMark = scan.mark().steady() > newestMark.steady() ? scan.mark() : newestMark;
    if (scan.damaged() > 0) {
      report.accept(
          "outbox file ["
              + segment.file().getFileName()
              + "] holds ["
              + scan.damaged()
              + "] damaged bytes between intact records; those are kept");
    }
    storage.force(segment.channel());
  }

  /** A state from nothing but segments. */
  private State adopt(State fresh, List<Segment> all) {
    UUID outbox =
        all.stream().max(Comparator.comparingLong(Segment::serial)).orElseThrow().outbox();
    int sources = 1 + names.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> known =
        new ArrayList<>(Collections.nCopies(Math.min(sources, Sources.OTHERS), ""));
    for (int i = 1; i < known.size(); i++) {
      known.set(i, names.getOrDefault(i, "unknown/" + i));
    }
    long rewritten = files.newestSerial();
    return new State(
        0,
        outbox,
        newestId + ID_JUMP,
        rewritten,
        rewritten,
        newestMark,
        known,
        fresh.counts(),
        fresh.lanes());
  }
}
