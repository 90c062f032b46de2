package io.selvedge.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what was appended on disk, lane by lane. The committing thread's own. */
final class Commits implements LaneWriter.Room {

  private static final String FULL =
      "outbox is full, and nothing in it gives way to this record; see its status";

  private final Store store;
  private final Space space;
  private final LaneWriter[] writers = new LaneWriter[Outbox.PRIORITIES];

  Commits(Store store) {
    this.store = store;
    space = new Space(store, this::forget);
    OutboxOptions options = store.options();
    for (int i = 0; i < writers.length; i++) {
      writers[i] =
          new LaneWriter(
              i,
              store.storage(),
              options,
              this,
              source -> store.locked(() -> store.sources().name(source)),
              store::mark);
      Lane lane = store.lane(i);
      writers[i].resume(
          lane.last().filter(last -> !last.sealed() && last.end() < options.segmentSize()),
          lane.end());
    }
  }

  private void forget(Segment segment) {
    writers[segment.lane()].forget(segment);
  }

  void commit(List<Pending> batch) {
    List<List<Pending>> byLane = new ArrayList<>();
    for (int i = 0; i < writers.length; i++) {
      byLane.add(new ArrayList<>());
    }
    batch.forEach(record -> byLane.get(record.lane()).add(record));
    try {
      if (!batch.isEmpty() && !store.isCovered(batch.get(batch.size() - 1).id())) {
        store.saveState(true);
      }
    } catch (IOException e) {
      fail(batch, "outbox cannot be written: " + e.getMessage());
      return;
    }
    for (int i = 0; i < writers.length; i++) {
      if (!byLane.get(i).isEmpty()) {
        commit(i, byLane.get(i));
      }
    }
  }

  private void commit(int lane, List<Pending> records) {
    try {
      fail(writers[lane].write(records), FULL);
    } catch (IOException e) {
      writers[lane].abandon(store.locked(() -> store.lane(lane).end()));
      fail(records, "outbox cannot be written: " + e.getMessage());
    }
  }

  /** Those that are committed have ended already and do not notice. */
  private void fail(List<Pending> records, String why) {
    for (Pending record : records) {
      if (!record.stage().isDone()) {
        store.locked(() -> store.tally().refused());
        record.stage().completeExceptionally(new OutboxException(why));
      }
    }
  }

  @Override
  public Optional<Segment> newSegment(int lane, long firstOrdinal, Pending first)
      throws IOException {
    Optional<Path> file = space.find(lane, first.source());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Segment segment = store.files().use(file.get(), lane, store.id(), firstOrdinal);
    store.locked(() -> store.lane(lane).add(segment));
    return Optional.of(segment);
  }

  @Override
  public void committed(Segment segment, int end, long endOrdinal, List<Pending> records) {
    long now = store.now();
    store.locked(
        () -> {
          store.lane(segment.lane()).committed(segment, end, endOrdinal, records, now);
          store.readable().signalAll();
        });
    records.forEach(record -> record.stage().complete(record.id()));
  }
}
