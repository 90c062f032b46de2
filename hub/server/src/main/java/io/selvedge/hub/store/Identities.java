package io.selvedge.hub.store;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Lets each message in once, also where several hubs store the same ones at the same time: the
 * second waits for the first to commit and then finds the row. A message of an outbox is known by
 * outbox and record, another one by gateway and digest; one with neither cannot be known again.
 */
final class Identities {

  private Identities() {}

  /** Returns those that were not there yet, in the same order. */
  static List<Numbered> insert(Handle h, List<Numbered> all) {
    Set<Long> known = knownByDigest(h, all);
    List<Numbered> rows = without(all, known::contains);
    if (rows.isEmpty()) {
      return List.of();
    }
    PreparedBatch batch =
        h.prepareBatch(
            "insert into messages (id, outbox, record, received_at)"
                + " values (:id, :outbox, :record, :received) on conflict do nothing");
    for (Numbered one : rows) {
      Optional<Long> record =
          one.hasRecord() ? Optional.of(one.delivered().recordId()) : Optional.empty();
      batch
          .bind("id", one.id())
          .bind("outbox", one.outbox())
          .bind("record", record)
          .bind("received", one.received())
          .add();
    }
    Set<Long> conflicting = conflicting(batch, rows);
    return without(rows, conflicting::contains);
  }

  private static Set<Long> knownByDigest(Handle h, List<Numbered> all) {
    List<Numbered> rows = all.stream().filter(one -> one.digest().isPresent()).toList();
    if (rows.isEmpty()) {
      return Set.of();
    }
    PreparedBatch batch =
        h.prepareBatch(
            "insert into message_digests (outbox, digest, message)"
                + " values (:outbox, :digest, :message) on conflict do nothing");
    for (Numbered one : rows) {
      batch
          .bind("outbox", one.outbox())
          .bind("digest", one.digest().orElseThrow())
          .bind("message", one.id())
          .add();
    }
    return conflicting(batch, rows);
  }

  private static Set<Long> conflicting(PreparedBatch batch, List<Numbered> rows) {
    int[] counts = batch.execute();
    Set<Long> ids = new HashSet<>();
    IntStream.range(0, counts.length)
        .filter(i -> counts[i] == 0)
        .forEach(i -> ids.add(rows.get(i).id()));
    return ids;
  }

  private static List<Numbered> without(List<Numbered> rows, Predicate<Long> left) {
    return rows.stream().filter(one -> !left.test(one.id())).toList();
  }
}
