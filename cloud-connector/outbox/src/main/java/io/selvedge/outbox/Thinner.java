package io.selvedge.outbox;

import java.util.List;

/**
 * Makes fewer records out of many, where the outbox is full and its policy is to thin out. Knows
 * what the payloads mean; the outbox does not.
 */
@FunctionalInterface
public interface Thinner {

  /**
   * One record that stands for several.
   *
   * @param originals ids of the records that it stands for: two or more, all of one source
   * @param payload of the new record; 1 to {@link OutboxOptions#maxRecord()} bytes
   */
  record Aggregate(List<Long> originals, byte[] payload) {

    public Aggregate {
      originals = List.copyOf(originals);
    }
  }

  /**
   * Called on the outbox's thread, while nothing else is committed: it must not block and should be
   * quick. What it throws is reported, and the records stay as they are.
   *
   * @param records of one priority, in the order in which they were accepted; up to a segment full
   * @return aggregates, in any order; records that no aggregate names stay as they are
   */
  List<Aggregate> thin(List<OutRecord> records);
}
