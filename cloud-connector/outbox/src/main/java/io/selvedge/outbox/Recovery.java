package io.selvedge.outbox;

import io.selvedge.outbox.State.LaneState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings what is on disk and the last written state together, at the opening. */
final class Recovery {

  /** More than can have been given away after the newest record that is still there. */
  private static final long ID_JUMP = 1_000_000_000;

  private final Storage storage;
  private final SegmentFiles files;
  private final Consumer<String> report;
  private long newestId;

  Recovery(Storage storage, SegmentFiles files, Consumer<String> report) {
    this.storage = storage;
    this.files = files;
    this.report = report;
  }

  /**
   * What was found.
   *
   * @param state the written state, or one made anew
   * @param segments by lane, in the order of their serial numbers
   */
  record Found(State state, List<List<Segment>> segments) {}

  Found recover(Optional<State> written) throws IOException {
    List<Segment> all = files.open(written.map(State::outbox));
    boolean lost = written.isEmpty() && !all.isEmpty();
    if (lost) {
      report.accept(
          "outbox state is lost; counters begin anew and what is on disk is delivered again");
    }
    State state = written.orElseGet(State::fresh);
    List<List<Segment>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Outbox.PRIORITIES; lane++) {
      lanes.add(lane(all, lane, lost, state));
    }
    if (lost) {
      state = adopt(state, all);
    }
    return new Found(state, lanes);
  }

  private List<Segment> lane(List<Segment> all, int lane, boolean lost, State state)
      throws IOException {
    List<Segment> mine =
        new ArrayList<>(all.stream().filter(segment -> segment.lane() == lane).toList());
    mine.sort(Comparator.comparingLong(Segment::serial));
    if (lost && !mine.isEmpty()) {
      long first = mine.get(0).firstOrdinal();
      state.lanes()[lane] = new LaneState(first, 0, SegmentHeader.FIRST_RECORD, first);
    }
    long head = state.lanes()[lane].head();
    List<Segment> kept = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      Segment segment = mine.get(i);
      boolean isLast = i == mine.size() - 1;
      long next = isLast ? Long.MAX_VALUE : mine.get(i + 1).firstOrdinal();
      if (next <= head) {
        files.giveBack(segment);
        continue;
      }
      if (lost || !segment.sealed()) {
        scan(segment); // a sealed one's records are checked when they are read
      }
      segment.clampTo(next);
      kept.add(segment);
    }
    return kept;
  }

  private void scan(Segment segment) throws IOException {
    SegmentReader.Scan scan = SegmentReader.scan(segment);
    newestId = Math.max(newestId, scan.newestId());
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

  private State adopt(State fresh, List<Segment> all) {
    Segment newest = all.stream().max(Comparator.comparingLong(Segment::serial)).orElseThrow();
    return new State(
        0,
        newest.outbox(),
        newestId + ID_JUMP,
        0,
        0,
        fresh.dropped(),
        fresh.lanes(),
        fresh.sources());
  }
}
