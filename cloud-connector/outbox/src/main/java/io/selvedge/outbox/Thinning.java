package io.selvedge.outbox;

import io.selvedge.outbox.Rewriting.Kept;
import io.selvedge.outbox.Thinner.Aggregate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Puts aggregates in the place of the records that they stand for, as a {@link Thinner} says. */
final class Thinning implements Rewriter.Change {

  private final Store store;
  private final Thinner thinner;
  private final int lane;
  private final long sources;

  /**
   * @param sources whose records are thinned: a bit for each
   */
  Thinning(Store store, Thinner thinner, int lane, long sources) {
    this.store = store;
    this.thinner = thinner;
    this.lane = lane;
    this.sources = sources;
  }

  @Override
  public List<Kept> of(List<Kept> records, Delta delta) {
    Map<Long, Kept> byId = new HashMap<>();
    List<OutRecord> given = new ArrayList<>();
    for (Kept record : records) {
      if ((sources & 1L << record.source()) != 0) {
        byId.put(record.id(), record);
        String name = store.locked(() -> store.sources().name(record.source()));
        given.add(new OutRecord(record.id(), name, lane, record.payload(), record.ordinal()));
      }
    }
    List<Aggregate> aggregates;
    try {
      aggregates = thinner.thin(given);
      aggregates.forEach(aggregate -> check(aggregate, byId));
    } catch (RuntimeException e) { // not of the outbox: whatever it meets, records stay
      store.options().report().accept("outbox cannot be thinned out: " + e.getMessage());
      return records;
    }
    List<Kept> kept = new ArrayList<>();
    for (Aggregate aggregate : aggregates) {
      kept.add(replace(aggregate, byId, delta));
    }
    records.stream()
        .filter(record -> (sources & 1L << record.source()) == 0 || byId.containsKey(record.id()))
        .forEach(kept::add);
    kept.sort(Comparator.comparingLong(Kept::ordinal));
    return kept;
  }

  private void check(Aggregate aggregate, Map<Long, Kept> byId) {
    List<Long> ids = aggregate.originals();
    boolean known = ids.stream().allMatch(byId::containsKey);
    long sourcesIn = known ? ids.stream().map(id -> of(byId, id).source()).distinct().count() : 0;
    if (ids.size() < 2 || sourcesIn != 1) {
      throw new IllegalArgumentException(
          "an aggregate of records " + ids + " must stand for two or more of one source");
    }
    int size = aggregate.payload().length;
    if (size < 1 || size > store.options().maxRecord()) {
      throw new IllegalArgumentException(
          "an aggregate of ["
              + size
              + "] bytes must have 1 to ["
              + store.options().maxRecord()
              + "] bytes");
    }
  }

  private static Kept of(Map<Long, Kept> byId, long id) {
    return Objects.requireNonNull(byId.get(id), "was there before");
  }

  /** It takes the place of the last one; it expires when none of them would be there any more. */
  private Kept replace(Aggregate aggregate, Map<Long, Kept> byId, Delta delta) {
    Kept last = of(byId, aggregate.originals().get(0));
    long expires = last.expires();
    for (long id : aggregate.originals()) {
      Kept original = byId.remove(id);
      if (original == null) {
        throw new IllegalArgumentException("record [" + id + "] is in two aggregates");
      }
      last = original.ordinal() > last.ordinal() ? original : last;
      expires = expires == 0 || original.expires() == 0 ? 0 : Math.max(expires, original.expires());
      delta.thinned().add(original.source(), 1, original.payload().length, 0);
    }
    byte[] payload = aggregate.payload();
    delta.aggregates().add(last.source(), 1, payload.length, last.time());
    return new Kept(
        store.locked(store::takeId), last.source(), last.ordinal(), expires, last.time(), payload);
  }
}
